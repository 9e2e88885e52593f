using Microsoft.EntityFrameworkCore;

namespace SaasBilling.Faults.Databases;

/// <summary>The application's context: billing's tables, and what its own hooks write.</summary>
internal sealed class FaultContext(DbContextOptions<FaultContext> options) : DbContext(options)
{
    public DbSet<Effect> Effects => Set<Effect>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.UseSaasBilling();
        modelBuilder.Entity<Effect>(effect =>
        {
            effect.ToTable("effects").HasKey(row => row.EventId);
            effect.Property(row => row.EventId).HasColumnName("event_id").HasMaxLength(200);
            effect.Property(row => row.CustomerId).HasColumnName("customer_id").HasMaxLength(200);
            effect.Property(row => row.ProcessId).HasColumnName("process_id");
        });
    }
}

/// <summary>What a hook did in the database, once for each event.</summary>
internal sealed class Effect
{
    public required string EventId { get; init; }

    public required string CustomerId { get; init; }

    public int ProcessId { get; init; }
}
