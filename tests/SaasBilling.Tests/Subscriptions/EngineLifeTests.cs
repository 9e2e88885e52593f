using FsCheck;
using FsCheck.Fluent;
using SaasBilling.Providers;
using SaasBilling.Storage;
using SaasBilling.Subscriptions;
using SaasBilling.Tests.InMemory.Engine;
using SaasBilling.Tests.Pricing;

namespace SaasBilling.Tests.Subscriptions;

/// <summary>
/// Random lives on the billing engine, told twice: step by step, and by readings of the whole at random moments. Both must end in the same state, tell of
/// the same invoices and ends, and find nothing to mend in a reading that comes after.
/// </summary>
public sealed class EngineLifeTests
{
    private static readonly HashSet<(SubscriptionStatus From, SubscriptionStatus To)> LegalEdges =
    [
        (SubscriptionStatus.Incomplete, SubscriptionStatus.Active), (SubscriptionStatus.Incomplete, SubscriptionStatus.IncompleteExpired), (SubscriptionStatus.Incomplete, SubscriptionStatus.Canceled),
        (SubscriptionStatus.Trialing, SubscriptionStatus.Active), (SubscriptionStatus.Trialing, SubscriptionStatus.PastDue), (SubscriptionStatus.Trialing, SubscriptionStatus.Paused), (SubscriptionStatus.Trialing, SubscriptionStatus.Canceled),
        (SubscriptionStatus.Active, SubscriptionStatus.Trialing), (SubscriptionStatus.Active, SubscriptionStatus.PastDue), (SubscriptionStatus.Active, SubscriptionStatus.Paused), (SubscriptionStatus.Active, SubscriptionStatus.Canceled),
        (SubscriptionStatus.PastDue, SubscriptionStatus.Active), (SubscriptionStatus.PastDue, SubscriptionStatus.Unpaid), (SubscriptionStatus.PastDue, SubscriptionStatus.Paused), (SubscriptionStatus.PastDue, SubscriptionStatus.Canceled),
        (SubscriptionStatus.Unpaid, SubscriptionStatus.Active), (SubscriptionStatus.Unpaid, SubscriptionStatus.Paused), (SubscriptionStatus.Unpaid, SubscriptionStatus.Canceled),
        (SubscriptionStatus.Paused, SubscriptionStatus.Trialing), (SubscriptionStatus.Paused, SubscriptionStatus.Active), (SubscriptionStatus.Paused, SubscriptionStatus.PastDue), (SubscriptionStatus.Paused, SubscriptionStatus.Unpaid), (SubscriptionStatus.Paused, SubscriptionStatus.Canceled),
    ];

    private static readonly Gen<(int Verb, int Detail, int Hours, bool Reads)[]> Lives = (
        from verb in Gen.Choose(0, 22)
        from detail in Gen.Choose(0, 5)
        from hours in Gen.OneOf(Gen.Choose(1, 30), Gen.Choose(1, 24 * 40))
        from reads in Gen.Elements(true, false)
        select (verb, detail, hours, reads)).ArrayOf();

    [Fact]
    public void Told_step_by_step_or_read_now_and_then_it_is_the_same_life() => Samples.Hold(
        Lives,
        life =>
        {
            var world = new World();
            var steps = new Story { Catalog = world.Catalog };
            var readings = new Story { Catalog = world.Catalog };
            Follow(steps, world.Read());
            var freeTime = false;
            foreach (var (verb, detail, hours, reads) in life)
            {
                freeTime |= verb == 11 && world.Read().Subscriptions is [.., { Status: SubscriptionStatus.Active or SubscriptionStatus.Paused }];
                Act(world, steps, verb, detail);
                world.Stream.Clear();
                world.Advance(hours: hours);
                foreach (var step in world.Stream)
                    Follow(steps, step);

                if (reads)
                    Follow(readings, world.Read());

                Follow(steps, world.Now);
                AssertNothingToMend(steps, world);
            }

            Follow(readings, world.Read());
            Follow(steps, world.Now);
            AssertSameEnd(steps, readings, freeTime);
            return true;
        },
        tests: 150);

