using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace SaasBilling.EntityFrameworkCore.Tests.Databases;

/// <summary>An application that has a rule for everything: types, lengths, names, numbers, filters, and what is saved.</summary>
internal sealed class HostileContext(DbContextOptions<HostileContext> options) : DbContext(options)
{
    public DbSet<Note> Notes => Set<Note>();

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        foreach (var entry in ChangeTracker.Entries())
            entry.Property("TouchedBy").CurrentValue = "somebody";
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<string>().HaveMaxLength(7).AreUnicode(false).AreFixedLength();
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<DateTimeOffsetToBinaryConverter>();
        configurationBuilder.Properties<DateTime>().HaveConversion<DateTimeToTicksConverter>();
        configurationBuilder.Properties<decimal>().HavePrecision(5, 1);
        configurationBuilder.Properties<Enum>().HaveConversion<int>();
        configurationBuilder.Properties<Guid>().HaveConversion<string>();
        configurationBuilder.Properties<bool>().HaveConversion<string>();
        configurationBuilder.Properties<long>().HaveConversion<NumberToStringConverter<long>>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(null);
        if (Database.IsNpgsql())
            modelBuilder.UseHiLo();
        modelBuilder.Entity<Note>();
        modelBuilder.UseSaasBilling();
        foreach (var entity in modelBuilder.Model.GetEntityTypes().ToList())
        {
            entity.SetTableName($"app_{entity.GetTableName()}");
            foreach (var property in entity.GetDeclaredProperties())
                property.SetColumnName($"c_{property.GetColumnName()}");
            if (entity.ClrType == typeof(Note))
                continue;
            modelBuilder.Entity(entity.ClrType).Property<string>("TouchedBy").IsRequired(false);
            Hide(modelBuilder, entity);
        }
    }

    // As an application hides what it deleted: here, everything.
    private static void Hide(ModelBuilder modelBuilder, IMutableEntityType entity)
    {
        var row = System.Linq.Expressions.Expression.Parameter(entity.ClrType, "row");
        modelBuilder.Entity(entity.ClrType).HasQueryFilter(System.Linq.Expressions.Expression.Lambda(System.Linq.Expressions.Expression.Constant(false), row));
    }

    /// <summary>Something of the application's own.</summary>
    internal sealed class Note
    {
        public int Id { get; set; }

        public string Text { get; set; } = "";
    }
}
