using FsCheck;
using FsCheck.Fluent;
using SaasBilling.InMemory.Engine;

namespace SaasBilling.Tests.InMemory.Engine;

public sealed class IdempotencyMemoryTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void TryRecall_NewKey_KnowsNothing()
    {
        var memory = new IdempotencyMemory();

        Assert.False(memory.TryRecall("key", "request", Start, out var answer));
        Assert.Equal(default, answer);
    }

    [Fact]
    public void TryRecall_SameRequestWithinADay_GivesTheFirstAnswer()
    {
        var memory = new IdempotencyMemory();
        memory.Remember("key", "request", "acme", "sub_000001", Start);

        Assert.True(memory.TryRecall("key", "request", Start.AddHours(24).AddSeconds(-1), out var answer));
        Assert.Equal(new RememberedAnswer("acme", "sub_000001"), answer);
    }

    [Fact]
    public void TryRecall_AfterADay_HasForgotten()
    {
        var memory = new IdempotencyMemory();
        memory.Remember("key", "request", "acme", "sub_000001", Start);

        Assert.False(memory.TryRecall("key", "request", Start.AddHours(24), out _));
        Assert.Equal(0, memory.Count);
    }

    [Fact]
    public void TryRecall_OtherRequest_IsAConflict()
    {
        var memory = new IdempotencyMemory();
        memory.Remember("key", "request", "acme", null, Start);

        var refusal = Assert.Throws<BillingException>(() => memory.TryRecall("key", "another", Start, out _));

        Assert.Equal(BillingErrorCode.Conflict, refusal.Code);
        Assert.Equal("The idempotency key 'key' was used for another request in the last 24 hours. Use a new key for a new request, and the same request to repeat one.", refusal.Message);
        Assert.True(memory.TryRecall("key", "request", Start, out _));
    }

    [Fact]
    public void Remember_AgainAfterADay_StartsAnotherDay()
    {
        var memory = new IdempotencyMemory();
        memory.Remember("key", "request", "acme", "first", Start);
        memory.Remember("key", "another", "acme", "second", Start.AddDays(1));

        Assert.True(memory.TryRecall("key", "another", Start.AddDays(2).AddSeconds(-1), out var answer));
        Assert.Equal("second", answer.ResultId);
        Assert.False(memory.TryRecall("key", "another", Start.AddDays(2), out _));
    }

    [Fact]
    public void Remember_PastTheCapacity_ForgetsTheOldest()
    {
        var memory = new IdempotencyMemory(capacity: 2);
        foreach (var key in (string[])["a", "b", "c"])
            memory.Remember(key, "request", "acme", key, Start);

        Assert.Equal(2, memory.Count);
        Assert.False(memory.TryRecall("a", "request", Start, out _));
        Assert.True(memory.TryRecall("b", "request", Start, out _));
        Assert.True(memory.TryRecall("c", "request", Start, out _));
    }

    [Fact]
    public void Any_sequence_of_uses_is_answered_as_by_a_list_that_is_searched() => Prop.ForAll(Gen.Zip(Gen.Choose(0, 5), Gen.Choose(0, 9)).ArrayOf().ToArbitrary(), uses =>
    {
        const int Capacity = 4;
        var memory = new IdempotencyMemory(Capacity);
        var model = new List<(string Key, DateTimeOffset At, string Result)>();
        var now = Start;
        foreach (var (key, hours) in uses)
        {
            now = now.AddHours(hours);
            model.RemoveAll(entry => entry.At.AddHours(24) <= now);
            var name = $"key{key}";
            var expected = model.Find(entry => entry.Key == name).Result;

            if (memory.TryRecall(name, "request", now, out var answer))
            {
                Assert.Equal(expected, answer.ResultId);
                continue;
            }

            Assert.Null(expected);
            var result = $"{name}@{now:O}";
            memory.Remember(name, "request", "acme", result, now);
            model.Add((name, now, result));
            if (model.Count > Capacity)
                model.RemoveAt(0);
            Assert.Equal(model.Count, memory.Count);
        }
    }).QuickCheckThrowOnFailure();
}
