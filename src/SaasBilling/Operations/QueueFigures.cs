using SaasBilling.Storage;

namespace SaasBilling;

/// <summary>How the queue of jobs is: for health checks and dashboards.</summary>
/// <param name="Due">Jobs that are due and that nobody works on yet.</param>
/// <param name="Leased">Jobs that a worker holds.</param>
/// <param name="Retrying">Jobs that failed and wait for their next try.</param>
/// <param name="Quarantined">Jobs that failed too often, and wait for a person.</param>
/// <param name="OldestDueAt">When the oldest of those that are due should have been done, UTC; null: none is due. A worker that keeps up has it in the last seconds.</param>
/// <param name="Kinds">The same for each kind.</param>
public sealed record QueueFigures(int Due, int Leased, int Retrying, int Quarantined, DateTimeOffset? OldestDueAt, IReadOnlyList<JobKindFigures> Kinds);

/// <summary>How the queue of one kind of jobs is.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Due">Jobs that are due and that nobody works on yet.</param>
/// <param name="Leased">Jobs that a worker holds.</param>
/// <param name="Retrying">Jobs that failed and wait for their next try.</param>
/// <param name="Quarantined">Jobs that failed too often, and wait for a person.</param>
/// <param name="OldestDueAt">When the oldest of those that are due should have been done, UTC; null: none is due.</param>
public sealed record JobKindFigures(JobKind Kind, int Due, int Leased, int Retrying, int Quarantined, DateTimeOffset? OldestDueAt);
