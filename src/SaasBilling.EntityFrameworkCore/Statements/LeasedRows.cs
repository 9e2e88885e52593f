using System.Data.Common;
using SaasBilling.EntityFrameworkCore.Model;
using SaasBilling.EntityFrameworkCore.Queue;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Statements;

/// <summary>Reads jobs that were just leased, with what they are handed out with.</summary>
/// <param name="request">What was asked for.</param>
/// <param name="token">What was written into the rows.</param>
internal sealed class LeasedRows(LeaseRequest request, Guid token)
{
    /// <summary>What is read of a job, in this order.</summary>
    public static readonly string[] OfJob =
    [
        nameof(JobRow.Id), nameof(JobRow.Key), nameof(JobRow.CustomerId), nameof(JobRow.Lane), nameof(JobRow.Sequence), nameof(JobRow.DueAt), nameof(JobRow.NotBefore),
        nameof(JobRow.Attempts), nameof(JobRow.LastError), nameof(JobRow.EventId),
    ];

    /// <summary>What is read of a doorbell's message, behind it.</summary>
    public static readonly string[] OfMessage =
    [
        nameof(InboxRow.Provider), nameof(InboxRow.EventId), nameof(InboxRow.IsLive), nameof(InboxRow.Type), nameof(InboxRow.ObjectId), nameof(InboxRow.Subject),
        nameof(InboxRow.ReceivedAt), nameof(InboxRow.Body),
    ];

    public Guid Token => token;

    /// <summary>When the leases run out.</summary>
    public UtcInstant Until { get; } = request.LeasedAt + request.Duration;

    public JobWithPayload Read(DbDataReader reader)
    {
        var payload = OfJob.Length;
        return request.Kind switch
        {
            JobKind.Hook => new(Leased(reader), Text(reader, payload), Text(reader, payload + 1), null),
            JobKind.Doorbell => new(Leased(reader), null, null, reader.IsDBNull(payload) ? null : Message(reader, payload)),
            _ => new(Leased(reader), null, null, null),
        };
    }

    /// <summary>A leased job, read with its kind, the instant for which it was leased, and whether it is a suspect behind the rest.</summary>
    public static JobRow Held(DbDataReader reader)
    {
        var row = Job(reader, Enum.Parse<JobKind>(reader.GetString(OfJob.Length)));
        row.LeasedDueAt = Instant(reader, OfJob.Length + 1);
        row.IsSuspect = reader.GetBoolean(OfJob.Length + 2);
        return row;
    }

    private JobRow Leased(DbDataReader reader)
    {
        var row = Job(reader, request.Kind);
        (row.LeaseToken, row.LeasedUntil, row.ReadyAt, row.LeasedDueAt, row.IsSuspect) = (token, Until, Until, row.DueAt, request.Suspects);
        return row;
    }

    private static JobRow Job(DbDataReader reader, JobKind kind) => new()
    {
        Id = reader.GetInt64(0),
        Key = reader.GetString(1),
        Kind = kind,
        CustomerId = reader.GetString(2),
        Lane = reader.GetString(3),
        Sequence = reader.GetInt64(4),
        DueAt = Instant(reader, 5),
        NotBefore = Instant(reader, 6),
        Status = JobStatus.Leased,
        Attempts = reader.GetInt32(7),
        LastError = Text(reader, 8),
        EventId = Text(reader, 9),
    };

    private static InboxRow Message(DbDataReader reader, int first) => new()
    {
        JobKey = reader.GetString(1),
        Provider = reader.GetString(first),
        EventId = reader.GetString(first + 1),
        IsLive = reader.GetBoolean(first + 2),
        Type = reader.GetString(first + 3),
        ObjectId = Text(reader, first + 4),
        Subject = reader.GetString(first + 5),
        ReceivedAt = UtcInstant.FromDateTime(reader.GetDateTime(first + 6)),
        Body = Text(reader, first + 7),
    };

    private static string? Text(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static UtcInstant? Instant(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : UtcInstant.FromDateTime(reader.GetDateTime(column));
}
