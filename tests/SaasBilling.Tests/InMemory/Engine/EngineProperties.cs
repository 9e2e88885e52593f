using FsCheck;
using FsCheck.Fluent;
using SaasBilling.Providers;

namespace SaasBilling.Tests.InMemory.Engine;

/// <summary>Whatever is done to one customer, in whatever order: the books hold.</summary>
public class EngineProperties
{
    private const int Steps = 60;

    // https://docs.stripe.com/billing/subscriptions/overview; a pause of collection hides the status beneath it.
    private static readonly Dictionary<SubscriptionStatus, SubscriptionStatus[]> Legal = new()
    {
        [SubscriptionStatus.Incomplete] = [SubscriptionStatus.Active, SubscriptionStatus.IncompleteExpired, SubscriptionStatus.Canceled],
        [SubscriptionStatus.Trialing] = [SubscriptionStatus.Active, SubscriptionStatus.PastDue, SubscriptionStatus.Paused, SubscriptionStatus.Canceled],
        [SubscriptionStatus.Active] = [SubscriptionStatus.Trialing, SubscriptionStatus.PastDue, SubscriptionStatus.Paused, SubscriptionStatus.Canceled],
        [SubscriptionStatus.PastDue] = [SubscriptionStatus.Active, SubscriptionStatus.Unpaid, SubscriptionStatus.Canceled, SubscriptionStatus.Paused],
        [SubscriptionStatus.Unpaid] = [SubscriptionStatus.Active, SubscriptionStatus.Canceled, SubscriptionStatus.Paused],
        [SubscriptionStatus.Paused] = [SubscriptionStatus.Active, SubscriptionStatus.PastDue, SubscriptionStatus.Canceled, SubscriptionStatus.Trialing, SubscriptionStatus.Unpaid],
        [SubscriptionStatus.Canceled] = [],
        [SubscriptionStatus.IncompleteExpired] = [],
    };

