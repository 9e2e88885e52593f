using SaasBilling.Storage;

namespace SaasBilling.Benchmarks.Store;

/// <summary>What commands commit.</summary>
internal static class StoreCommits
{
    /// <summary>A renewal that was paid: the customer, a subscription, an invoice, two events, a job for each.</summary>
    public static BillingCommit Renewal(string id, long version)
    {
        var period = new BillingPeriod(StoreWorld.Start.AddMonths((int)version), StoreWorld.Start.AddMonths((int)version + 1));
        var subscription = new Subscription
        {
            Id = $"sub_{id}",
            CustomerId = id,
            Name = "default",
            PlanKey = "pro",
            Status = SubscriptionStatus.Active,
            Items = [new SubscriptionItem($"si_{id}", "pro/usd/month", 1)],
            CurrentPeriod = period,
            BillingCycleAnchor = StoreWorld.Start,
            Interval = BillingInterval.Monthly,
            Currency = Currency.Of("USD"),
            CreatedAt = StoreWorld.Start,
        };
        var amount = Money.FromMinorUnits(2900, "USD");
        var invoice = new Invoice
        {
            Id = $"in_{id}_{version}",
            Number = $"{id}-{version}",
            CustomerId = id,
            SubscriptionId = subscription.Id,
            Status = InvoiceStatus.Paid,
            Reason = BillingReason.SubscriptionCycle,
            Subtotal = amount,
            Discount = Money.FromMinorUnits(0, "USD"),
            Tax = Money.FromMinorUnits(0, "USD"),
            Total = amount,
            AmountDue = Money.FromMinorUnits(0, "USD"),
            AmountPaid = amount,
            Lines = [new InvoiceLine("Pro", amount, 1, period, IsProration: false)],
            CreatedAt = period.Start,
            PaidAt = period.Start,
        };
        var number = (2 * version) - 1;
        BillingEvent[] events =
        [
            new SubscriptionRenewed { Id = $"{id}/{number}", CustomerId = id, OccurredAt = period.Start, Subscription = subscription },
            new InvoicePaid { Id = $"{id}/{number + 1}", CustomerId = id, OccurredAt = period.Start, Invoice = invoice },
        ];
        return new BillingCommit
        {
            Customer = new CustomerState
            {
                Customer = new Customer { Id = id, Email = $"{id}@customers.example", CreatedAt = StoreWorld.Start },
                Version = version,
                EventCount = number + 1,
                Subscriptions = [subscription],
                PaymentMethods = [new PaymentMethod("pm_1", "visa", "4242", 12, 2031, IsDefault: true)],
                WakeAt = period.End,
            },
            ExpectedVersion = version - 1,
            Invoices = [invoice],
            Events = events,
            Jobs = [.. events.Select((billingEvent, i) => Job(billingEvent, number + i))],
        };
    }

    /// <summary>A milestone: one event, one job.</summary>
    public static BillingCommit Milestone(string id)
    {
        var billingEvent = new MilestoneReached { Id = $"{id}/1", CustomerId = id, OccurredAt = StoreWorld.Start, Milestone = "imported-data" };
        return new BillingCommit
        {
            Customer = new CustomerState { Customer = new Customer { Id = id, CreatedAt = StoreWorld.Start }, Version = 1, EventCount = 1 },
            ExpectedVersion = 0,
            Events = [billingEvent],
            Jobs = [Job(billingEvent, 1)],
        };
    }

    private static Job Job(BillingEvent billingEvent, long number) => new()
    {
        Key = $"hook:{billingEvent.Id}:empty",
        Kind = JobKind.Hook,
        CustomerId = billingEvent.CustomerId,
        Lane = "empty",
        DueAt = StoreWorld.Start,
        Sequence = number,
        EventId = billingEvent.Id,
    };
}
