using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;

namespace SaasBilling.EntityFrameworkCore.Database;

/// <summary>What a database's refusal means.</summary>
internal enum DatabaseFault
{
    /// <summary>None of the others: a defect, here or in the database.</summary>
    Other,

    /// <summary>Something with this key is there already.</summary>
    AlreadyThere,

    /// <summary>Another transaction was in the way; the same again may succeed.</summary>
    InTheWay,

    /// <summary>The database cannot be reached or cannot work; it may later.</summary>
    Unavailable,

    /// <summary>A table or a column is missing.</summary>
    NoTable,
}

/// <summary>Tells what an exception means: the one place that knows the codes of databases.</summary>
internal static class DatabaseFaults
{
    public static DatabaseFault Of(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case DbUpdateConcurrencyException:
                    return DatabaseFault.InTheWay;
                case DbException { SqlState: { Length: 5 } state }:
                    return OfSqlState(state);
                case DbException fault when fault.GetType().Name == "SqliteException":
                    return OfSqlite(fault);
                case DbException { IsTransient: true } or SocketException or TimeoutException or IOException:
                    return DatabaseFault.Unavailable;
            }
        }

        return DatabaseFault.Other;
    }

    // https://www.postgresql.org/docs/current/errcodes-appendix.html, whose classes are those of the SQL standard.
    private static DatabaseFault OfSqlState(string state) => state switch
    {
        "23505" => DatabaseFault.AlreadyThere,
        "40001" or "40P01" or "55P03" => DatabaseFault.InTheWay,
        "42P01" or "42703" or "3F000" => DatabaseFault.NoTable,
        _ when state[..2] is "08" or "53" or "57" or "58" or "28" or "3D" or "F0" => DatabaseFault.Unavailable,
        "25006" => DatabaseFault.Unavailable,
        _ => DatabaseFault.Other,
    };

    // https://www.sqlite.org/rescode.html. The package does not refer to Microsoft.Data.Sqlite, whose exceptions say the code in their message only
    // to those who do not: "SQLite Error 19: 'UNIQUE constraint failed: ...'."
    private static DatabaseFault OfSqlite(DbException exception) => SqliteCode(exception.Message) switch
    {
        19 when exception.Message.Contains("UNIQUE", StringComparison.Ordinal) || exception.Message.Contains("PRIMARY KEY", StringComparison.Ordinal) => DatabaseFault.AlreadyThere,
        5 or 6 => DatabaseFault.InTheWay,
        1 when exception.Message.Contains("no such table", StringComparison.Ordinal)
            || exception.Message.Contains("no such column", StringComparison.Ordinal)
            || exception.Message.Contains("has no column", StringComparison.Ordinal) => DatabaseFault.NoTable,
        7 or 8 or 10 or 11 or 13 or 14 or 23 or 26 => DatabaseFault.Unavailable,
        _ => DatabaseFault.Other,
    };

    private static int SqliteCode(string message)
    {
        const string Start = "SQLite Error ";
        var digits = message.AsSpan(message.StartsWith(Start, StringComparison.Ordinal) ? Start.Length : message.Length);
        return int.TryParse(digits[..Math.Max(0, digits.IndexOf(':'))], NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : 0;
    }
}
