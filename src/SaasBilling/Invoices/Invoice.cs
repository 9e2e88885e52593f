using System.Globalization;
using System.Text;

namespace SaasBilling;

/// <summary>What was, or will be, charged. Amounts are in minor units of one currency. Immutable.</summary>
public sealed record Invoice
{
    /// <summary>The provider's id.</summary>
    public required string Id { get; init; }

    /// <summary><c>PREFIX-0001</c>: assigned when it is finalized, consecutive within a customer, never reused; null on a draft.</summary>
    public string? Number { get; init; }

    /// <summary>The application's id of the customer.</summary>
    public required string CustomerId { get; init; }

    /// <summary>The subscription that it bills; null for a one-off charge.</summary>
    public string? SubscriptionId { get; init; }

    /// <summary>Where it is in its life.</summary>
    public required InvoiceStatus Status { get; init; }

    /// <summary>Why it was made.</summary>
    public BillingReason Reason { get; init; }

    /// <summary>The sum of the lines, before discounts and tax.</summary>
    public required Money Subtotal { get; init; }

    /// <summary>What the discounts take off, not negative.</summary>
    public required Money Discount { get; init; }

    /// <summary>Exclusive tax.</summary>
    public required Money Tax { get; init; }

    /// <summary>Subtotal − discount + tax.</summary>
    public required Money Total { get; init; }

    /// <summary>Total less the credit balance that was applied, never below zero.</summary>
    public required Money AmountDue { get; init; }

    /// <summary>What was paid, by card or out of band.</summary>
    public required Money AmountPaid { get; init; }

    /// <summary>Its lines.</summary>
    public required IReadOnlyList<InvoiceLine> Lines { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was finalized, UTC; null on a draft.</summary>
    public DateTimeOffset? FinalizedAt { get; init; }

    /// <summary>Sent invoices: when it is due, UTC.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>When it was paid, UTC.</summary>
    public DateTimeOffset? PaidAt { get; init; }

    /// <summary>The next automatic attempt, UTC; of a draft: when it is finalized; null: no further automatic attempt.</summary>
    public DateTimeOffset? NextPaymentAttempt { get; init; }

    /// <summary>The first attempt makes it 1; afterwards only automatic retries count.</summary>
    public int AttemptCount { get; init; }

    /// <summary>Stripe's decline code of the last failure, or <c>no_payment_method</c>.</summary>
    public string? LastDeclineCode { get; init; }

    /// <summary>Every attempt that failed, oldest first.</summary>
    public IReadOnlyList<PaymentFailure> Failures { get; init; } = [];

    /// <summary>Every refund, oldest first.</summary>
    public IReadOnlyList<Refund> Refunds { get; init; } = [];

    /// <summary>When the customer disputed the charge with their bank, UTC.</summary>
    public DateTimeOffset? DisputedAt { get; init; }

    /// <summary>A page of the provider's where the customer sees and pays it.</summary>
    public Uri? HostedUrl { get; init; }

    /// <summary>Equal when every member is, lists compared item by item.</summary>
    public bool Equals(Invoice? other) =>
        ReferenceEquals(this, other) || (other is not null
        && Id == other.Id && Number == other.Number && CustomerId == other.CustomerId && SubscriptionId == other.SubscriptionId
        && Status == other.Status && Reason == other.Reason && Subtotal == other.Subtotal && Discount == other.Discount && Tax == other.Tax
        && Total == other.Total && AmountDue == other.AmountDue && AmountPaid == other.AmountPaid && Lines.SequenceEqual(other.Lines)
        && CreatedAt == other.CreatedAt && FinalizedAt == other.FinalizedAt && DueAt == other.DueAt && PaidAt == other.PaidAt
        && NextPaymentAttempt == other.NextPaymentAttempt && AttemptCount == other.AttemptCount && LastDeclineCode == other.LastDeclineCode
        && Failures.SequenceEqual(other.Failures) && Refunds.SequenceEqual(other.Refunds) && DisputedAt == other.DisputedAt
        && HostedUrl == other.HostedUrl);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Status, AmountDue, AttemptCount);

    // Lists are printed item by item.
    private bool PrintMembers(StringBuilder text)
    {
        text
            .Append(CultureInfo.InvariantCulture, $"Id = {Id}, Number = {Number}, CustomerId = {CustomerId}, SubscriptionId = {SubscriptionId}, Status = {Status}, ")
            .Append(CultureInfo.InvariantCulture, $"Reason = {Reason}, Subtotal = {Subtotal}, Discount = {Discount}, Tax = {Tax}, Total = {Total}, AmountDue = {AmountDue}, ")
            .Append(CultureInfo.InvariantCulture, $"AmountPaid = {AmountPaid}, Lines = [{string.Join(", ", Lines)}], CreatedAt = {CreatedAt}, FinalizedAt = {FinalizedAt}, ")
            .Append(CultureInfo.InvariantCulture, $"DueAt = {DueAt}, PaidAt = {PaidAt}, NextPaymentAttempt = {NextPaymentAttempt}, AttemptCount = {AttemptCount}, ")
            .Append(CultureInfo.InvariantCulture, $"LastDeclineCode = {LastDeclineCode}, Failures = [{string.Join(", ", Failures)}], ")
            .Append(CultureInfo.InvariantCulture, $"Refunds = [{string.Join(", ", Refunds)}], DisputedAt = {DisputedAt}, HostedUrl = {HostedUrl}");
        return true;
    }
}
