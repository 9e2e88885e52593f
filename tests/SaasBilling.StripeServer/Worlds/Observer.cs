using SaasBilling.InMemory.Engine;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Worlds;

/// <summary>Tells what a step of the engine changed: makes records of what is new, and events of what differs.</summary>
internal static class Observer
{
    private const long TrialNotice = 3 * Instants.SecondsPerDay;

    public static void Observe(Account account, World world, CustomerRecord customer)
    {
        var engine = world.Find(customer);
        var since = customer.Seen;
        customer.Seen = engine.Revision;
        var subscriptions = engine.Subscriptions.Where(subscription => subscription.Revision > since).ToList();
        foreach (var subscription in subscriptions)
            See(account, world, customer, subscription);

        var invoices = world.Engine.InvoicesSince(engine, since);
        foreach (var invoice in invoices)
        {
            if (!customer.Invoices.ContainsKey(invoice.Number))
                Add(account, customer, engine, invoice);
            Attach(account, customer.Invoices[invoice.Number], invoice);
        }

        foreach (var subscription in subscriptions)
            customer.Subscriptions[subscription.Number].Period = (subscription.PeriodStart, subscription.PeriodEnd);

        PendingProrations.Follow(account, customer, engine, invoices);
        foreach (var subscription in subscriptions)
            SubscriptionEvents.TellNew(account, customer.Subscriptions[subscription.Number]);
        foreach (var invoice in invoices)
            InvoiceEvents.Tell(account, world, customer.Invoices[invoice.Number], invoice);
        foreach (var subscription in subscriptions)
            SubscriptionEvents.Tell(account, customer.Subscriptions[subscription.Number], subscription);

        BalanceLedger.Tell(account, customer, engine);
        account.Events.TellChange(customer, "customer.updated");
    }

    private static void See(Account account, World world, CustomerRecord customer, EngineSubscription subscription)
    {
        if (!customer.Subscriptions.TryGetValue(subscription.Number, out var record))
        {
            record = account.Objects.Add(new SubscriptionRecord(account.Objects.NewId("sub"), subscription.CreatedAt, customer, subscription.Number)
            {
                Period = (subscription.PeriodStart, subscription.PeriodEnd),
            });
            if (account.NewSubscription is { } body)
            {
                foreach (var (name, value) in body)
                    record.Body[name] = value?.DeepClone();
            }

            customer.Subscriptions.Add(subscription.Number, record);
        }

        foreach (var item in subscription.Items)
            record.Item(account.Objects, item, world.Now);

        if (record.Period.Start != subscription.PeriodStart)
            record.LastPeriod = record.Period;

        if (subscription.Status == SubscriptionStatus.Trialing && record.NoticeOf != subscription.TrialEnd)
            AwaitTrialEnd(account, world, record, subscription.TrialEnd);
    }

    private static void AwaitTrialEnd(Account account, World world, SubscriptionRecord record, long trialEnd)
    {
        record.NoticeOf = trialEnd;
        world.At(Math.Max(world.Now, trialEnd - TrialNotice), () =>
        {
            if (record.NoticeOf == trialEnd && !record.Customer.IsDeleted && record.Engine is { Status: SubscriptionStatus.Trialing })
                account.Events.Tell("customer.subscription.trial_will_end", record.Render(account), world.Now);
        });
    }

    private static void Add(Account account, CustomerRecord customer, EngineCustomer engine, EngineInvoice invoice)
    {
        var subscription = customer.Subscriptions.GetValueOrDefault(invoice.SubscriptionNumber);
        var period = invoice.Reason == BillingReason.SubscriptionCycle && subscription is not null && subscription.LastPeriod != default
            ? subscription.LastPeriod
            : (invoice.CreatedAt, invoice.CreatedAt);
        EngineDiscount[] applied = subscription is null || invoice.Discount == 0 ? [] : invoice.Discounts ?? AppliedBefore(account, subscription, engine, invoice);
        var record = account.Objects.Add(new InvoiceRecord(account.Objects.NewId("in"), invoice.CreatedAt, customer, invoice.Number)
        {
            Subscription = subscription?.Id,
            Period = period,
            Discounts = Array.ConvertAll(applied, discount => DiscountJson.IdOf(account, subscription!, discount)),
            Applied = applied,
        });
        if (invoice.Reason == BillingReason.Manual && account.NewInvoice is { } body)
        {
            foreach (var (name, value) in body)
                record.Body[name] = value?.DeepClone();
        }

        if (subscription is not null)
            subscription.LatestInvoice = record.Id;
        customer.Invoices.Add(invoice.Number, record);
    }

    // What waited is on an invoice now.
    private static void Attach(Account account, InvoiceRecord record, EngineInvoice invoice)
    {
        foreach (var line in invoice.Lines)
        {
            if (line.Kind == LineKind.Charge && account.Objects.FindPlain("invoiceitem", line.Text) is { } item)
                item.Body["invoice"] = record.Id;
        }
    }

    // An invoice that was finalized in the same step has forgotten its discounts, and one that counts once is off the subscription.
    private static EngineDiscount[] AppliedBefore(Account account, SubscriptionRecord record, EngineCustomer engine, EngineInvoice invoice)
    {
        var running = engine.FindSubscription(invoice.SubscriptionNumber)!.Discounts;
        var before = account.NewCoupons.Count > 0
            ? account.NewCoupons.Select(key => Array.Find(running, discount => discount.Coupon.Key == key) ?? new EngineDiscount(account.Catalog.GetCoupon(key), invoice.CreatedAt, Instants.Never))
            : record.UsedDiscounts;
        return [.. before.UnionBy(running, discount => discount.Coupon.Key).Where(discount => discount.RunsAt(invoice.CreatedAt)).OrderBy(discount => discount.Coupon.AppliesTo.Count == 0 ? 1 : 0)];
    }
}
