using FsCheck;
using FsCheck.Fluent;

namespace SaasBilling.Tests.ModelBased;

/// <summary>A provider's news reach another process as doorbells do: late, twice, in any order, or not at all.</summary>
public sealed class DoorbellShuffleTests
{
    // Milestones and usage against a limit are known to the process alone that they were told to.
    private static readonly (int Weight, DeedKind Kind)[] AtTheProvider = [.. Deeds.All.Where(deed => deed.Kind is not (DeedKind.ReachMilestone or DeedKind.RecordUsage))];

    /// <summary>Nothing was coalesced: the listener tells the same story.</summary>
    [Fact]
    public void Old_news_between_the_new_change_nothing_and_raise_nothing() => Check(gaps: false, (told, heard) =>
        Assert.Equal(told.Select(HistoryLine), heard.Select(HistoryLine)));

    /// <summary>What was missed is found together, so that steps between are not told one by one; but what is, is told once, and all of the money is.</summary>
    [Fact]
    public void Shuffled_dropped_and_doubled_news_lead_to_the_same_state() => Check(gaps: true, (told, heard) =>
        Assert.Equal(told.Where(IsMoney).Select(Money).Order(), heard.Where(IsMoney).Select(Money).Order()));

    private static void Check(bool gaps, Action<IReadOnlyList<BillingEvent>, IReadOnlyList<BillingEvent>> compare) =>
        Prop.ForAll(Deed.Lives(AtTheProvider), Gen.Choose(1, int.MaxValue - 1).ToArbitrary(), (deeds, seed) =>
        {
            RunAsync().GetAwaiter().GetResult();

            async Task RunAsync()
            {
                await using var life = new FacadeLife();
                await using var listener = new Listener(life, new Random(seed), gaps);
                await life.LiveAsync(deeds);
                try
                {
                    await listener.CatchUpAsync();
                    await foreach (var customerId in life.App.Store.ListCustomersAsync(CancellationToken.None))
                    {
                        await listener.AssertSameStateAsync(customerId, inOrder: !gaps);
                        compare(await life.App.Billing.For(customerId).GetHistoryAsync(), await listener.App.Billing.For(customerId).GetHistoryAsync());
                    }
                }
                catch (Exception fault)
                {
                    throw new BrokenLifeException($"{fault.Message}{Environment.NewLine}{life.Story}{Environment.NewLine}{listener.Story}", fault);
                }
            }
        }).Check(LongTests.Config(lives: 30, deeds: 40));

    private static string HistoryLine(BillingEvent raised) => HistoryRules.Show(raised);

    private static bool IsMoney(BillingEvent raised) => raised is InvoiceFinalized or InvoicePaid or PaymentRefunded or PaymentDisputed or CustomerCreated;

    private static string Money(BillingEvent raised) => $"{HistoryRules.Subject(raised)} {raised.OccurredAt:O}";
}