    private static void Act(World world, Story story, int verb, int detail)
    {
        try
        {
            if (Verb(world, verb, detail) is { } answer)
                Follow(story, answer.Snapshot);
        }
        catch (BillingException)
        {
            // The provider refused: nothing happened.
        }
        catch (InvalidOperationException)
        {
            // There is nothing to act on.
        }
    }

    private static ProviderResult? Verb(World world, int verb, int detail)
    {
        var last = world.Read().Subscriptions is [.., var newest] ? newest : null;
        var isFree = last is null || !last.IsLive || last.Status == SubscriptionStatus.Incomplete;
        var plan = new[] { "basic", "pro", "team", "usage", "free", "metered" }[detail];
        if (last is null && verb is > 5 and not (16 or 17))
            return null;

        return verb switch
        {
            0 or 1 => isFree ? world.Subscribe(world.Request(plan) with { Replaces = last is { Status: SubscriptionStatus.Incomplete } ? last.Id : null }) : null,
            2 or 3 => isFree && plan != "free" && last?.Status != SubscriptionStatus.Incomplete ? world.Trial(plan, days: 1 + (detail * 7), (TrialEndBehavior)(detail % 3)) : null,
            4 or 5 => world.Card(new[] { TestPaymentMethods.Visa, TestPaymentMethods.Visa, TestPaymentMethods.DeclinedAfterAttaching, TestPaymentMethods.RequiresAuthentication, TestPaymentMethods.Visa, TestPaymentMethods.DeclinedAfterAttaching }[detail]),
            6 => world.Read().PaymentMethods is [var card, ..] ? Done(world.Provider.RemovePaymentMethodAsync(World.Acme, card.Id, world.Key(), default)) : null,
            7 => world.Change(plan, (Proration)(detail % 3), detail > 3 ? ChangeTiming.AtPeriodEnd : ChangeTiming.Immediately),
            8 => world.Cancel(new() { Reason = detail > 2 ? "because" : null }),
            9 => world.CancelNow(prorate: detail % 2 == 0, invoiceNow: detail % 3 == 0),
            10 => world.Cancel(new() { At = world.Now.AddDays(1 + detail), Prorate = detail % 2 == 0 }),
            11 => world.TrialEnd(world.Now.AddDays(5 * (detail + 1))),
            12 => world.TrialEnd(null),
            13 => world.Pause((PauseBehavior)(detail % 3), detail > 2 ? world.Now.AddDays(detail) : null),
            14 or 15 => world.Resume(),
            16 => world.Charge((detail - 1) * 500),
            17 => world.ChargeNow((detail + 1) * 500),
            18 => world.Invoices.Count > 0 ? world.Act(world.Newest, (InvoiceAction)(detail % 5)) : null,
            19 => world.Invoices.LastOrDefault(invoice => invoice.AmountPaid.IsPositive) is { } paid ? world.Refund(paid, 1 + detail) : null,
            20 => world.Coupon(new[] { "once20", "p20", "minus5", "all", "half4", "p20" }[detail]),
            21 => world.Use(detail),
            _ => Answer(world, detail > 2),
        };
    }

    private static ProviderResult Answer(World world, bool authenticate)
    {
        var before = world.Read().Cursor;
        world.Answer(authenticate);
        return new(world.Read(cursor: before));
    }

    // As the pump does: what time brings before the provider's next step is told first.
    private static void Follow(Story story, CustomerSnapshot snapshot)
    {
        Follow(story, snapshot.ObservedAt.AddSeconds(-1));
        var before = story.State?.Subscriptions ?? [];
        story.At(snapshot.ObservedAt).Apply(snapshot);
        if (snapshot.Since is null)
            return;

        foreach (var was in before)
        {
            if (story.State!.Subscriptions.FirstOrDefault(now => now.Id == was.Id) is { } now && now.Status != was.Status)
                Assert.Contains((was.Status, now.Status), LegalEdges);
        }
    }

    private static void Follow(Story story, DateTimeOffset now)
    {
        while (story.State?.WakeAt is { } wake && wake <= now)
        {
            story.At(wake > story.Now ? wake : story.Now).Wake();
            Assert.True(story.State.WakeAt is null || story.State.WakeAt > wake, "a wake that was handled is not due again");
        }
    }

