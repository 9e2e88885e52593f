using FsCheck;
using FsCheck.Fluent;
using SaasBilling.InMemory.Engine;

namespace SaasBilling.Tests.InMemory.Engine;

public sealed class DueQueueTests
{
    private const int Accounts = 12;
    private static readonly long Last = Instants.From(DateTimeOffset.MaxValue);

    // Few places and few instants, so that accounts move again and again, and many are due at once.
    private static Gen<(int Place, long Due)> Sets =>
        from place in Gen.Choose(0, Accounts - 1)
        from due in Gen.Frequency(
            (8, Gen.Choose(0, 20).Select(static seconds => (long)seconds)),
            (1, Gen.Constant(Instants.Never)),
            (1, Gen.Elements(Instants.From(DateTimeOffset.MinValue), -1L, Last)))
        select (place, due);

    [Fact]
    public void Accounts_ComeInTheOrderOfTheirInstants_ThenOfTheirPlaces() => Prop.ForAll(Sets.ArrayOf().ToArbitrary(), sets =>
    {
        var queue = new DueQueue();
        var expected = new Dictionary<int, long>();
        foreach (var (place, due) in sets)
        {
            queue.Set(place, due);
            expected[place] = due;
            var first = expected.Where(set => set.Value != Instants.Never).OrderBy(set => set.Value).ThenBy(set => set.Key).Cast<KeyValuePair<int, long>?>().FirstOrDefault();
            Assert.Equal(first is not null, queue.TryPeek(out var nextPlace, out var nextDue));
            if (first is { } next)
                Assert.Equal((next.Key, next.Value), (nextPlace, nextDue));
        }

        foreach (var (place, due) in expected.Where(set => set.Value != Instants.Never).OrderBy(set => set.Value).ThenBy(set => set.Key))
        {
            Assert.True(queue.TryPeek(out var nextPlace, out var nextDue));
            Assert.Equal((place, due), (nextPlace, nextDue));
            queue.Set(nextPlace, Instants.Never);
        }

        Assert.False(queue.TryPeek(out _, out _));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(200));

    [Fact]
    public void InstantThatNoClockReaches_IsNeverDue()
    {
        var queue = new DueQueue();
        queue.Set(3, Last + 1);
        Assert.False(queue.TryPeek(out _, out var due));
        Assert.Equal(Instants.Never, due);
        queue.Set(3, Last);
        Assert.True(queue.TryPeek(out var place, out due));
        Assert.Equal((3, Last), (place, due));
    }

    [Fact]
    public void AccountThatMovesOften_LeavesNothingBehind()
    {
        var queue = new DueQueue();
        queue.Set(0, 1);
        for (var due = 10_000; due > 2; due--)
            queue.Set(1, due);
        Assert.InRange(queue.Count, 2, 64);
    }
}
