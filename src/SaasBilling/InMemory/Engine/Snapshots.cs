using System.Globalization;
using SaasBilling.Providers;

namespace SaasBilling.InMemory.Engine;

/// <summary>What the outside sees of an account: the public records, made when somebody looks.</summary>
internal static class Snapshots
{
    /// <summary>As <c>since</c>: the whole account.</summary>
    internal const long Everything = -1;

    /// <summary>What changed after a revision.</summary>
    internal static CustomerSnapshot Of(EngineContext context, EngineCustomer customer, InvoiceArchive? archive, long since)
    {
        return new CustomerSnapshot
        {
            Customer = customer.Profile,
            ObservedAt = Instants.At(context.Now),
            Cursor = customer.Revision.ToString(CultureInfo.InvariantCulture),
            Since = since == Everything ? null : since.ToString(CultureInfo.InvariantCulture),
            Subscriptions = Subscriptions(customer, since),
            Invoices = Invoices(customer, archive, since),
            PaymentMethods = since == Everything || customer.CardsRevision > since ? Cards(customer) : null,
            PendingCharges = since == Everything || customer.PendingRevision > since ? Charges(customer) : null,
        };
    }

    internal static Subscription Of(EngineCustomer customer, EngineSubscription subscription) => new()
    {
        Id = EngineIds.Subscription(customer, subscription.Number),
        CustomerId = customer.Id,
        Name = subscription.Name,
        PlanKey = subscription.Plan.Key,
        Status = PublicStatus(subscription),
        Items = Array.ConvertAll(
            subscription.Items, item => new SubscriptionItem(EngineIds.Item(customer, subscription.Number, item.Number), item.Price.Price.Key, item.Quantity)),
        CurrentPeriod = Instants.Period(subscription.PeriodStart, subscription.PeriodEnd),
        BillingCycleAnchor = Instants.At(subscription.Anchor),
        Interval = subscription.Interval,
        Currency = subscription.Currency.IsNone ? null : subscription.Currency,
        CreatedAt = Instants.At(subscription.CreatedAt),
        Trial = subscription.TrialStart == Instants.Never ? null : Instants.Period(subscription.TrialStart, subscription.TrialEnd),
        CancelsAt = Instants.AtOrNull(subscription.CancelsAt),
        CancelProrates = subscription.CancelProrates,
        CanceledAt = Instants.AtOrNull(subscription.CanceledAt),
        CancellationReason = subscription.CancellationReason,
        EndedAt = Instants.AtOrNull(subscription.EndedAt),
        PastDueSince = Instants.AtOrNull(subscription.PastDueSince),
        Pause = subscription.Pause,
        ScheduledChange = subscription.Scheduled?.Change,
        PendingPayment = Statuses.ShowsPendingPayment(subscription) ? Pending(customer, subscription) : null,
        Discounts = subscription.Discounts.Length == 0 ? [] : Array.ConvertAll(
            subscription.Discounts, static discount => new AppliedDiscount(discount.Coupon.Key, Instants.At(discount.StartsAt), Instants.AtOrNull(discount.EndsAt))),
        InvoiceDueInDays = subscription.DueInDays,
    };

    internal static Invoice Of(EngineCustomer customer, EngineInvoice invoice)
    {
        var id = EngineIds.Invoice(customer, invoice.Number);
        var currency = invoice.Currency;
        return new Invoice
        {
            Id = id,
            Number = EngineIds.InvoiceNumber(customer, invoice.Serial),
            CustomerId = customer.Id,
            SubscriptionId = invoice.SubscriptionNumber == 0 ? null : EngineIds.Subscription(customer, invoice.SubscriptionNumber),
            Status = invoice.Status,
            Reason = invoice.Reason,
            Subtotal = Money.FromMinorUnits(invoice.Subtotal, currency),
            Discount = Money.FromMinorUnits(invoice.Discount, currency),
            Tax = Money.FromMinorUnits(invoice.Tax, currency),
            Total = Money.FromMinorUnits(invoice.Total, currency),
            AmountDue = Money.FromMinorUnits(invoice.AmountDue, currency),
            AmountPaid = Money.FromMinorUnits(invoice.AmountPaid, currency),
            Lines = Array.ConvertAll(invoice.Lines, line => line.ToLine(currency)),
            CreatedAt = Instants.At(invoice.CreatedAt),
            FinalizedAt = Instants.AtOrNull(invoice.FinalizedAt),
            DueAt = Instants.AtOrNull(invoice.DueAt),
            PaidAt = Instants.AtOrNull(invoice.PaidAt),
            NextPaymentAttempt = Instants.AtOrNull(invoice.NextAttemptAt),
            AttemptCount = invoice.AttemptCount,
            LastDeclineCode = invoice.Failures is [.., var last] ? last.DeclineCode : null,
            Failures = invoice.Failures is null ? [] : [.. invoice.Failures.Select((failure, index) =>
                new PaymentFailure(EngineIds.Failure(customer, invoice.Number, index), Instants.At(failure.At), failure.DeclineCode, failure.RequiresAction))],
            Refunds = invoice.Refunds is null ? [] : [.. invoice.Refunds.Select((refund, index) =>
                new Refund(EngineIds.Refund(customer, invoice.Number, index), id, Money.FromMinorUnits(refund.Amount, currency), Instants.At(refund.At)))],
            DisputedAt = Instants.AtOrNull(invoice.DisputedAt),
            HostedUrl = invoice.Status is InvoiceStatus.Open or InvoiceStatus.Uncollectible ? PayPage(id) : null,
        };
    }

