using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using SaasBilling.EntityFrameworkCore.Database;

namespace SaasBilling.EntityFrameworkCore.Postgres;

/// <summary>What a table and its columns are called, quoted: an application may have renamed them.</summary>
internal sealed class RowNames<TRow>(BillingDbContext context)
    where TRow : class
{
    private readonly IEntityType _entity = context.Model.FindEntityType(typeof(TRow))!;

    public string Table => _entity.GetSchema() is { } schema ? $"{Quoted(schema)}.{Quoted(_entity.GetTableName()!)}" : Quoted(_entity.GetTableName()!);

    public IEnumerable<IProperty> Properties => _entity.GetProperties();

    /// <summary>A column, by its property.</summary>
    public string this[string property] => Of(_entity.FindProperty(property)!);

    public static string Of(IProperty property) => Quoted(property.GetColumnName());

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
