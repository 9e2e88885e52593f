using System.Collections;
using System.Globalization;
using SaasBilling.Storage;

namespace SaasBilling.Reconciliation;

/// <summary>How did what was stored differ from what the provider has? Pure.</summary>
internal static class DriftRules
{
    private static readonly (string Name, Func<Customer, object?> Value)[] OfCustomers =
    [
        (nameof(Customer.CreatedAt), customer => customer.CreatedAt),
        (nameof(Customer.Email), customer => customer.Email),
        (nameof(Customer.Name), customer => customer.Name),
        (nameof(Customer.TimeZone), customer => customer.TimeZone),
        (nameof(Customer.Locale), customer => customer.Locale),
        (nameof(Customer.Metadata), customer => customer.Metadata?.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key} = {entry.Value}")),
        (nameof(Customer.DeletedAt), customer => customer.DeletedAt),
        (nameof(Customer.CreditBalance), customer => customer.CreditBalance),
    ];

    private static readonly (string Name, Func<Subscription, object?> Value)[] OfSubscriptions =
    [
        (nameof(Subscription.Status), subscription => subscription.Status),
        (nameof(Subscription.Name), subscription => subscription.Name),
        (nameof(Subscription.PlanKey), subscription => subscription.PlanKey),
        (nameof(Subscription.Items), subscription => subscription.Items.Select(item => $"{item.PriceKey} x {item.Quantity}")),
        (nameof(Subscription.CurrentPeriod), subscription => subscription.CurrentPeriod),
        (nameof(Subscription.BillingCycleAnchor), subscription => subscription.BillingCycleAnchor),
        (nameof(Subscription.Interval), subscription => subscription.Interval),
        (nameof(Subscription.Currency), subscription => subscription.Currency),
        (nameof(Subscription.Trial), subscription => subscription.Trial),
        (nameof(Subscription.CancelsAt), subscription => subscription.CancelsAt),
        (nameof(Subscription.CancelProrates), subscription => subscription.CancelProrates),
        (nameof(Subscription.CanceledAt), subscription => subscription.CanceledAt),
        (nameof(Subscription.CancellationReason), subscription => subscription.CancellationReason),
        (nameof(Subscription.EndedAt), subscription => subscription.EndedAt),
        (nameof(Subscription.PastDueSince), subscription => subscription.PastDueSince),
        (nameof(Subscription.Pause), subscription => subscription.Pause),
        (nameof(Subscription.ScheduledChange), subscription => subscription.ScheduledChange),
        (nameof(Subscription.PendingPayment), subscription => subscription.PendingPayment),
        (nameof(Subscription.Discounts), subscription => subscription.Discounts),
        (nameof(Subscription.InvoiceDueInDays), subscription => subscription.InvoiceDueInDays),
    ];

    private static readonly (string Name, Func<Invoice, object?> Value)[] OfInvoices =
    [
        (nameof(Invoice.Status), invoice => invoice.Status),
        (nameof(Invoice.Number), invoice => invoice.Number),
        (nameof(Invoice.Total), invoice => invoice.Total),
        (nameof(Invoice.AmountDue), invoice => invoice.AmountDue),
        (nameof(Invoice.AmountPaid), invoice => invoice.AmountPaid),
        (nameof(Invoice.Lines), invoice => invoice.Lines),
        (nameof(Invoice.FinalizedAt), invoice => invoice.FinalizedAt),
        (nameof(Invoice.DueAt), invoice => invoice.DueAt),
        (nameof(Invoice.PaidAt), invoice => invoice.PaidAt),
        (nameof(Invoice.NextPaymentAttempt), invoice => invoice.NextPaymentAttempt),
        (nameof(Invoice.AttemptCount), invoice => invoice.AttemptCount),
        (nameof(Invoice.Failures), invoice => invoice.Failures),
        (nameof(Invoice.Refunds), invoice => invoice.Refunds),
        (nameof(Invoice.DisputedAt), invoice => invoice.DisputedAt),
        (nameof(Invoice.HostedUrl), invoice => invoice.HostedUrl),
    ];

    private static readonly (string Name, Func<PaymentMethod, object?> Value)[] OfPaymentMethods =
    [
        (nameof(PaymentMethod.Brand), method => method.Brand),
        (nameof(PaymentMethod.Last4), method => method.Last4),
        ("Expiry", method => string.Create(CultureInfo.InvariantCulture, $"{method.ExpiryYear:0000}-{method.ExpiryMonth:00}")),
        (nameof(PaymentMethod.IsDefault), method => method.IsDefault),
    ];

