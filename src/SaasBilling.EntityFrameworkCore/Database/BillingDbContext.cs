using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using SaasBilling.EntityFrameworkCore.Model;

namespace SaasBilling.EntityFrameworkCore.Database;

/// <summary>
/// The context that the store works with: billing's tables and nothing else, in the database of the application's context. The application's context
/// stays the owner of the tables and of their migrations; what it does in <c>SaveChanges</c>, in interceptors or in query filters is meant for its own
/// rows, and does not reach these.
/// </summary>
internal sealed class BillingDbContext(DbContextOptions<BillingDbContext> options, BillingNames names) : DbContext(options)
{
    public BillingNames Names => names;

    public DbSet<CustomerRow> Customers => Set<CustomerRow>();

    public DbSet<SubscriptionRow> Subscriptions => Set<SubscriptionRow>();

    public DbSet<InvoiceRow> Invoices => Set<InvoiceRow>();

    public DbSet<EventRow> Events => Set<EventRow>();

    public DbSet<MovementRow> Movements => Set<MovementRow>();

    public DbSet<UsageRow> Usage => Set<UsageRow>();

    public DbSet<TrialRow> Trials => Set<TrialRow>();

    public DbSet<JobRow> Jobs => Set<JobRow>();

    public DbSet<InboxRow> Inbox => Set<InboxRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        BillingModel.Configure(modelBuilder, schema: null, prefix: "");
        names.ApplyTo(modelBuilder.Model);
    }
}

/// <summary>One model for all contexts that name everything alike.</summary>
internal sealed class BillingModelCacheKeyFactory : IModelCacheKeyFactory
{
    public object Create(DbContext context, bool designTime) => (((BillingDbContext)context).Names.Signature, designTime);
}
