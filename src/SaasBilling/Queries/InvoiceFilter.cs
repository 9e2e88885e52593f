using SaasBilling.Storage;

namespace SaasBilling;

/// <summary>
/// Which invoices, over all customers; all conditions that are set must hold. With <see cref="DueBefore"/> the list is in the order of
/// <see cref="Invoice.DueAt"/>, earliest first; without it, the newest invoice comes first.
/// </summary>
public sealed record InvoiceFilter
{
    /// <summary>In this status.</summary>
    public InvoiceStatus? Status { get; init; }

    /// <summary>Of this customer.</summary>
    public string? CustomerId { get; init; }

    /// <summary>In this currency.</summary>
    public Currency? Currency { get; init; }

    /// <summary>Sent invoices that are, or were, due before this instant, UTC.</summary>
    public DateTimeOffset? DueBefore { get; init; }

    /// <summary>Made at this instant or later, UTC.</summary>
    public DateTimeOffset? CreatedFrom { get; init; }

    /// <summary>Made before this instant, UTC.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>An invoice's place in the list.</summary>
    /// <param name="invoice">One that <see cref="Matches"/>.</param>
    public ListPosition PositionOf(Invoice invoice)
    {
        ArgumentNullException.ThrowIfNull(invoice);
        return new((DueBefore is null ? invoice.CreatedAt : invoice.DueAt) ?? default, invoice.CustomerId, invoice.Id);
    }

    /// <summary>Whether an invoice is one of those.</summary>
    /// <param name="invoice">The invoice.</param>
    public bool Matches(Invoice invoice)
    {
        ArgumentNullException.ThrowIfNull(invoice);
        return (Status is null || invoice.Status == Status)
            && (CustomerId is null || invoice.CustomerId == CustomerId)
            && (Currency is null || invoice.Total.Currency == Currency)
            && (DueBefore is null || invoice.DueAt < DueBefore)
            && !(invoice.CreatedAt < CreatedFrom)
            && !(invoice.CreatedAt >= CreatedBefore);
    }
}