    /// <summary>A pause of collection is shown as a status: no access, whatever goes on beneath it.</summary>
    internal static SubscriptionStatus PublicStatus(EngineSubscription subscription) =>
        subscription.Pause is not null && subscription.IsLive ? SubscriptionStatus.Paused : subscription.Status;

    private static List<Subscription> Subscriptions(EngineCustomer customer, long since)
    {
        var changed = new List<Subscription>();
        foreach (var subscription in customer.Subscriptions)
        {
            if (subscription.Revision > since)
                changed.Add(Of(customer, subscription));
        }

        return changed;
    }

    private static List<Invoice> Invoices(EngineCustomer customer, InvoiceArchive? archive, long since)
    {
        var changed = InvoicesSince(customer, archive, since);
        var invoices = new List<Invoice>(changed.Count);
        foreach (var invoice in changed)
            invoices.Add(Of(customer, invoice));

        return invoices;
    }

    /// <summary>The invoices that changed after a revision, in the order of their numbers.</summary>
    internal static List<EngineInvoice> InvoicesSince(EngineCustomer customer, InvoiceArchive? archive, long since)
    {
        var changed = archive is null || customer.Archived == InvoiceArchive.None ? [] : archive.ReadSince(customer.Archived, since);
        foreach (var invoice in customer.Invoices)
        {
            if (invoice.Revision <= since)
                continue;

            changed.RemoveAll(archived => archived.Number == invoice.Number);
            changed.Add(invoice);
        }

        if (changed.Count > 1)
            changed.Sort(static (left, right) => left.Number.CompareTo(right.Number));

        return changed;
    }

    private static PaymentMethod[] Cards(EngineCustomer customer) => Array.ConvertAll(
        customer.Cards, card => card.Card.Attach(EngineIds.Card(customer, card.Number), Instants.At(card.AttachedAt), card.IsDefault));

    private static List<PendingCharge> Charges(EngineCustomer customer)
    {
        var charges = new List<PendingCharge>();
        foreach (var waiting in customer.Pending ?? [])
        {
            if (!waiting.IsProration)
                charges.Add(new PendingCharge(
                    EngineIds.Pending(customer, waiting.Number),
                    waiting.SubscriptionNumber == 0 ? null : EngineIds.Subscription(customer, waiting.SubscriptionNumber),
                    waiting.Line.ToLine(waiting.Currency)));
        }

        return charges;
    }

    private static PendingPayment? Pending(EngineCustomer customer, EngineSubscription subscription)
    {
        for (var i = customer.Invoices.Count - 1; i >= 0; i--)
        {
            var invoice = customer.Invoices[i];
            if (invoice.SubscriptionNumber != subscription.Number || invoice.Status != InvoiceStatus.Open)
                continue;

            var id = EngineIds.Invoice(customer, invoice.Number);
            return new PendingPayment(
                id,
                Money.FromMinorUnits(invoice.AmountDue, invoice.Currency),
                invoice.ActionCard != 0,
                invoice.Failures is [.., var last] ? last.DeclineCode : null,
                PayPage(id),
                EngineIds.ClientSecret(customer, id));
        }

        return null;
    }

    private static Uri PayPage(string invoiceId) => new($"/billing/pay/{invoiceId}", UriKind.Relative);
}
