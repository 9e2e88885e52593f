using System.Collections.Concurrent;
using System.Globalization;
using SaasBilling.EntityFrameworkCore.Database;
using SaasBilling.EntityFrameworkCore.Statements;

namespace SaasBilling.EntityFrameworkCore.Sqlite;

/// <summary>
/// Writes rows of one table. SQLite writes every index whose columns an UPDATE names, whether they change or not, and each page that is touched goes
/// into the log: so a row that is there is asked first which of its indexed columns differ.
/// </summary>
internal sealed class SqliteTable<TRow>
    where TRow : class
{
    private readonly ConcurrentDictionary<long, string> _updates = [];
    private readonly RowColumn[] _columns;
    private readonly RowColumn[] _indexed;
    private readonly RowColumn[] _plain;
    private readonly RowColumn[] _keys;
    private readonly string? _guard;

    /// <param name="context">Whose model says what the columns are.</param>
    /// <param name="guard">A column that must have a certain value where a row is overwritten.</param>
    /// <param name="kept">Columns that stay as they are where a row is overwritten.</param>
    public SqliteTable(BillingDbContext context, string? guard = null, params string[] kept)
    {
        var names = new RowNames<TRow>(context);
        Table = names.Table;
        _columns = [.. names.Written.Select(property => new RowColumn(property, names.Of(property)))];
        _keys = [.. _columns.Where(column => column.IsKey)];
        _indexed = [.. _columns.Where(column => !column.IsKey && column.IsIndexed && !kept.Contains(column.Property))];
        _plain = [.. _columns.Where(column => !column.IsKey && !column.IsIndexed && !kept.Contains(column.Property))];
        _guard = guard is null ? null : names[guard];
        Insertion = $"INSERT INTO {Table} AS known ({string.Join(", ", _columns.Select(column => column.Name))}) VALUES ({string.Join(", ", _columns.Select((_, i) => Place(i)))})";
        Differences = $"SELECT {string.Join(", ", _indexed.Select((column, i) => $"{column.Name} IS NOT {Place(i)}").DefaultIfEmpty("0"))} FROM {Table} WHERE {Where(_indexed.Length)}";
    }

    /// <summary>The table, quoted.</summary>
    public string Table { get; }

    /// <summary>Adds a row, which is called <c>known</c> in what may stand behind it.</summary>
    public string Insertion { get; }

    /// <summary>Asks which indexed columns of a row differ.</summary>
    public string Differences { get; }

    /// <summary>Runs <see cref="Insertion"/>, or a text that begins with it.</summary>
    /// <returns>Whether the row was written.</returns>
    public bool Insert(SqliteLine line, TRow row, string insertion) => line.Run(insertion, Values(row, _columns)) > 0;

    public void Insert(SqliteLine line, IEnumerable<TRow> rows)
    {
        foreach (var row in rows)
            Insert(line, row, Insertion);
    }

    /// <summary>Adds rows, or overwrites those with their keys.</summary>
    public void Put(SqliteLine line, IEnumerable<TRow> rows)
    {
        foreach (var row in rows)
        {
            if (!Overwrite(line, row))
                Insert(line, row, Insertion);
        }
    }

    /// <summary>Overwrites the row with the same key.</summary>
    /// <returns>Whether there is one, with the guard's value.</returns>
    public bool Overwrite(SqliteLine line, TRow row, object? guard = null)
    {
        var (keys, indexed) = (Values(row, _keys), Values(row, _indexed));
        var differing = 0L;
        using (var reader = line.Command(Differences, [.. indexed, .. keys, .. Guards(guard)]).ExecuteReader())
        {
            if (!reader.Read())
                return false;
            for (var i = 0; i < _indexed.Length; i++)
                differing |= reader.GetBoolean(i) ? 1L << i : 0;
        }

        var changed = indexed.Where((_, i) => (differing & (1L << i)) != 0);
        if (_plain.Length > 0 || differing != 0)
            line.Run(_updates.GetOrAdd(differing, Update), [.. Values(row, _plain), .. changed, .. keys]);
        return true;
    }

    private static string Place(int i) => string.Create(CultureInfo.InvariantCulture, $"@{i}");

    private static object?[] Values(TRow row, RowColumn[] columns) => Array.ConvertAll(columns, column => column.ValueIn(row));

    private object?[] Guards(object? value) => _guard is null ? [] : [value];

    private string Update(long differing)
    {
        RowColumn[] written = [.. _plain, .. _indexed.Where((_, i) => (differing & (1L << i)) != 0)];
        return $"UPDATE {Table} SET {string.Join(", ", written.Select((column, i) => $"{column.Name} = {Place(i)}"))} WHERE {Keys(written.Length)}";
    }

    private string Keys(int first) => string.Join(" AND ", _keys.Select((column, i) => $"{column.Name} = {Place(first + i)}"));

    private string Where(int first) => _guard is null ? Keys(first) : $"{Keys(first)} AND {_guard} = {Place(first + _keys.Length)}";
}
