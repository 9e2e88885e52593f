using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using SaasBilling.EntityFrameworkCore.Database;

namespace SaasBilling.EntityFrameworkCore.Postgres;

/// <summary>Any number of rows of one table as arrays, one a column, so that the text of a statement does not depend on how many there are.</summary>
internal sealed class RowArrays<TRow>
    where TRow : class
{
    private readonly Column[] _columns;
    private readonly string _alias;

    /// <param name="context">Whose model says what the columns are.</param>
    /// <param name="alias">What the rows are called in the statement.</param>
    /// <param name="parameters">
    /// How many parameters the statement has before these, and then with them: they go by their numbers, because a driver looks through the text for
    /// names each time.
    /// </param>
    public RowArrays(BillingDbContext context, string alias, ref int parameters)
    {
        var names = new RowNames<TRow>(context);
        var mappings = context.GetService<IRelationalTypeMappingSource>();
        var first = parameters + 1;
        _alias = alias;
        Table = names.Table;
        _columns = [.. names.Properties.Where(property => property.ValueGenerated == ValueGenerated.Never).Select(property => new Column(property, mappings))];
        Names = string.Join(", ", _columns.Select(column => column.Name));
        Source = string.Create(CultureInfo.InvariantCulture, $"unnest({string.Join(", ", _columns.Select((column, i) => $"${first + i}::{column.ArrayType}"))}) AS {alias}({Names})");
        First = string.Create(CultureInfo.InvariantCulture, $"${first}");
        parameters += _columns.Length;
    }

    /// <summary>The table, quoted.</summary>
    public string Table { get; }

    /// <summary>The first column's parameter.</summary>
    public string First { get; }

    /// <summary>The columns, quoted, but for one that the database numbers.</summary>
    public string Names { get; }

    /// <summary>What stands behind FROM.</summary>
    public string Source { get; }

    /// <summary>Assignments from what an INSERT would have written.</summary>
    /// <param name="but">Columns that stay as they are.</param>
    public string Overwrite(params string[] but) => string.Join(", ", _columns.Where(column => !but.Contains(column.Property.Name)).Select(column => $"{column.Name} = excluded.{column.Name}"));

    /// <summary>Assignments from the rows.</summary>
    public string Assign() => string.Join(", ", _columns.Select(column => $"{column.Name} = {_alias}.{column.Name}"));

    /// <summary>Adds the rows, in the order in which the sets were made.</summary>
    public void AddTo(DbCommand command, IReadOnlyList<TRow> rows)
    {
        foreach (var column in _columns)
        {
            var parameter = column.Mapping.CreateParameter(command, "", column.Values(rows), nullable: false);
            parameter.ParameterName = "";
            command.Parameters.Add(parameter);
        }
    }

    private sealed class Column
    {
        private readonly Type _element;
        private readonly Func<object?, object?> _convert;

        public Column(IProperty property, IRelationalTypeMappingSource mappings)
        {
            Property = property;
            Name = RowNames<TRow>.Of(property);
            var converter = property.GetTypeMapping().Converter;
            _convert = converter is null ? static value => value : value => value is null ? null : converter.ConvertToProvider(value);
            var type = converter?.ProviderClrType ?? property.ClrType;
            _element = property.IsNullable && type.IsValueType && Nullable.GetUnderlyingType(type) is null ? typeof(Nullable<>).MakeGenericType(type) : type;

            // A text that is too long must be refused, and a cast to its column's type would cut it.
            ArrayType = property.GetColumnType().StartsWith("character varying", StringComparison.Ordinal) ? "text[]" : $"{property.GetColumnType()}[]";
            Mapping = mappings.FindMapping(_element.MakeArrayType(), ArrayType)
                ?? throw new InvalidOperationException($"The database provider has no arrays of {property.GetColumnType()}.");
        }

        public IProperty Property { get; }

        public string Name { get; }

        public string ArrayType { get; }

        public RelationalTypeMapping Mapping { get; }

        public Array Values(IReadOnlyList<TRow> rows)
        {
            var values = Array.CreateInstance(_element, rows.Count);
            var getter = Property.GetGetter();
            for (var i = 0; i < rows.Count; i++)
                values.SetValue(_convert(getter.GetClrValue(rows[i])), i);
            return values;
        }
    }
}
