using Microsoft.EntityFrameworkCore;

namespace SaasBilling.Benchmarks.Store;

/// <summary>An application's context with billing's tables.</summary>
internal sealed class StoreContext(DbContextOptions<StoreContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.UseSaasBilling();
}
