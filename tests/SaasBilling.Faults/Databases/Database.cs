using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace SaasBilling.Faults.Databases;

/// <summary>A database of one scenario.</summary>
/// <param name="Kind"><c>sqlite</c> or <c>postgresql</c>.</param>
/// <param name="ConnectionString">Where it is.</param>
internal sealed record Database(string Kind, string ConnectionString)
{
    public const string Sqlite = "sqlite";
    public const string Postgresql = "postgresql";

    public string Title => Kind == Sqlite ? "SQLite" : "PostgreSQL";

    public void Configure(DbContextOptionsBuilder options)
    {
        if (Kind == Sqlite)
            options.UseSqlite(ConnectionString);
        else
            options.UseNpgsql(ConnectionString);
    }

    /// <summary>Creates billing's tables, and the application's own.</summary>
    public async Task CreateTablesAsync()
    {
        await using var context = Context();
        await context.Database.EnsureSaasBillingSchemaAsync();
        await context.Database.ExecuteSqlAsync($"CREATE TABLE effects (event_id VARCHAR(200) PRIMARY KEY, customer_id VARCHAR(200) NOT NULL, process_id INTEGER NOT NULL)");
    }

    public FaultContext Context()
    {
        var options = new DbContextOptionsBuilder<FaultContext>();
        Configure(options);
        return new FaultContext(options.Options);
    }

    public async Task<List<string>> ReadTextsAsync(string sql)
    {
        await using var connection = Connection();
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await reader.ReadAsync())
            texts.Add(Convert.ToString(reader.GetValue(0), System.Globalization.CultureInfo.InvariantCulture)!);
        return texts;
    }

    public DbConnection Connection() => Kind == Sqlite ? new SqliteConnection(ConnectionString) : new NpgsqlConnection(ConnectionString);
}

/// <summary>Where databases come from.</summary>
internal interface IDatabases : IAsyncDisposable
{
    Task<Database> CreateAsync();
}
