namespace SaasBilling;

/// <summary>A one-off charge was put on a coming invoice.</summary>
public sealed record ChargeAdded : BillingEvent
{
    /// <summary>The line that the invoice will have.</summary>
    public required InvoiceLine Line { get; init; }
}

/// <summary>A renewal is near: raised once a period, <see cref="SaasBillingOptions.UpcomingInvoiceNotice"/> before its end.</summary>
public sealed record InvoiceUpcoming : BillingEvent
{
    /// <summary>A preview: what would be invoiced if nothing changed.</summary>
    public required Invoice Invoice { get; init; }
}

/// <summary>An invoice got its number; its lines are frozen.</summary>
public sealed record InvoiceFinalized : BillingEvent
{
    /// <summary>The invoice.</summary>
    public required Invoice Invoice { get; init; }
}

/// <summary>An invoice was paid, also when nothing was due.</summary>
public sealed record InvoicePaid : BillingEvent
{
    /// <summary>The invoice.</summary>
    public required Invoice Invoice { get; init; }
}

/// <summary>An attempt to charge an invoice failed; raised for every attempt.</summary>
public sealed record PaymentFailed : BillingEvent
{
    /// <summary>The invoice; <see cref="Invoice.LastDeclineCode"/> says why, <see cref="Invoice.NextPaymentAttempt"/> when it is tried again.</summary>
    public required Invoice Invoice { get; init; }
}

/// <summary>The bank wants the customer to authenticate a payment.</summary>
public sealed record PaymentActionRequired : BillingEvent
{
    /// <summary>The invoice.</summary>
    public required Invoice Invoice { get; init; }
}

/// <summary>An invoice whose payment had failed, or that was past due, was paid.</summary>
public sealed record PaymentRecovered : BillingEvent
{
    /// <summary>The invoice.</summary>
    public required Invoice Invoice { get; init; }
}

/// <summary>Money went back to the customer's card.</summary>
public sealed record PaymentRefunded : BillingEvent
{
    /// <summary>The refund.</summary>
    public required Refund Refund { get; init; }
}

/// <summary>The customer disputes a charge with their bank.</summary>
public sealed record PaymentDisputed : BillingEvent
{
    /// <summary>The invoice that was charged.</summary>
    public required Invoice Invoice { get; init; }
}
