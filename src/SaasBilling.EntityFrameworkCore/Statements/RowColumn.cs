using Microsoft.EntityFrameworkCore.Metadata;

namespace SaasBilling.EntityFrameworkCore.Statements;

/// <summary>A column of a table, and how a row's value gets into it.</summary>
internal sealed class RowColumn
{
    private readonly IClrPropertyGetter _getter;
    private readonly Func<object?, object?>? _convert;

    /// <param name="property">Its property.</param>
    /// <param name="name">Its name, quoted.</param>
    public RowColumn(IProperty property, string name)
    {
        (Property, Name) = (property.Name, name);
        IsKey = property.IsPrimaryKey();
        IsIndexed = property.IsIndex();
        _getter = property.GetGetter();
        _convert = property.GetTypeMapping().Converter?.ConvertToProvider;
    }

    /// <summary>The name of its property.</summary>
    public string Property { get; }

    /// <summary>Its own name, quoted.</summary>
    public string Name { get; }

    public bool IsKey { get; }

    public bool IsIndexed { get; }

    /// <summary>Its value in a row, as the database's provider takes it.</summary>
    public object? ValueIn(object row)
    {
        var value = _getter.GetClrValue(row);
        return value is null || _convert is null ? value : _convert(value);
    }
}
