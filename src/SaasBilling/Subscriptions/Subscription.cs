using System.Globalization;
using System.Text;

namespace SaasBilling;

/// <summary>What a customer has: a plan, its items, its period and its status. Immutable; each change makes a new one.</summary>
public sealed record Subscription
{
    /// <summary>The provider's id.</summary>
    public required string Id { get; init; }

    /// <summary>The application's id of the customer.</summary>
    public required string CustomerId { get; init; }

    /// <summary>A customer can have several subscriptions, each with a name of its own; the usual one is <c>default</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The plan in the catalog.</summary>
    public required string PlanKey { get; init; }

    /// <summary>Where it is in its life.</summary>
    public required SubscriptionStatus Status { get; init; }

    /// <summary>What is billed: one item for each price of the plan and of its add-ons. Empty on a free plan.</summary>
    public required IReadOnlyList<SubscriptionItem> Items { get; init; }

    /// <summary>The period that is paid for, or the trial.</summary>
    public required BillingPeriod CurrentPeriod { get; init; }

    /// <summary>All periods are counted from here: boundary n is anchor + n intervals, clamped to the month.</summary>
    public required DateTimeOffset BillingCycleAnchor { get; init; }

    /// <summary>The interval that it renews at.</summary>
    public BillingInterval Interval { get; init; } = BillingInterval.Monthly;

    /// <summary>The one currency that it is billed in; null on a free plan.</summary>
    public Currency? Currency { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The newest trial, running or over.</summary>
    public BillingPeriod? Trial { get; init; }

    /// <summary>When it will end, or ended, by a scheduled cancellation: at the period's end or at a date.</summary>
    public DateTimeOffset? CancelsAt { get; init; }

    /// <summary>Whether the time that is cut off goes to the credit balance when it ends at <see cref="CancelsAt"/>. At the period's end nothing is cut off.</summary>
    public bool CancelProrates { get; init; }

    /// <summary>When the cancellation was asked for; cleared when it is undone.</summary>
    public DateTimeOffset? CanceledAt { get; init; }

    /// <summary>The reason that was given for the cancellation.</summary>
    public string? CancellationReason { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When the payment failure that made it past due happened; null when nothing is owed.</summary>
    public DateTimeOffset? PastDueSince { get; init; }

    /// <summary>How its collection is paused; null when it is not, or when a trial's end paused it.</summary>
    public PauseOptions? Pause { get; init; }

    /// <summary>The change that takes place at the end of the period.</summary>
    public SubscriptionChange? ScheduledChange { get; init; }

    /// <summary>The payment that waits on the customer.</summary>
    public PendingPayment? PendingPayment { get; init; }

    /// <summary>The running discounts, in the order in which they apply.</summary>
    public IReadOnlyList<AppliedDiscount> Discounts { get; init; } = [];

    /// <summary>Invoices are sent and due in so many days; null: charged automatically.</summary>
    public int? InvoiceDueInDays { get; init; }

    /// <summary>Whether it has not ended: not <see cref="SubscriptionStatus.Canceled"/> and not <see cref="SubscriptionStatus.IncompleteExpired"/>.</summary>
    public bool IsLive => Status is not (SubscriptionStatus.Canceled or SubscriptionStatus.IncompleteExpired);

    /// <summary>Equal when every member is, lists compared item by item.</summary>
    public bool Equals(Subscription? other) =>
        ReferenceEquals(this, other) || (other is not null
        && Id == other.Id && CustomerId == other.CustomerId && Name == other.Name && PlanKey == other.PlanKey && Status == other.Status
        && Items.SequenceEqual(other.Items) && CurrentPeriod == other.CurrentPeriod && BillingCycleAnchor == other.BillingCycleAnchor
        && Interval == other.Interval && Currency == other.Currency && CreatedAt == other.CreatedAt && Trial == other.Trial
        && CancelsAt == other.CancelsAt && CancelProrates == other.CancelProrates && CanceledAt == other.CanceledAt && CancellationReason == other.CancellationReason
        && EndedAt == other.EndedAt && PastDueSince == other.PastDueSince && Pause == other.Pause && ScheduledChange == other.ScheduledChange
        && PendingPayment == other.PendingPayment && Discounts.SequenceEqual(other.Discounts) && InvoiceDueInDays == other.InvoiceDueInDays);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Status, CurrentPeriod, CancelsAt);

    // Lists are printed item by item.
    private bool PrintMembers(StringBuilder text)
    {
        text
            .Append(CultureInfo.InvariantCulture, $"Id = {Id}, CustomerId = {CustomerId}, Name = {Name}, PlanKey = {PlanKey}, Status = {Status}, ")
            .Append(CultureInfo.InvariantCulture, $"Items = [{string.Join(", ", Items)}], CurrentPeriod = {CurrentPeriod}, BillingCycleAnchor = {BillingCycleAnchor}, ")
            .Append(CultureInfo.InvariantCulture, $"Interval = {Interval}, Currency = {Currency}, CreatedAt = {CreatedAt}, Trial = {Trial}, CancelsAt = {CancelsAt}, ")
            .Append(CultureInfo.InvariantCulture, $"CancelProrates = {CancelProrates}, CanceledAt = {CanceledAt}, CancellationReason = {CancellationReason}, ")
            .Append(CultureInfo.InvariantCulture, $"EndedAt = {EndedAt}, PastDueSince = {PastDueSince}, Pause = {Pause}, ScheduledChange = {ScheduledChange}, ")
            .Append(CultureInfo.InvariantCulture, $"PendingPayment = {PendingPayment}, Discounts = [{string.Join(", ", Discounts)}], InvoiceDueInDays = {InvoiceDueInDays}, ")
            .Append(CultureInfo.InvariantCulture, $"IsLive = {IsLive}");
        return true;
    }
}
