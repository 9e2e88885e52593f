namespace SaasBilling;

/// <summary>One thing that will happen.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Kind">The event's name, such as <c>SubscriptionRenewed</c>.</param>
/// <param name="Summary">One line for a person.</param>
public sealed record TimelineEntry(DateTimeOffset At, string Kind, string Summary);

/// <summary>What will happen if nobody does anything: invoices, status changes, access changes, messages.</summary>
/// <param name="Until">How far it looks ahead, UTC.</param>
/// <param name="Entries">In the order of time.</param>
/// <param name="Invoices">The invoices that will be finalized, in the order of time, as they will then be.</param>
public sealed record Forecast(DateTimeOffset Until, IReadOnlyList<TimelineEntry> Entries, IReadOnlyList<Invoice> Invoices);
