using Microsoft.EntityFrameworkCore;
using SaasBilling.EntityFrameworkCore.Database;
using SaasBilling.EntityFrameworkCore.Documents;
using SaasBilling.EntityFrameworkCore.Model;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Queue;

/// <summary>A job's row with what it is handed out with.</summary>
/// <param name="Row">The row.</param>
/// <param name="EventType">The type of its event.</param>
/// <param name="EventData">The document of its event.</param>
/// <param name="Inbox">The message of a doorbell.</param>
internal sealed record JobWithPayload(JobRow Row, string? EventType, string? EventData, InboxRow? Inbox);

/// <summary>Jobs as workers and operators see them.</summary>
internal static class JobEntries
{
    /// <summary>Reads jobs with their events and messages, in the order in which they are due.</summary>
    public static async Task<List<JobWithPayload>> ReadAsync(BillingDbContext context, IQueryable<JobRow> jobs, CancellationToken cancellationToken)
    {
        var rows = await (
            from job in jobs.AsNoTracking()
            join raised in context.Events on new { job.CustomerId, Id = job.EventId! } equals new { raised.CustomerId, raised.Id } into events
            from billingEvent in events.DefaultIfEmpty()
            join message in context.Inbox.AsNoTracking() on job.Key equals message.JobKey into messages
            from inbox in messages.DefaultIfEmpty()
            select new { Job = job, billingEvent.Type, billingEvent.Data, Inbox = inbox }).ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(row => new JobWithPayload(row.Job, row.Type, row.Data, row.Inbox)).OrderBy(found => Ready(found.Row)).ThenBy(found => found.Row.Id)];
    }

    /// <summary>The entry of a job.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidState"/>: its event cannot be read.</exception>
    public static JobEntry ToEntry(JobWithPayload found) => Entry(found.Row) with
    {
        Event = found.EventData is null ? null : BillingDocuments.ReadEvent(found.Row.CustomerId, found.Row.EventId!, found.EventType!, found.EventData),
        Message = found.Inbox is null ? null : InboxRows.Message(found.Inbox),
    };

    /// <summary>The entry of a job whose event cannot be read.</summary>
    public static JobEntry Entry(JobRow row) => new()
    {
        Job = new Job
        {
            Key = row.Key,
            Kind = row.Kind,
            CustomerId = row.CustomerId,
            Lane = row.Lane,
            DueAt = row.DueAt ?? row.LeasedDueAt ?? row.ReadyAt,
            Sequence = row.Sequence,
            EventId = row.EventId,
        },
        Status = row.Status,
        Attempts = row.Attempts,
        NotBefore = row.NotBefore is { } notBefore ? notBefore : null,
        LastError = row.LastError,
        LeaseToken = row.LeaseToken is { } token ? new LeaseToken(row.Id, token).ToString() : null,
        LeasedUntil = row.LeasedUntil is { } until ? until : null,
        IsSuspect = row.IsSuspect,
    };

    private static UtcInstant Ready(JobRow row) => UtcInstant.Later(row.DueAt ?? row.ReadyAt, row.NotBefore);
}