    private static readonly (string Name, Func<Providers.PendingCharge, object?> Value)[] OfCharges =
    [
        ("Amount", charge => charge.Line.Amount),
        (nameof(Providers.PendingCharge.Line), charge => charge.Line),
        (nameof(Providers.PendingCharge.SubscriptionId), charge => charge.SubscriptionId),
    ];

    /// <param name="before">What was stored; null: nothing.</param>
    /// <param name="settled">What was stored of invoices that are settled.</param>
    /// <param name="after">The same as the provider has it.</param>
    /// <param name="written">The invoices that were written.</param>
    /// <param name="events">What was raised.</param>
    public static IReadOnlyList<Drift> Between(CustomerState? before, IReadOnlyList<Invoice> settled, CustomerState after, IReadOnlyList<Invoice> written, IReadOnlyList<BillingEvent> events)
    {
        // Texts of records follow the culture of whoever asks.
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            var drift = new List<Drift>();
            var customerId = after.Customer.Id;
            Compare("customer", null, before?.Customer, after.Customer, OfCustomers);
            CompareAll("subscription", before?.Subscriptions ?? [], after.Subscriptions, subscription => subscription.Id, OfSubscriptions);
            CompareAll("invoice", [.. before?.OpenInvoices ?? [], .. settled], written, invoice => invoice.Id, OfInvoices);
            CompareAll("payment method", before?.PaymentMethods ?? [], after.PaymentMethods, method => method.Id, OfPaymentMethods, canGo: true);
            CompareAll("charge", before?.PendingCharges ?? [], after.PendingCharges, charge => charge.Id, OfCharges, canGo: true);
            return drift;

            void CompareAll<T>(string kind, IReadOnlyList<T> ours, IReadOnlyList<T> theirs, Func<T, string> idOf, (string, Func<T, object?>)[] fields, bool canGo = false)
                where T : class
            {
                foreach (var each in theirs)
                    Compare($"{kind} {idOf(each)}", idOf(each), ours.FirstOrDefault(known => idOf(known) == idOf(each)), each, fields);

                // An ended subscription and a settled invoice are let go of here, and are there all the same.
                foreach (var gone in canGo ? ours.Where(known => !theirs.Any(each => idOf(each) == idOf(known))) : [])
                    Compare($"{kind} {idOf(gone)}", idOf(gone), gone, null, fields);
            }

            void Compare<T>(string subject, string? id, T? ours, T? theirs, (string Name, Func<T, object?> Value)[] fields)
                where T : class
            {
                // Of what is missing the first field tells enough.
                foreach (var (name, value) in ours is null || theirs is null ? fields[..1] : fields)
                {
                    var (was, present) = (ours is null ? null : TextOf(value(ours)), theirs is null ? null : TextOf(value(theirs)));
                    if (was != present)
                        drift.Add(new Drift(customerId, subject, name, was, present, SinceOf(id, events)));
                }
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static DateTimeOffset? SinceOf(string? id, IReadOnlyList<BillingEvent> events)
    {
        DateTimeOffset? since = null;
        foreach (var billingEvent in events)
        {
            if (SubjectOf(billingEvent) == id && (since is null || billingEvent.OccurredAt < since))
                since = billingEvent.OccurredAt;
        }

        return since;
    }

    // Null is the customer.
    private static string? SubjectOf(BillingEvent billingEvent) => billingEvent switch
    {
        SubscriptionEvent told => told.Subscription.Id,
        InvoiceFinalized told => told.Invoice.Id,
        InvoicePaid told => told.Invoice.Id,
        PaymentFailed told => told.Invoice.Id,
        PaymentActionRequired told => told.Invoice.Id,
        PaymentRecovered told => told.Invoice.Id,
        PaymentDisputed told => told.Invoice.Id,
        PaymentRefunded told => told.Refund.InvoiceId,
        PaymentMethodAdded told => told.PaymentMethod.Id,
        PaymentMethodRemoved told => told.PaymentMethod.Id,
        CustomerCreated or CustomerDeleted => null,
        _ => "",
    };

    private static string? TextOf(object? value) => value switch
    {
        null => null,
        string text => text,
        DateTimeOffset instant => Checks.Show(instant),
        BillingPeriod period => $"{Checks.Show(period.Start)} - {Checks.Show(period.End)}",
        IEnumerable list => string.Join(", ", list.Cast<object?>().Select(TextOf)),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}
