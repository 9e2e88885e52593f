using System.Data.Common;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using SaasBilling.EntityFrameworkCore.Postgres;
using SaasBilling.EntityFrameworkCore.Queue;
using SaasBilling.EntityFrameworkCore.Sqlite;
using SaasBilling.EntityFrameworkCore.Tests.Databases;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Tests.Storage;

/// <summary>What a worker asks for again and again is read from indexes, however many jobs are due later.</summary>
public sealed partial class QueuePlanTests(PostgresServer server)
{
    private static readonly DateTime Now = new(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);

    public static TheoryData<JobKind, bool> Kinds => new MatrixTheoryData<JobKind, bool>(Enum.GetValues<JobKind>(), [false, true]);

    /// <summary>A planner without figures guesses, and one with figures may guess otherwise.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task SQLite_looks_for_jobs_in_indexes_alone(JobKind kind, bool isAnalyzed)
    {
        using var file = new SqliteFile();
        await using var host = new StoreHost<PlainContext>(options => options.UseSqlite(file.ConnectionString));
        await host.UseAsync(context => context.Database.EnsureSaasBillingSchemaAsync());
        await FillAsync(host);
        if (isAnalyzed)
            await host.UseAsync(context => context.Database.ExecuteSqlRawAsync("ANALYZE"));
        await using var session = host.Contexts.Open();
        var leases = SqliteStatements.For(session)!.Leases;

        foreach (var suspects in new[] { false, true })
        {
            var due = await SqlitePlanAsync(session.Context, leases.Due(kind, suspects), Now, 100);
            Assert.Equal("SEARCH j USING INDEX ix_billing_jobs_ready_at (status=? AND kind=? AND is_suspect=? AND ready_at<?)", due[0]);
            Assert.DoesNotContain(due, step => step.Contains("TEMP B-TREE", StringComparison.Ordinal));
        }

        var next = await SqlitePlanAsync(session.Context, leases.Next(kind));
        Assert.Equal(4, next.Count(step => step.StartsWith("SEARCH j USING", StringComparison.Ordinal) && step.EndsWith("INDEX ix_billing_jobs_ready_at (status=? AND kind=? AND is_suspect=?)", StringComparison.Ordinal)));
        Assert.DoesNotContain(next, step => step.Contains("TEMP B-TREE", StringComparison.Ordinal));
        Assert.Equal("SEARCH billing_jobs USING INTEGER PRIMARY KEY (rowid=?)", (await SqlitePlanAsync(session.Context, leases.Renewal, "[1]", Guid.Empty, Now))[0]);
    }

    [Theory]
    [InlineData(JobKind.Wake)]
    [InlineData(JobKind.Hook)]
    [InlineData(JobKind.Doorbell)]
    public async Task PostgreSQL_looks_for_jobs_in_indexes_alone(JobKind kind)
    {
        await using var database = await TestDatabase.CreateAsync("PostgreSQL", server);
        await using var host = new StoreHost<PlainContext>(database.Configure);
        await host.UseAsync(context => context.Database.EnsureSaasBillingSchemaAsync());
        await FillAsync(host);
        await host.UseAsync(context => context.Database.ExecuteSqlRawAsync("ANALYZE"));
        await using var session = host.Contexts.Open();
        var leases = PostgresStatements.For(session)!.Leases;

        foreach (var suspects in new[] { false, true })
        {
            var lease = await PostgresPlanAsync(session.Context, leases.Lease(kind, suspects), ("now", Now), ("count", 100), ("token", Guid.Empty), ("until", Now));
            Assert.Contains("Index Scan using ix_billing_jobs_ready_at on billing_jobs", lease, StringComparison.Ordinal);

            // Suspects are sorted once more, when they were found.
            Assert.DoesNotContain("Sort", suspects ? "" : lease, StringComparison.Ordinal);
        }

        var next = await PostgresPlanAsync(session.Context, leases.Next(kind));
        Assert.Equal(4, Regex.Count(next, "using ix_billing_jobs_ready_at on billing_jobs"));
        Assert.DoesNotContain("Sort", next, StringComparison.Ordinal);
        await PostgresPlanAsync(session.Context, leases.Completion, ("ids", Enumerable.Range(1, 100).Select(id => (long)id).ToArray()), ("tokens", new Guid[100]));
        await using var renewal = LeaseWriter.Held(session.Context, [new LeaseToken(1, Guid.Empty)]).CreateDbCommand();
        Assert.Contains("using pk_billing_jobs on billing_jobs", await PostgresPlanAsync(renewal), StringComparison.Ordinal);
    }

    // A backlog of customers with two lanes each, some of which are held, and as many that are due in years.
    private static Task FillAsync(StoreHost<PlainContext> host) => host.UseAsync(async context =>
    {
        foreach (var kind in Enum.GetValues<JobKind>())
        {
            var jobs = $"""
                INSERT INTO billing_jobs (key, kind, customer_id, lane, sequence, due_at, ready_at, status, attempts, is_suspect, leased_customer_id)
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
                SELECT '{kind}:' || i, '{kind}', '{kind}-' || (i / 2), 'lane-' || (i % 2), i,
                    CASE WHEN i < 3000 THEN {Instant(context, "2026-01-01")} ELSE {Instant(context, "2030-01-01")} END,
                    CASE WHEN i < 3000 THEN {Instant(context, "2026-01-01")} ELSE {Instant(context, "2030-01-01")} END,
                    CASE WHEN i < 100 AND i % 2 = 0 THEN 'Leased' ELSE 'Pending' END, 0, false,
                    CASE WHEN i < 100 AND i % 2 = 0 THEN '{kind}-' || (i / 2) END
                FROM n
                """;
            await context.Database.ExecuteSqlRawAsync(jobs);
        }
    });

    private static string Instant(DbContext context, string day) => context.Database.IsNpgsql() ? $"timestamptz '{day} 00:00:00+00'" : $"'{day} 00:00:00'";

    private static async Task<List<string>> SqlitePlanAsync(DbContext context, string text, params object[] values)
    {
        await context.Database.OpenConnectionAsync();
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN {text}";
        for (var i = 0; i < values.Length; i++)
            Add(command, $"@{i}", values[i]);
        var steps = new List<string>();
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                steps.Add(reader.GetString(3));
        }

        Assert.DoesNotContain(steps, step => ScanOfATable().IsMatch(step));
        return steps;
    }

    private static async Task<string> PostgresPlanAsync(DbContext context, string text, params (string Name, object Value)[] values)
    {
        await context.Database.OpenConnectionAsync();
        await using var command = context.Database.GetDbConnection().CreateCommand();

        // The last of several statements.
        command.CommandText = text[(text.LastIndexOf(';') + 1)..];
        foreach (var (name, value) in values)
            Add(command, name, value);
        return await PostgresPlanAsync(command);
    }

    private static async Task<string> PostgresPlanAsync(DbCommand command)
    {
        command.CommandText = $"EXPLAIN {command.CommandText}";
        if (command.Connection!.State != System.Data.ConnectionState.Open)
            await command.Connection.OpenAsync();
        var steps = new List<string>();
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                steps.Add(reader.GetString(0));
        }

        var plan = string.Join('\n', steps);
        Assert.DoesNotContain("Seq Scan on billing_jobs", plan, StringComparison.Ordinal);
        return plan;
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }

    [GeneratedRegex(@"^SCAN (billing_\w+|[behjo])\b")]
    private static partial Regex ScanOfATable();
}