    [Fact]
    public void AnyCommandsInAnyOrder_KeepTheBooks() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(60),
            Prop.ForAll(Gen.Choose(1, 1_000_000_000).ToArbitrary(), seed => Live(seed)));

    private static void Live(int seed)
    {
        var random = new Random(seed);
        var world = new World(configure: options => options.WhenRetriesExhausted = (RetriesExhausted)random.Next(3));
        var before = world.Read();
        for (var step = 0; step < Steps; step++)
        {
            Refusable(world, () => Do(world, random));
            before = Audit(world, before);
            foreach (var hours in new[] { random.Next(1, 30), random.Next(1, 800) })
            {
                LiveThrough(world, random.Next(3) == 0 ? hours : 0);
                before = Audit(world, before);
            }
        }
    }

    // What a copy lived through is what the customer lives through.
    private static void LiveThrough(World world, int hours)
    {
        var until = world.Now.AddHours(hours);
        var future = world.Provider.Fork(World.Acme)!;
        var foreseen = new List<CustomerSnapshot>();
        while (future.NextDueAt is { } due && due <= until)
            foreseen.Add(future.RunNext(due)!);

        var told = world.Stream.Count;
        world.To(until);
        Assert.Equal(foreseen.Count, world.Stream.Count - told);
        for (var i = 0; i < foreseen.Count; i++)
        {
            var actual = world.Stream[told + i];
            Assert.Equal((foreseen[i].Since, foreseen[i].Cursor, foreseen[i].ObservedAt, foreseen[i].Customer), (actual.Since, actual.Cursor, actual.ObservedAt, actual.Customer));
            Assert.Equal(foreseen[i].Subscriptions, actual.Subscriptions);
            Assert.Equal(foreseen[i].Invoices, actual.Invoices);
        }
    }

    // B-26: a quote is the charge.
    private static void ChangeAsQuoted(World world, ChangeSubscriptionRequest change)
    {
        var known = world.Invoices.Count;
        var quote = world.Preview(change);
        world.Change(change);
        if (world.Invoices.Count > known)
        {
            Assert.Equal(quote.Lines, world.Newest.Lines);
            if (world.Newest.Status != InvoiceStatus.Draft)
                Assert.Equal(quote.DueNow, world.Newest.AmountDue);
        }
        else
        {
            Assert.True(quote.DueNow.IsZero);
        }

        var next = world.Preview().NextInvoice;
        Assert.Equal(quote.NextInvoice?.Lines ?? [], next?.Lines ?? []);
        Assert.Equal(quote.NextInvoice?.AmountDue, next?.AmountDue);
    }

    // What is refused leaves everything as it was.
    private static void Refusable(World world, Action command)
    {
        var before = world.Read();
        try
        {
            command();
        }
        catch (BillingException)
        {
            var after = world.Read();
            Assert.Equal(before.Cursor, after.Cursor);
            Assert.Equal(before.Customer, after.Customer);
            Assert.Equal(before.Subscriptions, after.Subscriptions);
            Assert.Equal(before.Invoices, after.Invoices);
            Assert.Equal(before.PaymentMethods, after.PaymentMethods);
            Assert.Equal(before.PendingCharges, after.PendingCharges);
        }
    }

    private static void Do(World world, Random random)
    {
        string[] plans = ["free", "zero", "basic", "pro", "team", "metered", "metered2", "usage"];
        string[] cards = [TestPaymentMethods.Visa, TestPaymentMethods.Visa, TestPaymentMethods.DeclinedAfterAttaching, TestPaymentMethods.RequiresAuthentication, TestPaymentMethods.Blocked, TestPaymentMethods.Declined];
        string[] coupons = ["once20", "half4", "p20", "minus5", "all", "eur5", "boosted"];
        var plan = plans[random.Next(plans.Length)];
        var proration = (Proration)random.Next(3);
        var hasAny = world.Read().Subscriptions.Count > 0;
        var hasInvoice = world.Invoices.Count > 0;
        var choice = random.Next(18);
        if (!hasAny && choice > 5)
            choice = 5;

        switch (choice)
        {
            case 0 or 1:
                world.Card(cards[random.Next(cards.Length)]);
                break;
            case 2 when world.Read().PaymentMethods is [var card, ..]:
                world.RemoveCard(card);
                break;
            case 3:
                world.Charge(random.Next(-500, 2_000), hasAny && random.Next(2) == 0 ? world.Subscription.Id : null);
                break;
            case 4:
                world.Credit(random.Next(1, 3_000));
                break;
            case 5:
                var request = world.Request(plan) with { Replaces = hasAny ? world.Subscription.Id : null, Proration = proration };
                world.Subscribe(random.Next(6) switch
                {
                    0 or 1 => request with { TrialEnd = world.Now.AddDays(random.Next(0, 40)), WhenNoPaymentMethod = (TrialEndBehavior)random.Next(3) },
                    2 => request with { BillingCycleAnchor = world.Now.AddDays(random.Next(-1, 35)) },
                    3 => request with { InvoiceDueInDays = random.Next(-1, 20) },
                    4 => request with { Coupons = [coupons[random.Next(coupons.Length)], coupons[random.Next(coupons.Length)]] },
                    _ => request,
                });
                break;
            case 6 or 7:
                ChangeAsQuoted(world, world.ChangeTo(plan, proration, (ChangeTiming)(random.Next(4) / 3), random.Next(3) switch
                {
                    0 => [new("basic/usd/year", 1)],
                    1 => [new("team/seat/usd/month", random.Next(0, 9)), new("boost/usd/month", random.Next(0, 3))],
                    _ => [],
                }));
                break;
            case 8:
                world.TrialEnd(random.Next(3) == 0 ? null : world.Now.AddDays(random.Next(-2, 60)));
                break;
            case 9:
                world.Pause((PauseBehavior)random.Next(3), random.Next(2) == 0 ? null : world.Now.AddDays(random.Next(0, 60)));
                break;
            case 10:
                world.Resume();
                break;
            case 11:
                world.Cancel(random.Next(4) switch
                {
                    0 => new CancelOptions { Timing = CancelTiming.Immediately, Prorate = random.Next(2) == 0, InvoiceNow = random.Next(2) == 0 },
                    1 => new CancelOptions { At = world.Now.AddDays(random.Next(-1, 50)), Prorate = random.Next(2) == 0 },
                    _ => new CancelOptions(),
                });
                break;
            case 12:
                world.Coupon(coupons[random.Next(coupons.Length)]);
                break;
            case 13:
                world.ChargeNow(random.Next(1, 900));
                break;
            case 14 when hasInvoice:
                world.Act(world.Invoices[random.Next(world.Invoices.Count)], (InvoiceAction)random.Next(5));
                break;
            case 15 when hasInvoice:
                world.Refund(world.Invoices[random.Next(world.Invoices.Count)], random.Next(-1, 500));
                break;
            case 16:
                world.Use(random.Next(0, 400), world.Now.AddHours(-random.Next(0, 800)));
                break;
            default:
                world.Answer(random.Next(2) == 0);
                break;
        }
    }

    private static CustomerSnapshot Audit(World world, CustomerSnapshot before)
    {
        var now = world.Read();
        foreach (var subscription in now.Subscriptions)
        {
            var old = before.Subscriptions.FirstOrDefault(candidate => candidate.Id == subscription.Id);
            if (old is not null && old.Status != subscription.Status)
                Assert.True(IsReachable(old.Status, subscription.Status, 4), $"{old.Status} became {subscription.Status}");
            if (old is { IsLive: false })
                Assert.Equal(old, subscription);

            Assert.Equal(subscription.IsLive, subscription.EndedAt is null);
            Assert.True(subscription.CurrentPeriod.Start <= subscription.CurrentPeriod.End, "A period ends before it starts.");
            if (subscription.Status is SubscriptionStatus.Active or SubscriptionStatus.Trialing or SubscriptionStatus.PastDue)
                Assert.True(subscription.CurrentPeriod.Contains(world.Now), $"{subscription.CurrentPeriod} is not now, {world.Now}");
            Assert.Equal(subscription.Status is SubscriptionStatus.PastDue or SubscriptionStatus.Unpaid, subscription.PastDueSince is not null && subscription.Status is not (SubscriptionStatus.Canceled or SubscriptionStatus.Paused));
        }

        Assert.True(now.Subscriptions.Count(subscription => subscription.IsLive) <= 1, "Two live subscriptions of one name.");
        Assert.Equal(Enumerable.Range(1, now.Invoices.Count(invoice => invoice.Number is not null)), now.Invoices.Where(invoice => invoice.Number is not null).Select(invoice => int.Parse(invoice.Number![9..], null)).Order());
        foreach (var invoice in now.Invoices)
        {
            Assert.Equal(invoice.Subtotal.MinorUnits, invoice.Lines.Sum(line => line.Amount.MinorUnits));
            Assert.Equal(invoice.Total, invoice.Subtotal - invoice.Discount + invoice.Tax);
            Assert.False(invoice.AmountDue.IsNegative || invoice.Discount.IsNegative);
            Assert.Equal(invoice.Status == InvoiceStatus.Draft, invoice.FinalizedAt is null);
            Assert.Equal(invoice.Status == InvoiceStatus.Paid, invoice.PaidAt is not null);
            if (invoice.Status == InvoiceStatus.Paid)
                Assert.Equal(invoice.AmountDue, invoice.AmountPaid);
            if (invoice.Status is not (InvoiceStatus.Draft or InvoiceStatus.Open))
                Assert.Null(invoice.NextPaymentAttempt);
            if (before.Invoices.FirstOrDefault(candidate => candidate.Id == invoice.Id) is { FinalizedAt: not null } frozen)
                Assert.Equal(frozen.Lines, invoice.Lines);
        }

        return now;
    }

    // Several edges may lie between two looks.
    private static bool IsReachable(SubscriptionStatus from, SubscriptionStatus to, int edges) =>
        Legal[from].Contains(to) || (edges > 1 && Legal[from].Any(next => IsReachable(next, to, edges - 1)));
}
