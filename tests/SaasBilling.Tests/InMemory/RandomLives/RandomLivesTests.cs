using FsCheck;
using FsCheck.Fluent;
using SaasBilling.Conformance.Providers;
using SaasBilling.Providers;

namespace SaasBilling.Tests.InMemory.RandomLives;

public sealed class RandomLivesTests
{
    private static readonly DateTimeOffset Start = new(2027, 1, 31, 9, 30, 0, TimeSpan.Zero);

    // Shrunk by leaving commands out.
    private static Arbitrary<int[]> Lives => Arb.From(
        Gen.Choose(0, int.MaxValue - 1).ArrayOf(),
        numbers => Enumerable.Range(0, numbers.Length).Select(left => numbers.Where((_, index) => index != left).ToArray()));

    [Fact]
    public void Whatever_is_done_the_account_stays_sound_and_its_snapshots_tell_the_whole_story() =>
        Prop.ForAll(Lives, numbers =>
        {
            using var life = new Life(Start);
            life.Live(numbers);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(60));

    [Fact]
    public void A_life_that_is_lived_twice_is_the_same() => Prop.ForAll(Lives, numbers =>
    {
        using var first = new Life(Start);
        using var second = new Life(Start);
        first.Live(numbers);
        second.Live(numbers);

        Facts.AssertEqual(Facts.Of(first.Read()), Facts.Of(second.Read()));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(100).WithEndSize(60));

    [Fact]
    public void The_future_that_is_foreseen_comes() => Prop.ForAll(Lives, numbers =>
    {
        using var life = new Life(Start);
        life.Live(numbers);
        var before = Facts.Of(life.Read());
        var until = life.Now.AddDays(100);

        var future = ((IForecastProvider)life.Provider).Fork(life.CustomerId)!;
        var foreseen = Facts.Of(life.Read());
        while (future.NextDueAt is { } due && due <= until)
            foreseen.With(Assert.IsType<CustomerSnapshot>(future.RunNext(due)));
        Facts.AssertEqual(before, Facts.Of(life.Read()));
        life.AdvanceTo(until);

        Facts.AssertEqual(Facts.Of(life.Read()), foreseen);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(150).WithEndSize(50));

    [Fact]
    public void A_change_is_charged_as_it_was_previewed() => Prop.ForAll(Lives, Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), (numbers, seed) =>
    {
        using var life = new Life(Start);
        life.Live(numbers);
        var dice = new Dice(seed);
        var known = life.Read();
        if (dice.PickOrNull(known.Subscriptions) is not { } subscription)
            return;

        var request = RandomCommand.Change(life.Scene, subscription, ref dice);
        InvoicePreview preview;
        try
        {
            preview = life.Scene.PreviewAsync(subscription, request).GetAwaiter().GetResult();
        }
        catch (BillingException refusal)
        {
            // What cannot be previewed cannot be done either.
            Assert.Equal(refusal.Code, Assert.Throws<BillingException>(() => life.Scene.ChangeAsync(request).GetAwaiter().GetResult()).Code);
            return;
        }

        Facts.AssertEqual(Facts.Of(known), Facts.Of(life.Read()));
        life.Learn(life.Provider.ChangeSubscriptionAsync(request, "the change", Scene.Token).GetAwaiter().GetResult().Snapshot);

        var made = life.Read().Invoices.Skip(known.Invoices.Count).Where(invoice => invoice.Status != InvoiceStatus.Draft).ToList();
        Assert.Equal(preview.DueNow.MinorUnits, made.Sum(invoice => invoice.AmountDue.MinorUnits));
        if (made.Count > 0)
            Assert.Equal(preview.Lines, made.SelectMany(invoice => invoice.Lines));
        if (preview.NextInvoice is not { } next)
            return;

        var changed = Assert.Single(life.Read().Subscriptions, candidate => candidate.Id == subscription.Id);
        life.AdvanceTo(changed.CancelsAt < changed.CurrentPeriod.End ? changed.CancelsAt.Value : changed.CurrentPeriod.End);
        var renewal = Assert.Single(life.Read().Invoices, invoice => invoice.Id == next.Id);
        Assert.Equal((next.Subtotal, next.Discount, next.Total), (renewal.Subtotal, renewal.Discount, renewal.Total));
        Assert.Equal(next.Lines, renewal.Lines);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(40));
}
