using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using SaasBilling.EntityFrameworkCore.Database;
using SaasBilling.EntityFrameworkCore.Statements;

namespace SaasBilling.EntityFrameworkCore.Postgres;

/// <summary>
/// Any number of rows of one table as part of a JSON document, so that neither the text of a statement nor its parameters depend on how many there
/// are, or on how many columns.
/// </summary>
internal sealed class RowDocuments<TRow>
    where TRow : class
{
    private readonly Column[] _columns;
    private readonly string _alias;

    /// <param name="context">Whose model says what the columns are.</param>
    /// <param name="alias">What the rows are called in the statement and in the document.</param>
    public RowDocuments(BillingDbContext context, string alias)
    {
        var names = new RowNames<TRow>(context);
        _alias = alias;
        Table = names.Table;
        _columns = [.. names.Written.Select((property, i) => new Column(property, names.Of(property), i))];
        Names = string.Join(", ", _columns.Select(column => column.Name));
        Values = string.Join(", ", _columns.Select(column => $"{alias}.{column.Key}"));
        Source = $"jsonb_to_recordset(input.document -> '{alias}') AS {alias}({string.Join(", ", _columns.Select(column => $"{column.Key} {column.Type}"))})";
    }

    /// <summary>The table, quoted.</summary>
    public string Table { get; }

    /// <summary>The columns, quoted, but for one that the database numbers.</summary>
    public string Names { get; }

    /// <summary>The values, in the order of the columns.</summary>
    public string Values { get; }

    /// <summary>What stands behind FROM, after the document.</summary>
    public string Source { get; }

    /// <summary>Assignments from what an INSERT would have written.</summary>
    /// <param name="but">Columns that stay as they are.</param>
    public string Overwrite(params string[] but) => string.Join(", ", _columns.Where(column => !but.Contains(column.Property)).Select(column => $"{column.Name} = excluded.{column.Name}"));

    /// <summary>Assignments from the rows.</summary>
    public string Assign() => string.Join(", ", _columns.Select(column => $"{column.Name} = {_alias}.{column.Key}"));

    public void WriteTo(Utf8JsonWriter writer, IEnumerable<TRow> rows)
    {
        writer.WriteStartArray(_alias);
        foreach (var row in rows)
        {
            writer.WriteStartObject();
            foreach (var column in _columns)
                column.WriteTo(writer, row);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private sealed class Column(IProperty property, string name, int place)
    {
        private readonly RowColumn _column = new(property, name);

        public string Property => _column.Property;

        public string Name => _column.Name;

        /// <summary>A short name of ours: an application may have renamed the column.</summary>
        public string Key { get; } = $"f{place}";

        // A text that is too long must be refused, and one of its column's type would be cut.
        public string Type { get; } = property.GetColumnType().StartsWith("character varying", StringComparison.Ordinal) ? "text" : property.GetColumnType();

        public void WriteTo(Utf8JsonWriter writer, TRow row)
        {
            switch (_column.ValueIn(row))
            {
                case null:
                    break;
                case string document when Type == "jsonb":
                    writer.WritePropertyName(Key);
                    writer.WriteRawValue(document, skipInputValidation: true);
                    break;
                case string text:
                    writer.WriteString(Key, text);
                    break;
                case long number:
                    writer.WriteNumber(Key, number);
                    break;
                case int number:
                    writer.WriteNumber(Key, number);
                    break;
                case decimal number:
                    writer.WriteNumber(Key, number);
                    break;
                case bool flag:
                    writer.WriteBoolean(Key, flag);
                    break;
                case DateTime instant:
                    writer.WriteString(Key, instant);
                    break;
                case Guid id:
                    writer.WriteString(Key, id);
                    break;
                case var other:
                    throw new InvalidOperationException($"A column of {other.GetType()} cannot be written.");
            }
        }
    }
}
