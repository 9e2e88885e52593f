using Microsoft.EntityFrameworkCore;
using SaasBilling.EntityFrameworkCore.Database;
using SaasBilling.EntityFrameworkCore.Model;

namespace SaasBilling.EntityFrameworkCore.Postgres;

/// <summary>A webhook with its job as one statement: of one that is there already, nothing is written.</summary>
internal sealed class PostgresInbox
{
    private readonly RowDocuments<InboxRow> _inbox;
    private readonly RowDocuments<JobRow> _jobs;
    private readonly string _receive;

    public PostgresInbox(BillingDbContext context)
    {
        _inbox = new(context, "m");
        _jobs = new(context, "j");
        _receive = $"""
            WITH input AS MATERIALIZED (SELECT $1::jsonb AS document),
            received AS (INSERT INTO {_inbox.Table} ({_inbox.Names}) SELECT {_inbox.Values} FROM input, {_inbox.Source} ON CONFLICT DO NOTHING RETURNING 1)
            INSERT INTO {_jobs.Table} ({_jobs.Names}) SELECT {_jobs.Values} FROM received, input, {_jobs.Source}
            """;
    }

    /// <returns>Whether the message is new.</returns>
    public async Task<bool> ReceiveAsync(DbContext context, InboxRow message, JobRow job, CancellationToken cancellationToken)
    {
        var command = await PostgresStatements.CommandAsync(context, _receive, cancellationToken).ConfigureAwait(false);
        await using (command.ConfigureAwait(false))
        {
            PostgresStatements.Add(command, "", JsonDocuments.Of(writer =>
            {
                _inbox.WriteTo(writer, [message]);
                _jobs.WriteTo(writer, [job]);
            }));
            await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
            return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false) > 0;
        }
    }
}
