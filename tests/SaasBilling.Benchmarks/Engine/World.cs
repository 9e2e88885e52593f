using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace SaasBilling.Benchmarks.Engine;

/// <summary>What all worlds share: one monthly plan, customers whose cards work.</summary>
internal static class World
{
    public const string PlanKey = "pro";

    public static ISaasBillingBuilder Declare(IServiceCollection services) => services.AddSaasBilling()
        .AddPlan(PlanKey, plan => plan.Name("Pro").Price(29m, "USD", BillingInterval.Monthly).Feature("export"));

    public static PlanCatalog Catalog()
    {
        var services = new ServiceCollection();
        Declare(services);
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<PlanCatalog>();
    }

    public static string Customer(int number) => string.Create(CultureInfo.InvariantCulture, $"customer-{number:D7}");

    /// <summary>How many of these invoices are renewals that were charged.</summary>
    public static int Renewals(IReadOnlyList<Invoice> invoices)
    {
        var renewals = 0;
        for (var i = 0; i < invoices.Count; i++)
        {
            if (invoices[i] is { Status: InvoiceStatus.Paid, Reason: BillingReason.SubscriptionCycle })
                renewals++;
        }

        return renewals;
    }
}
