using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace SaasBilling.EntityFrameworkCore.Model;

/// <summary>
/// What the tables, columns and indexes are called in an application's model: what it did with the names after <c>UseSaasBilling</c> holds for its
/// migrations, so it holds for the store.
/// </summary>
internal sealed class BillingNames
{
    private static readonly ConditionalWeakTable<IModel, BillingNames> Known = [];

    private readonly Dictionary<Type, TableNames> _tables;

    private BillingNames(Dictionary<Type, TableNames> tables)
    {
        _tables = tables;
        var text = new StringBuilder();
        foreach (var type in BillingModel.RowTypes)
            tables[type].AppendTo(text);
        Signature = text.ToString();
    }

    /// <summary>Equal for models that name everything alike.</summary>
    public string Signature { get; }

    /// <summary>The names in an application's model; null: it has no billing tables.</summary>
    public static BillingNames? In(IModel model)
    {
        if (Known.TryGetValue(model, out var known))
            return known;

        var tables = new Dictionary<Type, TableNames>();
        foreach (var type in BillingModel.RowTypes)
        {
            if (model.FindEntityType(type) is not { } entity || entity.GetTableName() is not { } table)
                return null;
            tables.Add(type, TableNames.Of(entity, table));
        }

        return Known.GetValue(model, _ => new BillingNames(tables));
    }

    /// <summary>Gives the store's own model these names.</summary>
    public void ApplyTo(IMutableModel model)
    {
        foreach (var (type, names) in _tables)
            names.ApplyTo(model.FindEntityType(type)!);
    }

    private sealed record TableNames(string Table, string? Schema, string? Key, string[] Columns, string?[] Indexes)
    {
        public static TableNames Of(IReadOnlyEntityType entity, string table) => new(
            table,
            entity.GetSchema(),
            entity.FindPrimaryKey()?.GetName(),
            [.. ColumnsOf(entity).Select(property => property.GetColumnName())],
            [.. IndexesOf(entity).Select(index => index.GetDatabaseName())]);

        public void ApplyTo(IMutableEntityType entity)
        {
            entity.SetTableName(Table);
            entity.SetSchema(Schema);
            entity.FindPrimaryKey()!.SetName(Key);
            foreach (var (property, column) in ColumnsOf(entity).Zip(Columns))
                ((IMutableProperty)property).SetColumnName(column);
            foreach (var (index, name) in IndexesOf(entity).Zip(Indexes))
                ((IMutableIndex)index).SetDatabaseName(name);
        }

        public void AppendTo(StringBuilder text)
        {
            text.Append(Schema).Append('.').Append(Table).Append(' ').Append(Key);
            text.AppendJoin(',', Columns).Append(' ').AppendJoin(',', Indexes).Append('\n');
        }

        // Shadow properties that an application adds to every entity are not billing's.
        private static IEnumerable<IReadOnlyProperty> ColumnsOf(IReadOnlyEntityType entity) =>
            entity.GetDeclaredProperties().Where(property => !property.IsShadowProperty()).OrderBy(property => property.Name, StringComparer.Ordinal);

        private static IEnumerable<IReadOnlyIndex> IndexesOf(IReadOnlyEntityType entity) => entity.GetDeclaredIndexes()
            .Where(index => index.Properties.All(property => !property.IsShadowProperty()))
            .OrderBy(index => string.Join(',', index.Properties.Select(property => property.Name)), StringComparer.Ordinal);
    }
}
