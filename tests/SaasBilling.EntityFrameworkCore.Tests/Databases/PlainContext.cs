using Microsoft.EntityFrameworkCore;

namespace SaasBilling.EntityFrameworkCore.Tests.Databases;

/// <summary>An application's context with billing's tables and nothing else.</summary>
internal sealed class PlainContext(DbContextOptions<PlainContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.UseSaasBilling();
}