    private static void AssertNothingToMend(Story story, World world)
    {
        var whole = world.Read();
        var settled = whole.Invoices.Where(invoice => story.State!.OpenInvoices.All(open => open.Id != invoice.Id)).Select(invoice => story.Invoices[invoice.Id]).ToList();

        var mended = Transition.Apply(story.State, whole, new() { Catalog = world.Catalog, Options = story.Options, Now = world.Now, Settled = settled });

        Assert.Equal("", Story.Names(mended.Events));
        Assert.False(mended.Changed);
    }

    private static void AssertSameEnd(Story steps, Story readings, bool freeTime)
    {
        Assert.Equal(steps.State!.Subscriptions, readings.State!.Subscriptions);
        Assert.Equal(steps.State.OpenInvoices, readings.State.OpenInvoices);
        Assert.Equal(steps.State.PaymentMethods, readings.State.PaymentMethods);
        Assert.Equal(steps.State.PendingCharges, readings.State.PendingCharges);
        Assert.Equal(steps.State.AccessWasGranted, readings.State.AccessWasGranted);
        Assert.Equal(Revenue(steps), Revenue(readings));
        foreach (var story in new[] { steps, readings })
        {
            var edges = story.Events.Where(raised => raised is AccessGranted or AccessRestricted).Select((raised, index) => raised is AccessGranted == (index % 2 == 0));
            Assert.All(edges, Assert.True);
            Assert.Equal(Revenue(story), story.Movements.GroupBy(movement => movement.Currency).Select(group => (group.Key, group.Sum(movement => movement.Delta))).Where(sum => sum.Item2 != 0).Order());
        }

        Assert.Equal(Told<InvoiceFinalized>(steps, raised => raised.Invoice.Id), Told<InvoiceFinalized>(readings, raised => raised.Invoice.Id));
        Assert.Equal(Told<InvoicePaid>(steps, raised => raised.Invoice.Id), Told<InvoicePaid>(readings, raised => raised.Invoice.Id));
        Assert.Equal(Told<PaymentFailed>(steps, raised => raised.Invoice.Id), Told<PaymentFailed>(readings, raised => raised.Invoice.Id));
        Assert.Equal(Told<PaymentActionRequired>(steps, raised => raised.Invoice.Id), Told<PaymentActionRequired>(readings, raised => raised.Invoice.Id));
        Assert.Equal(Told<PaymentRefunded>(steps, raised => raised.Refund.Id), Told<PaymentRefunded>(readings, raised => raised.Refund.Id));
        Assert.Equal(Told<SubscriptionCanceled>(steps, raised => raised.Subscription.Id), Told<SubscriptionCanceled>(readings, raised => raised.Subscription.Id));

        // Free time takes the place of the trial that a subscription had.
        if (freeTime)
            return;

        Assert.Equal(Trials(steps), Trials(readings));
        Assert.Equal(Told<TrialStarted>(steps, raised => raised.Subscription.Id), Told<TrialStarted>(readings, raised => raised.Subscription.Id));
        Assert.Equal(Told<TrialConverted>(steps, raised => raised.Subscription.Id), Told<TrialConverted>(readings, raised => raised.Subscription.Id));
    }

    // The plan is that of the first reading.
    private static IEnumerable<(string, DateTimeOffset, DateTimeOffset?)> Trials(Story story) => story.State!.Trials.Select(trial => (trial.SubscriptionId, trial.StartedAt, trial.ConvertedAt));

    private static IEnumerable<(string Currency, long Micro)> Revenue(Story story) =>
        story.State!.Mrr.Where(amount => amount.Micro != 0).Select(amount => (amount.Currency, amount.Micro)).Order();

    private static List<string> Told<T>(Story story, Func<T, string> about)
        where T : BillingEvent => [.. story.Events.OfType<T>().Select(raised => $"{about(raised)} {raised.OccurredAt:s}").Order(StringComparer.Ordinal)];

    private static T Done<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
