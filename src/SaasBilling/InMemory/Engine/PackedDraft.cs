using System.Runtime.InteropServices;

namespace SaasBilling.InMemory.Engine;

/// <summary>
/// The draft between a period's start and its finalization, when it asks for the prices of the period and nothing else: its lines follow from the
/// subscription's items, as they were debited.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct PackedDraft
{
    private PackedNumber _createdAt;
    private PackedNumber _nextAttemptAt;
    private long _amountDue;
    private PackedNumber _revision;
    private int _number;
    private BillingReason _reason;

    public bool TryPack(EngineInvoice invoice, EngineSubscription subscription)
    {
        if (!IsPlain(invoice) || invoice.SubscriptionNumber != subscription.Number || invoice.Currency != subscription.Currency || !AsksForItems(invoice, subscription))
            return false;

        var fits = true;
        _createdAt = PackedNumber.Of(invoice.CreatedAt, ref fits);
        _nextAttemptAt = PackedNumber.Of(invoice.NextAttemptAt, ref fits);
        _amountDue = invoice.AmountDue;
        _revision = PackedNumber.Of(invoice.Revision, ref fits);
        _number = invoice.Number;
        _reason = invoice.Reason;
        return fits;
    }

    public readonly EngineInvoice Unpack(EngineSubscription subscription)
    {
        var lines = new EngineLine[subscription.Items.Length];
        var subtotal = 0L;
        for (var i = 0; i < lines.Length; i++)
        {
            lines[i] = LineOf(subscription.Items[i], subscription);
            subtotal += lines[i].Amount;
        }

        return new EngineInvoice
        {
            Number = _number,
            SubscriptionNumber = subscription.Number,
            Status = InvoiceStatus.Draft,
            Reason = _reason,
            Currency = subscription.Currency,
            CreatedAt = _createdAt.Value,
            NextAttemptAt = _nextAttemptAt.Value,
            Lines = lines,
            Subtotal = subtotal,
            AmountDue = _amountDue,
            Revision = _revision.Value,
        };
    }

    private static EngineLine LineOf(EngineItem item, EngineSubscription subscription) => new()
    {
        Kind = LineKind.Licensed,
        Price = item.Price,
        Quantity = item.Quantity,
        Amount = item.Debited,
        Start = subscription.PeriodStart,
        End = subscription.PeriodEnd,
    };

    private static bool AsksForItems(EngineInvoice invoice, EngineSubscription subscription)
    {
        var items = subscription.Items;
        if (invoice.Lines.Length != items.Length)
            return false;

        var subtotal = 0L;
        for (var i = 0; i < items.Length; i++)
        {
            if (invoice.Lines[i] != LineOf(items[i], subscription))
                return false;

            subtotal += items[i].Debited;
        }

        return invoice.Subtotal == subtotal;
    }

    private static bool IsPlain(EngineInvoice invoice) =>
        invoice is
        {
            Status: InvoiceStatus.Draft,
            Serial: 0,
            FinalizedAt: Instants.Never,
            DueAt: Instants.Never,
            PaidAt: Instants.Never,
            DisputedAt: Instants.Never,
            Discounts: null,
            Discount: 0,
            Tax: 0,
            AmountPaid: 0,
            PaidByCard: 0,
            AppliedBalance: 0,
            AttemptCount: 0,
            RetriesTaken: 0,
            ActionCard: 0,
            FailedCard: 0,
            IsSent: false,
            IsOverdue: false,
            Failures: null,
            Refunds: null,
        };
}
