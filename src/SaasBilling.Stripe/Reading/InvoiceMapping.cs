using SaasBilling.Stripe.Catalog;
using SaasBilling.Stripe.Wire;

namespace SaasBilling.Stripe.Reading;

/// <summary>What was charged? Pure.</summary>
internal sealed class InvoiceMapping(Func<string, PriceName?> prices)
{
    /// <summary>The failure of an invoice that had nothing to be charged to.</summary>
    internal const string NoPaymentMethod = "no_payment_method";

    /// <summary>A plan without prices is never invoiced; Stripe's zero invoices of the price that stands for it are not told of.</summary>
    public bool IsOfFreePlan(WireInvoice invoice) =>
        invoice is { Total: 0, Subtotal: 0, Lines.Count: > 0, HasMoreLines: false } && invoice.Lines.All(line => line.Price is { } price && prices(price) is { IsFree: true });

    public Invoice ToInvoice(Account account, WireInvoice invoice)
    {
        var id = invoice.Id ?? throw new BillingException(BillingErrorCode.ProviderUnavailable, "Stripe's invoice 'without id' has no 'id'. Nothing was changed.");
        var charges = account.Charges.Where(charge => invoice.Payments.Contains(charge.PaymentIntent ?? charge.Id, StringComparer.Ordinal) || invoice.Payments.Contains(charge.Id, StringComparer.Ordinal)).OrderBy(charge => charge.Created).ToList();
        var failures = FailuresOf(account, invoice, charges);
        return Preview(account.AppId, invoice) with
        {
            Id = id,
            Failures = failures,
            LastDeclineCode = failures is [.., var last] ? last.DeclineCode : null,
            Refunds = [.. charges.SelectMany(charge => charge.Refunds).Where(refund => refund.Counts).OrderBy(refund => refund.Created).ThenBy(refund => refund.Id, StringComparer.Ordinal)
                .Select(refund => new Refund(refund.Id, id, WireMoney.ToMoney(refund.Amount, refund.Currency), refund.Created))],
            DisputedAt = charges.Where(charge => charge.IsDisputed).Select(charge => account.Disputes.TryGetValue(charge.Id, out var at) ? at : charge.Created).Cast<DateTimeOffset?>().Min(),
        };
    }

    /// <summary>What stands on the invoice itself; a preview has no more.</summary>
    public Invoice Preview(string customerId, WireInvoice invoice) => new()
    {
        Id = invoice.Id ?? "preview",
        Number = invoice.Status == InvoiceStatus.Draft ? null : invoice.Number,
        CustomerId = customerId,
        SubscriptionId = invoice.Subscription,
        Status = invoice.Status,
        Reason = invoice.Reason,
        Subtotal = Amount(invoice, invoice.Subtotal),
        Discount = Amount(invoice, invoice.Discount),
        Tax = Amount(invoice, invoice.Tax),
        Total = Amount(invoice, invoice.Total),
        AmountDue = Amount(invoice, invoice.AmountDue),
        AmountPaid = Amount(invoice, invoice.AmountPaid),
        Lines = [.. invoice.Lines.Select(line => ToLine(line, invoice.Currency))],
        CreatedAt = invoice.Created,
        FinalizedAt = invoice.FinalizedAt,
        DueAt = invoice.DueAt,
        PaidAt = invoice.PaidAt,
        NextPaymentAttempt = invoice.NextAttempt,
        AttemptCount = invoice.AttemptCount,
        HostedUrl = invoice.Status is InvoiceStatus.Open or InvoiceStatus.Uncollectible ? invoice.HostedUrl : null,
    };

    public InvoiceLine ToLine(WireLine line, string currency) => new(line.Description, WireMoney.ToMoney(line.Amount, currency), line.Quantity, line.Period, line.IsProration)
    {
        PriceKey = line is { IsOfSubscription: true, Price: { } price } ? prices(price)?.Key ?? price : null,
    };

    // Stripe keeps a charge for each attempt that reached the bank. What did not reach it (no card, a question to the customer) shows on the invoice
    // and its intent.
    private static List<PaymentFailure> FailuresOf(Account account, WireInvoice invoice, List<WireCharge> charges)
    {
        var failures = charges.Where(charge => charge.Failed).Select(charge => new PaymentFailure(charge.Id, charge.Created, charge.DeclineCode, RequiresAction: false)).ToList();
        var asking = invoice.Payments.Select(id => account.Intents.GetValueOrDefault(id)).FirstOrDefault(intent => intent is { RequiresAction: true });
        if (invoice.Status == InvoiceStatus.Open && asking is not null)
        {
            if (failures is [.., { DeclineCode: "authentication_required" } last])
                failures[^1] = last with { DeclineCode = null, RequiresAction = true };
            else
                failures.Add(new PaymentFailure($"{asking.Id}:action", invoice.FinalizedAt ?? invoice.Created, DeclineCode: null, RequiresAction: true));
        }
        else if (failures.Count == 0 && IsWithoutMethod(account, invoice, charges))
        {
            failures.Add(new PaymentFailure($"{invoice.Id}:{NoPaymentMethod}", invoice.FinalizedAt ?? invoice.Created, NoPaymentMethod, RequiresAction: false));
        }

        return failures;
    }

    private static bool IsWithoutMethod(Account account, WireInvoice invoice, List<WireCharge> charges) =>
        invoice is { Status: InvoiceStatus.Open, IsSent: false, AmountRemaining: > 0 }
        && charges.Count == 0
        && (invoice.WasAttempted || account.Subscriptions.Any(subscription => subscription.Id == invoice.Subscription && subscription.Status is SubscriptionStatus.PastDue or SubscriptionStatus.Unpaid));

    private static Money Amount(WireInvoice invoice, long amount) => WireMoney.ToMoney(amount, invoice.Currency);
}
