using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage;

namespace SaasBilling.EntityFrameworkCore.Database;

/// <summary>Creates billing's tables beside whatever else is in the database, and says which are missing.</summary>
internal static class BillingSchema
{
    // Any number will do that no other application locks.
    private const long LockKey = 0x5AA5_B111_0001;

    private static readonly (string Plain, string IfMissing)[] Statements =
    [
        ("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS "),
        ("CREATE INDEX ", "CREATE INDEX IF NOT EXISTS "),
        ("CREATE UNIQUE INDEX ", "CREATE UNIQUE INDEX IF NOT EXISTS "),
    ];

    /// <summary>Creates the database if there is none, and the tables and indexes that are missing.</summary>
    public static async Task EnsureAsync(BillingDbContext context, CancellationToken cancellationToken)
    {
        var creator = context.GetService<IRelationalDatabaseCreator>();
        if (!await creator.ExistsAsync(cancellationToken).ConfigureAwait(false))
            await CreateDatabaseAsync(creator, cancellationToken).ConfigureAwait(false);

        var transaction = await context.Database.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            // PostgreSQL's IF NOT EXISTS does not bear two callers at once; SQLite has one writer anyway.
            if (IsNpgsql(context))
                await context.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({LockKey})", cancellationToken).ConfigureAwait(false);
            foreach (var statement in CreateStatements(context))
                await context.Database.ExecuteSqlRawAsync(statement.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal), cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What creates the tables where they are missing.</summary>
    public static IEnumerable<string> CreateStatements(BillingDbContext context)
    {
        var model = context.GetService<IDesignTimeModel>().Model;
        var operations = context.GetService<IMigrationsModelDiffer>().GetDifferences(null, model.GetRelationalModel());
        return context.GetService<IMigrationsSqlGenerator>().Generate(operations, model).Select(command => IfMissing(command.CommandText));
    }

    /// <summary>A sentence for each table that is missing or lacks columns.</summary>
    /// <exception cref="DbException">The database cannot be asked.</exception>
    public static IReadOnlyList<string> Faults(BillingDbContext context)
    {
        var faults = new List<string>();
        var names = context.GetService<ISqlGenerationHelper>();
        context.Database.OpenConnection();
        try
        {
            foreach (var entity in context.Model.GetEntityTypes().OrderBy(entity => entity.GetTableName(), StringComparer.Ordinal))
            {
                var table = entity.GetSchema() is { } schema ? $"{schema}.{entity.GetTableName()}" : entity.GetTableName();
                if (ColumnsIn(context, names.DelimitIdentifier(entity.GetTableName()!, entity.GetSchema())) is not { } columns)
                    faults.Add($"Table '{table}' is missing.");
                else if (Missing(entity, columns) is { Count: > 0 } missing)
                    faults.Add($"Table '{table}' lacks {(missing.Count == 1 ? "column" : "columns")} {string.Join(", ", missing.Select(column => $"'{column}'"))}.");
            }
        }
        finally
        {
            context.Database.CloseConnection();
        }

        return faults;
    }

    public static bool IsNpgsql(DbContext context) => context.Database.ProviderName?.StartsWith("Npgsql.", StringComparison.Ordinal) ?? false;

    private static List<string> Missing(IEntityType entity, HashSet<string> columns) =>
        [.. entity.GetProperties().Select(property => property.GetColumnName()).Where(column => !columns.Contains(column)).Order(StringComparer.Ordinal)];

    private static HashSet<string>? ColumnsIn(BillingDbContext context, string table)
    {
        try
        {
            using var command = context.Database.GetDbConnection().CreateCommand();
            command.CommandText = $"SELECT * FROM {table} WHERE 1 = 0";
            using var reader = command.ExecuteReader();
            return Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToHashSet(StringComparer.Ordinal);
        }
        catch (DbException fault) when (DatabaseFaults.Of(fault) == DatabaseFault.NoTable)
        {
            return null;
        }
    }

    private static async Task CreateDatabaseAsync(IRelationalDatabaseCreator creator, CancellationToken cancellationToken)
    {
        try
        {
            await creator.CreateAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DbException)
        {
            // Somebody else may have been faster.
            if (!await creator.ExistsAsync(cancellationToken).ConfigureAwait(false))
                throw;
        }
    }

    private static string IfMissing(string statement)
    {
        foreach (var (plain, ifMissing) in Statements)
        {
            if (statement.StartsWith(plain, StringComparison.Ordinal))
                return string.Concat(ifMissing, statement.AsSpan(plain.Length));
        }

        return statement;
    }
}
