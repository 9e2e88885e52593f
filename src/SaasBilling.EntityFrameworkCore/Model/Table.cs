using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace SaasBilling.EntityFrameworkCore.Model;

/// <summary>Declares one table.</summary>
internal sealed class Table<TRow>
    where TRow : class
{
    private const string NpgsqlNumbering = "Npgsql:ValueGenerationStrategy";

    private static readonly ValueConverter<UtcInstant, DateTime> InstantConverter = new(instant => instant.ToDateTime(), value => UtcInstant.FromDateTime(value));

    private readonly EntityTypeBuilder<TRow> _entity;
    private readonly string _name;
    private readonly bool _isNpgsql;
    private readonly object? _npgsqlNumbering;

    public Table(ModelBuilder modelBuilder, string? schema, string prefix, string name, bool isNpgsql)
    {
        _name = $"{prefix}{name}";
        _isNpgsql = isNpgsql;
        _npgsqlNumbering = modelBuilder.Model.FindAnnotation(NpgsqlNumbering)?.Value;
        _entity = modelBuilder.Entity<TRow>();
        _entity.ToTable(_name, schema);
    }

    public void Text(string column, Expression<Func<TRow, string?>> property, int length) =>
        Column(column, property, npgsqlType: $"character varying({length})").HasMaxLength(length);

    public void LongText(string column, Expression<Func<TRow, string?>> property) => Column(column, property, npgsqlType: "text");

    public void Document(string column, Expression<Func<TRow, string?>> property) => Column(column, property, npgsqlType: "jsonb");

    public void Long(string column, Expression<Func<TRow, long>> property) => Column(column, property, npgsqlType: "bigint");

    public void Int(string column, Expression<Func<TRow, int>> property) => Column(column, property, npgsqlType: "integer");

    public void Bool(string column, Expression<Func<TRow, bool>> property) => Column(column, property, npgsqlType: "boolean");

    public void Guid(string column, Expression<Func<TRow, Guid?>> property) => Column(column, property, npgsqlType: "uuid");

    public void Decimal(string column, Expression<Func<TRow, decimal>> property) => Column(column, property, npgsqlType: "numeric");

    public void Instant(string column, Expression<Func<TRow, UtcInstant>> property) =>
        Column(column, property, npgsqlType: "timestamp with time zone").HasConversion(InstantConverter);

    public void Instant(string column, Expression<Func<TRow, UtcInstant?>> property) =>
        Column(column, property, npgsqlType: "timestamp with time zone").HasConversion(InstantConverter);

    public void Enum<TEnum>(string column, Expression<Func<TRow, TEnum>> property, int length)
        where TEnum : struct, Enum =>
        Column(column, property, npgsqlType: $"character varying({length})").HasConversion(new EnumToStringConverter<TEnum>()).HasMaxLength(length);

    /// <summary>Declares a column that the database numbers by itself, whatever an application numbers its own rows with: the store writes no numbers.</summary>
    public void Identity(string column, Expression<Func<TRow, long>> property)
    {
        var builder = Column(column, property, npgsqlType: "bigint").ValueGeneratedOnAdd();
        if (_npgsqlNumbering is not null)
            builder.HasAnnotation(NpgsqlNumbering, System.Enum.Parse(_npgsqlNumbering.GetType(), "IdentityByDefaultColumn"));
    }

    /// <summary>Declares the key, when the columns are declared.</summary>
    public void Key(Expression<Func<TRow, object?>> properties)
    {
        _entity.HasKey(properties).HasName($"pk_{_name}");
        foreach (var property in _entity.Metadata.GetDeclaredProperties().Where(property => !property.IsPrimaryKey() && !property.IsShadowProperty()))
            property.IsNullable = IsNullable(property.PropertyInfo!);

        // A key of one number would be generated otherwise, and only the identities are.
        foreach (var property in _entity.Metadata.FindPrimaryKey()!.Properties)
        {
            if (!(property.ClrType == typeof(long) && property.Name == nameof(JobRow.Id)))
                property.ValueGenerated = ValueGenerated.Never;
        }
    }

    public IndexBuilder<TRow> Index(string name, Expression<Func<TRow, object?>> properties) =>
        _entity.HasIndex(properties).HasDatabaseName($"ix_{_name}_{name}");

    private PropertyBuilder<TProperty> Column<TProperty>(string column, Expression<Func<TRow, TProperty>> property, string npgsqlType)
    {
        var builder = _entity.Property(property);
        var metadata = builder.Metadata;
        metadata.SetValueConverter((ValueConverter?)null);
        metadata.SetProviderClrType(null);
        metadata.SetValueComparer((Microsoft.EntityFrameworkCore.ChangeTracking.ValueComparer?)null);
        metadata.SetMaxLength(null);
        metadata.SetPrecision(null);
        metadata.SetScale(null);
        metadata.SetIsUnicode(null);
        metadata.SetIsFixedLength(null);
        metadata.SetCollation(null);
        metadata.SetDefaultValueSql(null);
        metadata.SetColumnType(_isNpgsql ? npgsqlType : null);
        metadata.SetColumnName(column);
        metadata.ValueGenerated = ValueGenerated.Never;
        metadata.IsConcurrencyToken = false;
        return builder;
    }

    // The conventions would say so too, but forget it for a property that they took for the key before.
    private static bool IsNullable(PropertyInfo property) => property.PropertyType.IsValueType
        ? Nullable.GetUnderlyingType(property.PropertyType) is not null
        : new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable;
}
