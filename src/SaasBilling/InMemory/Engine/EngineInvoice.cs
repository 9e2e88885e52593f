using System.Runtime.InteropServices;

namespace SaasBilling.InMemory.Engine;

/// <summary>An attempt to charge that failed.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct EngineFailure(long At, string? DeclineCode, bool RequiresAction);

/// <summary>Money that went back to the card.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct EngineRefund(long At, long Amount);

/// <summary>An invoice: minor units of <see cref="Currency"/>, unix seconds, <see cref="Instants.Never"/> where an instant is not set.</summary>
internal sealed class EngineInvoice
{
    /// <summary>Counts the customer's invoices from 1; the public id is made of it.</summary>
    public int Number { get; set; }

    /// <summary>The running part of the public number; 0 until it is finalized.</summary>
    public int Serial { get; set; }

    /// <summary>The number of the subscription within the customer; 0 for a one-off charge.</summary>
    public int SubscriptionNumber { get; set; }

    public InvoiceStatus Status { get; set; }

    public BillingReason Reason { get; set; }

    public Currency Currency { get; set; }

    public long CreatedAt { get; set; }

    public long FinalizedAt { get; set; } = Instants.Never;

    public long DueAt { get; set; } = Instants.Never;

    public long PaidAt { get; set; } = Instants.Never;

    /// <summary>Of a draft: when it is finalized. Of an open one: the next automatic attempt.</summary>
    public long NextAttemptAt { get; set; } = Instants.Never;

    public long DisputedAt { get; set; } = Instants.Never;

    public EngineLine[] Lines { get; set; } = [];

    /// <summary>The coupons that reduce it, for as long as it is a draft whose lines may change.</summary>
    public EngineDiscount[]? Discounts { get; set; }

    public long Subtotal { get; set; }

    /// <summary>Not negative.</summary>
    public long Discount { get; set; }

    public long Tax { get; set; }

    public long AmountDue { get; set; }

    public long AmountPaid { get; set; }

    /// <summary>The part of <see cref="AmountPaid"/> that a card paid: what can be refunded.</summary>
    public long PaidByCard { get; set; }

    /// <summary>What the credit balance took off the total (negative: what it added); goes back when the invoice is voided.</summary>
    public long AppliedBalance { get; set; }

    public int AttemptCount { get; set; }

    /// <summary>How many steps of the retry schedule were taken, also those that were passed over.</summary>
    public int RetriesTaken { get; set; }

    /// <summary>The card whose bank waits for the customer's answer; 0: none.</summary>
    public int ActionCard { get; set; }

    /// <summary>The card of the last failure; 0: none.</summary>
    public int FailedCard { get; set; }

    /// <summary>Sent to the customer, not charged.</summary>
    public bool IsSent { get; set; }

    /// <summary>A sent invoice whose due date has passed.</summary>
    public bool IsOverdue { get; set; }

    public List<EngineFailure>? Failures { get; set; }

    public List<EngineRefund>? Refunds { get; set; }

    /// <summary>The customer's revision at the last change.</summary>
    public long Revision { get; set; }

    public long Total => Subtotal - Discount + Tax;

    public bool IsSettled => Status is InvoiceStatus.Paid or InvoiceStatus.Void;

    public EngineInvoice Copy()
    {
        var copy = (EngineInvoice)MemberwiseClone();
        copy.Lines = (EngineLine[])Lines.Clone();
        copy.Failures = Failures is null ? null : [.. Failures];
        copy.Refunds = Refunds is null ? null : [.. Refunds];
        return copy;
    }
}
