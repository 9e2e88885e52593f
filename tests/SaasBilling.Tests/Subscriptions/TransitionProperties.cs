using FsCheck;
using FsCheck.Fluent;
using SaasBilling.Access;
using SaasBilling.Storage;
using SaasBilling.Subscriptions;
using SaasBilling.Tests.Pricing;
using static SaasBilling.Tests.Subscriptions.Facts;

namespace SaasBilling.Tests.Subscriptions;

/// <summary>Promises that hold whatever a provider says, and in whatever order.</summary>
public sealed class TransitionProperties
{
    [Fact]
    public void An_end_is_final_and_nothing_becomes_incomplete_again() => Always((story, before) =>
    {
        foreach (var was in before?.Subscriptions ?? [])
        {
            if (story.State!.Subscriptions.FirstOrDefault(now => now.Id == was.Id) is not { } now)
                continue;

            Assert.True(was.IsLive || now.Status == was.Status, $"{was.Status} became {now.Status}");
            Assert.True(now.Status != SubscriptionStatus.Incomplete || was.Status is SubscriptionStatus.Incomplete or SubscriptionStatus.Unknown, $"{was.Status} became {now.Status}");
        }
    });

    [Fact]
    public void The_same_again_changes_nothing() => Always((story, _) =>
    {
        // What the state has let go cannot live again at any provider; here it may.
        if (story.LastSnapshot is null || story.LastSnapshot.Subscriptions.Any(subscription => story.Gone.Contains(subscription.Id)))
            return;

        var state = story.State;
        Assert.Equal("", story.Apply(story.LastSnapshot));
        Assert.False(story.Last.Changed);
        Assert.Same(state, story.Last.After);
    });

    [Fact]
    public void A_second_wake_has_nothing_to_do() => Always((story, _) =>
    {
        story.Wake();
        Assert.True(story.State!.WakeAt is null || story.State.WakeAt > story.Now, $"still due at {story.State.WakeAt}, now {story.Now}");
        Assert.Equal("", story.Wake());
        Assert.False(story.Last.Changed);
    });

    [Fact]
    public void Access_edges_alternate_and_the_last_is_the_answer() => Always((story, _) =>
    {
        var edges = story.Events.Where(raised => raised is AccessGranted or AccessRestricted).Select(raised => raised is AccessGranted).ToList();
        for (var i = 0; i < edges.Count; i++)
            Assert.Equal(i % 2 == 0, edges[i]);

        Assert.Equal(edges.Count % 2 == 1, story.State!.AccessWasGranted);
        Assert.Equal(story.State.AccessWasGranted, AccessRules.Evaluate(story.State, Catalog, story.Options, story.Now).IsGranted);
        Assert.All(story.Events.OfType<AccessGranted>(), raised => Assert.True(AccessRules.IsGranted(raised.Reason)));
        Assert.All(story.Events.OfType<AccessRestricted>(), raised => Assert.False(AccessRules.IsGranted(raised.Reason)));
    });

    [Fact]
    public void Revenue_is_the_sum_of_its_movements() => Always((story, _) =>
    {
        foreach (var group in story.Movements.GroupBy(movement => movement.Currency))
        {
            long total = 0;
            foreach (var movement in group)
            {
                var after = total + movement.Delta;
                Assert.Equal(KindOf(total, after, group.TakeWhile(earlier => earlier != movement).Any()), movement.Kind);
                Assert.True(after >= 0, "revenue is never negative");
                total = after;
            }

            Assert.Equal(total, story.State!.Mrr.Single(amount => amount.Currency == group.Key).Micro);
        }

        Assert.Equal(story.State!.Mrr.Count, story.Movements.Select(movement => movement.Currency).Distinct().Count());
    });

