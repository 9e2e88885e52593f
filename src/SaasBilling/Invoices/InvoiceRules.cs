using SaasBilling.Providers;

namespace SaasBilling;

/// <summary>What can be done with an invoice in which state. Source: https://docs.stripe.com/invoicing/integration/workflow-transitions.</summary>
internal static class InvoiceRules
{
    /// <summary>Refuses what the invoice's status does not allow.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidState"/>.</exception>
    public static void Require(Invoice invoice, InvoiceAction action)
    {
        var mend = (action, invoice.Status) switch
        {
            (InvoiceAction.Finalize, InvoiceStatus.Draft) => null,
            (InvoiceAction.Finalize, _) => "Only a draft can be finalized.",
            (_, InvoiceStatus.Draft) when action is InvoiceAction.Void or InvoiceAction.MarkUncollectible => "Finalize it first, with FinalizeInvoiceAsync.",
            (InvoiceAction.Pay or InvoiceAction.PayOutOfBand, InvoiceStatus.Draft or InvoiceStatus.Open or InvoiceStatus.Uncollectible) => null,
            (InvoiceAction.Pay or InvoiceAction.PayOutOfBand, _) => "Only a draft, an open or an uncollectible invoice can be paid.",
            (InvoiceAction.Void, InvoiceStatus.Open or InvoiceStatus.Uncollectible) => null,
            (InvoiceAction.Void, InvoiceStatus.Paid) => "What was paid is returned with RefundAsync.",
            (InvoiceAction.Void, _) => "Only an open or an uncollectible invoice can be made void.",
            (_, InvoiceStatus.Open) => null,
            _ => "Only an open invoice can be written off.",
        };
        if (mend is not null)
            throw Checks.State($"Invoice '{invoice.Id}' of customer '{invoice.CustomerId}' is {invoice.Status}. {mend}");
    }

    /// <summary>How much is returned.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidState"/>, <see cref="BillingErrorCode.InvalidArgument"/>, <see cref="BillingErrorCode.CurrencyMismatch"/>.</exception>
    public static Money Refundable(Invoice invoice, Money? wanted)
    {
        var name = $"'{invoice.Id}' of customer '{invoice.CustomerId}'";
        var which = $"Invoice {name}";
        if (invoice.Status != InvoiceStatus.Paid)
            throw Checks.State($"{which} is {invoice.Status}; only what was paid can be returned.");

        var left = invoice.Refunds.Aggregate(invoice.AmountPaid, (sum, refund) => sum - refund.Amount);
        if (!left.IsPositive)
            throw Checks.State(invoice.AmountPaid.IsZero ? $"{which} was settled without a payment, so that there is nothing to return." : $"{which} was returned in full already.");
        if (wanted is not { } amount)
            return left;

        if (amount.Currency != left.Currency)
            throw new BillingException(BillingErrorCode.CurrencyMismatch, $"{which} was paid in {left.Currency}, so that {amount} cannot be returned. Use an amount in {left.Currency}.");
        return amount <= left ? amount : throw Checks.Invalid($"Of invoice {name} {left} can be returned, which is less than {amount}. Use at most {left}.");
    }
}
