using SaasBilling.EntityFrameworkCore.Model;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Puts the billing tables into a model.</summary>
public static class SaasBillingModelBuilderExtensions
{
    /// <summary>
    /// Adds the billing tables to the model of the application's context: call it in <c>OnModelCreating</c>, add a migration as for any change of the
    /// model, and choose the store with <c>.UseEntityFrameworkCore&lt;TContext&gt;()</c>. Names, lengths and types of columns are fixed; conventions of the
    /// application do not change them. The rows have no public types: read them with SQL, and change them through billing only.
    /// </summary>
    /// <param name="modelBuilder">The model builder.</param>
    /// <param name="schema">The schema of the tables; null: the default one of the database. SQLite has no schemas.</param>
    /// <param name="tablePrefix">What the names of the tables begin with; <c>billing_</c> unless it is given. Empty: nothing.</param>
    /// <returns>The model builder.</returns>
    /// <exception cref="ArgumentException">The schema is blank.</exception>
    public static ModelBuilder UseSaasBilling(this ModelBuilder modelBuilder, string? schema = null, string tablePrefix = "billing_")
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        ArgumentNullException.ThrowIfNull(tablePrefix);
        if (schema is not null)
            ArgumentException.ThrowIfNullOrWhiteSpace(schema);
        BillingModel.Configure(modelBuilder, schema, tablePrefix);
        return modelBuilder;
    }
}
