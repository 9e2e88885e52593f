using SaasBilling.Providers;
using static SaasBilling.Tests.Subscriptions.Facts;

namespace SaasBilling.Tests.Subscriptions;

/// <summary>
/// A webhook is a doorbell: it makes us read the present. Doorbells come late, twice, in any order and sometimes not at all; whichever moments of a life are
/// read, the same story is told in the end, with the same instants.
/// </summary>
public sealed class DoorbellTests
{
    // What carries no instant of its own is told with that of the reading.
    private static readonly Type[] ToldWhenSeen = [typeof(PaymentMethodAdded), typeof(PaymentMethodRemoved), typeof(ChargeAdded)];

    public static TheoryData<string> Lives => [.. All.Keys];

    private static readonly Dictionary<string, (double Day, object[] Facts)[]> All = new(StringComparer.Ordinal)
    {
        ["a trial converts and renews"] = TrialConverts(),
        ["a trial expires"] =
        [
            (0, [Trialing(), First(Trialing())]),
            (5, [Seats(Trialing(), 1), First(Trialing())]),
            (14, [Canceled(Trialing(), Day(14)), First(Trialing())]),
        ],
        ["a first payment waits for the bank"] =
        [
            (0, [Incomplete(), Failed(Draft(Incomplete(), reason: BillingReason.SubscriptionCreate), Start, null, asks: true)]),
            (0.5, [Active(), Paid(Failed(Draft(Incomplete(), reason: BillingReason.SubscriptionCreate), Start, null, asks: true), Day(0.5))]),
            (31, [Renewed(Active()), Paid(Failed(Draft(Incomplete(), reason: BillingReason.SubscriptionCreate), Start, null, asks: true), Day(0.5)), Draft(Renewed(Active()), "in_2")]),
        ],
        ["a first payment never comes"] =
        [
            (0, [Incomplete(), Failed(Draft(Incomplete(), reason: BillingReason.SubscriptionCreate), Start)]),
            (1, [Incomplete() with { Status = SubscriptionStatus.IncompleteExpired, EndedAt = Day(0.9) }, Failed(Draft(Incomplete(), reason: BillingReason.SubscriptionCreate), Start) with { Status = InvoiceStatus.Void }]),
        ],
        ["a renewal fails and recovers"] = Dunning(recovers: true),
        ["a renewal fails and is given up"] = Dunning(recovers: false),
        ["a cancellation, and a return"] =
        [
            (0, [Active(), First(Active())]),
            (5, [CancelsAt(Active(), Day(31), Day(5), "moving on"), First(Active())]),
            (31, [Canceled(CancelsAt(Active(), Day(31), Day(5), "moving on"), Day(31)), First(Active())]),
            (40, [Canceled(CancelsAt(Active(), Day(31), Day(5), "moving on"), Day(31)), First(Active()), Active(id: "sub_2", at: Day(40)), First(Active(id: "sub_2", at: Day(40)), "in_9")]),
        ],
    };

    [Theory]
    [MemberData(nameof(Lives))]
    public void Whichever_moments_are_read_the_same_story_is_told(string life)
    {
        var moments = All[life];
        var whole = Tell(moments, Enumerable.Range(0, moments.Length));

        for (var chosen = 0; chosen < 1 << (moments.Length - 1); chosen++)
        {
            var read = Enumerable.Range(0, moments.Length).Where(index => index == moments.Length - 1 || (chosen & (1 << index)) != 0).ToList();
            var told = Tell(moments, read);

            Assert.Equal(Facts(whole), Facts(told));
            Assert.Equal(whole.State!.Subscriptions, told.State!.Subscriptions);
            Assert.Equal(whole.State.OpenInvoices, told.State.OpenInvoices);
            Assert.Equal(whole.State.Trials, told.State.Trials);
            Assert.Equal(whole.State.AccessWasGranted, told.State.AccessWasGranted);
            Assert.Equal(whole.State.Mrr.Sum(amount => amount.Micro), told.State.Mrr.Sum(amount => amount.Micro));
        }
    }

