using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SaasBilling.Plans;

namespace SaasBilling.Tests.Plans;

public class SaasBillingBuilderPlanExtensionsTests
{
    private readonly Catalogs.Builder _builder = new();

    [Fact]
    public void EveryCall_ReturnsTheBuilder_AndDeclaresOnOneInstance()
    {
        Assert.Same(_builder, _builder.AddPlan("pro", plan => plan.Monthly()));
        Assert.Same(_builder, _builder.AddAddOn("boost", addOn => addOn.Monthly()));
        Assert.Same(_builder, _builder.AddCoupon("launch", coupon => coupon.PercentOff(10m)));
        Assert.Same(_builder, _builder.AddMeter("api_calls"));
        Assert.Same(_builder, _builder.AddPlans(Catalogs.Json("""{ "Plans": { "free": { "Free": true } } }""")));

        var declarations = Assert.IsType<CatalogDeclarations>(Assert.Single(_builder.Services).ImplementationInstance);
        Assert.Same(declarations, CatalogDeclarations.In(_builder.Services));
        Assert.Equal(["pro", "free"], declarations.Build().Plans.Select(plan => plan.Key));
    }

    [Fact]
    public void Declarations_AreFoundAmongOtherServices()
    {
        _builder.Services.AddKeyedSingleton("key", "a keyed instance");
        _builder.Services.AddSingleton<TimeProvider>(TimeProvider.System);
        _builder.AddPlan("pro", plan => plan.Monthly());
        _builder.AddPlan("team", plan => plan.Monthly());

        Assert.Equal(2, CatalogDeclarations.In(_builder.Services).Build().Plans.Count);
    }

    [Fact]
    public void TwoApplications_DoNotShareDeclarations()
    {
        _builder.AddPlan("pro", plan => plan.Monthly());

        Assert.Empty(CatalogDeclarations.In(new ServiceCollection()).Build().Plans);
    }

    [Fact]
    public void Configuration_IsReadWhenTheCatalogIsBuilt()
    {
        var configuration = new ConfigurationManager();
        _builder.AddPlans(configuration.GetSection("Billing"));
        configuration["Billing:Plans:free:Free"] = "true";

        Assert.Equal("free", Assert.Single(CatalogDeclarations.In(_builder.Services).Build().Plans).Key);
    }

    [Fact]
    public void Build_Twice_GivesEqualCatalogs_AndTheSameFaults()
    {
        _builder.AddPlan("pro", plan => plan.Monthly());
        var declarations = CatalogDeclarations.In(_builder.Services);

        Assert.Equal(declarations.Build().Plans, declarations.Build().Plans);

        _builder.AddPlan("pro", plan => plan.Monthly());
        Assert.Equal(
            Assert.Throws<BillingException>(declarations.Build).Message,
            Assert.Throws<BillingException>(declarations.Build).Message);
    }

    [Fact]
    public void MissingArguments_AreRefusedAtOnce_AndNothingIsDeclared()
    {
        Assert.Throws<ArgumentNullException>("key", () => _builder.AddPlan(null!, _ => { }));
        Assert.Throws<ArgumentException>("key", () => _builder.AddPlan(" ", _ => { }));
        Assert.Throws<ArgumentNullException>("plan", () => _builder.AddPlan("pro", null!));
        Assert.Throws<ArgumentNullException>("key", () => _builder.AddAddOn(null!, _ => { }));
        Assert.Throws<ArgumentException>("key", () => _builder.AddAddOn("", _ => { }));
        Assert.Throws<ArgumentNullException>("addOn", () => _builder.AddAddOn("boost", null!));
        Assert.Throws<ArgumentNullException>("key", () => _builder.AddCoupon(null!, _ => { }));
        Assert.Throws<ArgumentException>("key", () => _builder.AddCoupon("", _ => { }));
        Assert.Throws<ArgumentNullException>("coupon", () => _builder.AddCoupon("launch", null!));
        Assert.Throws<ArgumentNullException>("key", () => _builder.AddMeter(null!));
        Assert.Throws<ArgumentException>("key", () => _builder.AddMeter(""));
        Assert.Throws<ArgumentOutOfRangeException>("aggregation", () => _builder.AddMeter("api_calls", (UsageAggregation)9));
        Assert.Throws<ArgumentNullException>("configuration", () => _builder.AddPlans(null!));
        Assert.Throws<ArgumentNullException>("builder", () => ((ISaasBillingBuilder)null!).AddPlan("pro", _ => { }));
        Assert.Throws<ArgumentException>(() => _builder.AddPlan("pro", plan => plan.Name("")));

        Assert.Empty(_builder.Services);
    }
}