    [Fact]
    public void Events_are_numbered_in_order_and_told_in_the_order_of_time() => Always((story, before) =>
    {
        Assert.Equal(Enumerable.Range(1, story.Events.Count).Select(number => $"acme/{number}"), story.Events.Select(raised => raised.Id));
        Assert.Equal(story.Events.Count, story.State!.EventCount);
        for (var i = 1; i < story.Last.Events.Count; i++)
            Assert.True(story.Last.Events[i - 1].OccurredAt <= story.Last.Events[i].OccurredAt);
    });

    [Fact]
    public void What_happens_once_is_told_once() => Always((story, _) =>
    {
        Assert.True(story.Events.Count(raised => raised is CustomerCreated) <= 1 + story.Events.Count(raised => raised is CustomerDeleted));
        Once(story.Events.OfType<InvoiceFinalized>().Select(raised => raised.Invoice.Id));
        Once(story.Events.OfType<InvoicePaid>().Select(raised => raised.Invoice.Id));
        Once(story.Events.OfType<PaymentRecovered>().Select(raised => raised.Invoice.Id));

        Once(story.Events.OfType<SubscriptionCanceled>().Select(raised => raised.Subscription.Id).Where(id => !story.Gone.Contains(id)));
        Once(story.Events.OfType<TrialStarted>().Select(raised => raised.Subscription.Id).Where(id => !story.Gone.Contains(id)));
        Once(story.Events.OfType<TrialConverted>().Select(raised => raised.Subscription.Id).Where(id => !story.Gone.Contains(id)));
    });

    [Fact]
    public void State_stays_small() => Always((story, _) =>
    {
        var state = story.State!;
        Assert.All(
            state.Subscriptions.Where(subscription => !subscription.IsLive && state.OpenInvoices.All(invoice => invoice.SubscriptionId != subscription.Id)).GroupBy(subscription => subscription.Name),
            ended => Assert.True(ended.Count() <= 2));
        Assert.All(state.Notices, notice => Assert.True(Announcements.StillMatters(notice, state.Subscriptions, state.PaymentMethods, state.Usage)));
        Assert.All(state.OpenInvoices, invoice => Assert.True(invoice.Status is InvoiceStatus.Draft or InvoiceStatus.Open or InvoiceStatus.Uncollectible));
        Assert.All(state.LastKnown, known => Assert.Contains(state.Subscriptions, subscription => subscription.Id == known.Subscription.Id && subscription.Status == SubscriptionStatus.Unknown));
    });

    [Fact]
    public void The_result_depends_on_nothing_else() =>
        Samples.Hold(
            Chaos.Life,
            life =>
            {
                var (one, other) = (new Story(), new Story());
                Live(one, life, null);
                Live(other, life, null);
                Assert.Equal(one.Events.Select(Text), other.Events.Select(Text));
                Assert.Equal(one.Movements, other.Movements);
                return true;
            },
            tests: 200);

    private static void Always(Action<Story, CustomerState?> promise) =>
        Samples.Hold(
            Chaos.Life,
            life =>
            {
                Live(new Story(), life, promise);
                return true;
            },
            tests: 300);

    private static void Live(Story story, Chaos.Deed[] life, Action<Story, CustomerState?>? promise)
    {
        foreach (var deed in life)
        {
            var before = story.State;
            deed.Do(story.At(story.Now.AddDays(deed.DaysLater)));
            if (story.State is not null)
                promise?.Invoke(story, before);
        }
    }

    private static MrrMovementKind KindOf(long before, long after, bool everMoved)
    {
        if (before == 0)
            return everMoved ? MrrMovementKind.Reactivation : MrrMovementKind.New;

        if (after == 0)
            return MrrMovementKind.Churn;

        return after > before ? MrrMovementKind.Expansion : MrrMovementKind.Contraction;
    }

    private static void Once(IEnumerable<string> ids) => Assert.All(ids.GroupBy(id => id), group => Assert.Single(group));

    private static string Text(BillingEvent raised) => $"{raised.Id} {raised.OccurredAt:s} {raised.GetType().Name} {raised.Explanation}";
}
