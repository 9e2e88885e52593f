using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using SaasBilling.EntityFrameworkCore.Database;

namespace SaasBilling.EntityFrameworkCore.Statements;

/// <summary>What a table and its columns are called, quoted: an application may have renamed them.</summary>
internal sealed class RowNames<TRow>(BillingDbContext context)
    where TRow : class
{
    private readonly IEntityType _entity = context.Model.FindEntityType(typeof(TRow))!;
    private readonly ISqlGenerationHelper _sql = context.GetService<ISqlGenerationHelper>();

    public string Table => _sql.DelimitIdentifier(_entity.GetTableName()!, _entity.GetSchema());

    /// <summary>Those that are written: the database numbers rows itself.</summary>
    public IEnumerable<IProperty> Written => _entity.GetProperties().Where(property => property.ValueGenerated == ValueGenerated.Never);

    /// <summary>A column, by its property.</summary>
    public string this[string property] => Of(_entity.FindProperty(property)!);

    public string Of(IProperty property) => _sql.DelimitIdentifier(property.GetColumnName());
}
