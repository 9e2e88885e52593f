using Microsoft.Data.Sqlite;

namespace SaasBilling.Faults.Databases;

/// <summary>Databases in files of a folder.</summary>
internal sealed class SqliteFiles(string folder) : IDatabases
{
    private int _files;

    public async Task<Database> CreateAsync()
    {
        var database = new Database(Database.Sqlite, $"Data Source={Path.Combine(folder, $"{++_files}.db")}");
        await database.CreateTablesAsync();
        return database;
    }

    public ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        return ValueTask.CompletedTask;
    }
}