    [Theory]
    [MemberData(nameof(Lives))]
    public void Doorbells_that_ring_twice_or_in_any_order_read_the_present(string life)
    {
        var moments = All[life];
        var whole = Tell(moments, Enumerable.Range(0, moments.Length));
        foreach (var order in Permutations(Enumerable.Range(0, moments.Length).ToArray()).Take(200))
        {
            // The nth doorbell rings when the thing after the nth has happened at the latest: what it reads is at least as new as what it rang for.
            var newest = -1;
            var read = order.Select(index => newest = Math.Max(newest, index)).Append(moments.Length - 1);

            Assert.Equal(Facts(whole), Facts(Tell(moments, read)));
        }
    }

    [Theory]
    [MemberData(nameof(Lives))]
    public void Readings_that_arrive_late_take_nothing_back(string life)
    {
        var moments = All[life];
        var story = Tell(moments, Enumerable.Range(0, moments.Length));
        var (status, access) = (story.Subscription.Status, story.State!.AccessWasGranted);
        var told = story.Events.Count;
        for (var index = moments.Length - 1; index >= 0; index--)
            story.Apply(Snapshot(moments[index]));

        Assert.True(story.Subscription.Status == status || status is not (SubscriptionStatus.Canceled or SubscriptionStatus.IncompleteExpired));
        Assert.True(access || !story.State!.AccessWasGranted, "access never rises from what is stale");
        Assert.DoesNotContain(story.Events.Skip(told), raised => raised is InvoicePaid or InvoiceFinalized or PaymentFailed or TrialStarted or TrialConverted);
    }

    private static Story Tell((double Day, object[] Facts)[] moments, IEnumerable<int> read)
    {
        var story = new Story();
        foreach (var index in read)
            story.At(moments[index].Day).Apply(Snapshot(moments[index]));

        return story;
    }

    private static CustomerSnapshot Snapshot((double Day, object[] Facts) moment) => new Story().At(moment.Day).Snapshot(moment.Facts);

    // Access is what could be asked for, and nobody could ask for a state that was never stored: its edges are not compared.
    private static List<string> Facts(Story story) => [.. story.Events
        .Where(raised => raised is not (AccessGranted or AccessRestricted or TrialEnding))
        .Select(raised => ToldWhenSeen.Contains(raised.GetType()) ? raised.GetType().Name : $"{raised.OccurredAt:s} {raised.GetType().Name} {raised.Explanation}")
        .Order(StringComparer.Ordinal)];

    private static (double Day, object[] Facts)[] TrialConverts()
    {
        var trial = Trialing();
        var active = Converted(trial);
        var second = Renewed(active);
        return
        [
            (0, [trial, First(trial)]),
            (3, [trial, First(trial), new Cards(Visa)]),
            (14, [active, First(trial), Draft(active, "in_2"), new Cards(Visa)]),
            (14.1, [active, First(trial), Paid(Draft(active, "in_2")), new Cards(Visa)]),
            (45, [second, First(trial), Paid(Draft(active, "in_2")), Draft(second, "in_3"), new Cards(Visa)]),
            (45.1, [second, First(trial), Paid(Draft(active, "in_2")), Paid(Draft(second, "in_3")), new Cards(Visa)]),
        ];
    }

    private static (double Day, object[] Facts)[] Dunning(bool recovers)
    {
        var renewed = Renewed(Active());
        var draft = Draft(renewed, "in_2");
        var first = Failed(draft, Day(31).AddHours(1));
        var second = Failed(first, Day(34));
        var pastDue = PastDue(renewed, Day(31).AddHours(1));
        object[] end = recovers
            ? [renewed, First(Active()), Paid(second, Day(36))]
            : [Canceled(pastDue, Day(36)), First(Active()), Failed(second, Day(36), "lost_card")];
        return
        [
            (0, [Active(), First(Active())]),
            (31, [renewed, First(Active()), draft]),
            (31.1, [pastDue, First(Active()), first]),
            (34, [pastDue, First(Active()), second]),
            (36, end),
        ];
    }

    private static IEnumerable<int[]> Permutations(int[] items) => items.Length <= 1
        ? [items]
        : items.SelectMany(item => Permutations([.. items.Where(other => other != item)]).Select(rest => (int[])[item, .. rest]));
}
