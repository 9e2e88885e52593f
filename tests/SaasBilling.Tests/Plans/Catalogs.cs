using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SaasBilling.Plans;

namespace SaasBilling.Tests.Plans;

/// <summary>Catalogs as an application declares them.</summary>
internal static class Catalogs
{
    public static PlanCatalog Build(Action<ISaasBillingBuilder> declare)
    {
        var builder = new Builder();
        declare(builder);
        return CatalogDeclarations.In(builder.Services).Build();
    }

    public static Plan Plan(Action<PlanBuilder> plan) => Build(builder => builder
        .AddMeter("api_calls")
        .AddMeter("storage", UsageAggregation.Max)
        .AddPlan("pro", plan))["pro"];

    /// <summary>The whole message that stops the application, which is one of catalog faults.</summary>
    public static string FaultsOf(Action<ISaasBillingBuilder> declare)
    {
        var exception = Assert.Throws<BillingException>(() => Build(declare));
        Assert.Equal(BillingErrorCode.InvalidArgument, exception.Code);
        return exception.Message;
    }

    /// <summary>The message of the only fault.</summary>
    public static string FaultOf(Action<ISaasBillingBuilder> declare)
    {
        const string Start = "The billing catalog has a fault:\n- ";
        var message = FaultsOf(declare);
        Assert.StartsWith(Start, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message[Start.Length..]);
        return message[Start.Length..];
    }

    public static string FaultOfPlan(Action<PlanBuilder> plan) => FaultOf(builder => builder.AddPlan("pro", plan));

    public static IConfigurationRoot Json(string json) =>
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();

    /// <summary>A catalog from the "Billing" section of a JSON file.</summary>
    public static PlanCatalog FromJson(string json) => Build(builder => builder.AddPlans(Json(json).GetSection("Billing")));

    public static string FaultOfJson(string json) => FaultOf(builder => builder.AddPlans(Json(json).GetSection("Billing")));

    public static string FaultsOfJson(string json) => FaultsOf(builder => builder.AddPlans(Json(json).GetSection("Billing")));

    public static PlanBuilder Monthly(this PlanBuilder plan, decimal amount = 29m) => plan.Price(amount, "USD", BillingInterval.Monthly);

    internal sealed class Builder : ISaasBillingBuilder
    {
        public IServiceCollection Services { get; } = new ServiceCollection();
    }
}
