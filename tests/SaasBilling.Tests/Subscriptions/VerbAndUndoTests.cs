using SaasBilling.Storage;
using static SaasBilling.Tests.Subscriptions.Facts;

namespace SaasBilling.Tests.Subscriptions;

/// <summary>Each verb and its undo lead back to an equal state; what is left over is the history.</summary>
public sealed class VerbAndUndoTests
{
    public static TheoryData<string> Verbs => [.. Undone.Keys];

    private static readonly Dictionary<string, (Subscription Before, Subscription After, string Events, string UndoEvents)> Undone = new(StringComparer.Ordinal)
    {
        ["cancel at the period's end"] = (Active(), CancelsAt(Active(), Day(31), Day(5), "why"), "CancellationScheduled", "CancellationUndone"),
        ["cancel at a date"] = (Active(), CancelsAt(Active(), Day(17), Day(5)), "CancellationScheduled", "CancellationUndone"),
        ["cancel a trial"] = (Trialing(), CancelsAt(Trialing(), Day(14), Day(5)), "CancellationScheduled", "CancellationUndone"),
        ["pause"] = (Active(), Active() with { Status = SubscriptionStatus.Paused, Pause = new() }, "SubscriptionPaused AccessRestricted", "SubscriptionResumed AccessGranted"),
        ["pause a trial"] = (Trialing(), Trialing() with { Status = SubscriptionStatus.Paused, Pause = new() }, "SubscriptionPaused AccessRestricted", "SubscriptionResumed AccessGranted"),
        ["change the plan"] = (Active(), Active("team"), "PlanChanged", "PlanChanged"),
        ["change seats"] = (Active("team"), Seats(Active("team"), 9), "QuantityChanged", "QuantityChanged"),
        ["add an add-on"] = (Active(), With(Active(), "pack", 2), "QuantityChanged", "QuantityChanged"),
        ["change at the period's end"] = (Active(), Active() with { ScheduledChange = new() { PlanKey = "free", Timing = ChangeTiming.AtPeriodEnd } }, "", ""),
        ["extend the trial"] = (Trialing(), Trialing(days: 30), "TrialExtended", "TrialExtended"),
        ["apply a coupon"] = (Active(), Active() with { Discounts = [new("forever20", Day(5), null)] }, "", ""),
        ["fall behind"] = (Active(), PastDue(Active(), Day(5)), "", ""),
    };

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Verb_And_Undo(string verb)
    {
        var (before, after, events, undoEvents) = Undone[verb];
        var story = new Story();
        story.See(before, First(before), new Cards(Visa));
        var stored = story.State!;

        Assert.Equal(events, story.At(5).See(after));
        Assert.Equal(undoEvents, story.At(6).See(before));

        AssertSame(stored, story.State!);
        Assert.Equal(0, story.Movements.Skip(before.Trial is null ? 1 : 0).Sum(movement => movement.Delta));
    }

    [Fact]
    public void A_card_added_and_removed()
    {
        var story = new Story();
        story.See(Active(), First(Active()));
        var stored = story.State!;

        story.At(5).See(new Cards(Visa));
        story.At(6).See(new Cards());

        AssertSame(stored, story.State!);
    }

    private static void AssertSame(CustomerState before, CustomerState after)
    {
        Assert.Equal(before.Customer, after.Customer);
        Assert.Equal(before.Subscriptions, after.Subscriptions);
        Assert.Equal(before.OpenInvoices, after.OpenInvoices);
        Assert.Equal(before.PaymentMethods, after.PaymentMethods);
        Assert.Equal(before.Trials, after.Trials);
        Assert.Equal(before.Notices, after.Notices);
        Assert.Equal(before.LastKnown, after.LastKnown);
        Assert.Equal(before.AccessWasGranted, after.AccessWasGranted);
        Assert.Equal(before.Mrr, after.Mrr);
        Assert.Equal(before.WakeAt, after.WakeAt);
    }
}
