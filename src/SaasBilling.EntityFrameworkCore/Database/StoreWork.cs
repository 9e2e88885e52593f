using Microsoft.EntityFrameworkCore;
using SaasBilling.EntityFrameworkCore.Postgres;
using SaasBilling.EntityFrameworkCore.Sqlite;

namespace SaasBilling.EntityFrameworkCore.Database;

/// <summary>A piece of the store's work, on the road that every relational provider can take, and on shorter ones where there are.</summary>
/// <param name="Neutral">With Entity Framework Core alone; in a transaction if it writes.</param>
internal sealed record StoreWork<T>(Func<BillingDbContext, CancellationToken, Task<T>> Neutral)
{
    public required bool IsWrite { get; init; }

    /// <summary>With one statement of PostgreSQL's, which is a transaction by itself, on the connection of the application's context; null: as others.</summary>
    public Func<PostgresStatements, DbContext, CancellationToken, Task<T>>? Postgres { get; init; }

    /// <summary>With statements of SQLite's, in a transaction if it writes; null: as others.</summary>
    public Func<SqliteStatements, SqliteLine, T>? Sqlite { get; init; }

    /// <summary>Whether what is to be written is in SQLite already: who has nothing to write need not wait for a turn to. Null: nobody looks.</summary>
    public Func<SqliteStatements, SqliteLine, bool>? SqliteHas { get; init; }

    /// <summary>The answer when something with a key of the work's is there already; nothing is written then. Null: it is tried again.</summary>
    public Func<T>? AlreadyThere { get; init; }
}
