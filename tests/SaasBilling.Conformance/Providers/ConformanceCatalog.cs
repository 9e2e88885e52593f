using Microsoft.Extensions.DependencyInjection;
using SaasBilling.Plans;

namespace SaasBilling.Conformance.Providers;

/// <summary>The catalogue that the provider suite sells. Round amounts, so that expected values can be checked by hand.</summary>
public static class ConformanceCatalog
{
    /// <summary>A free plan.</summary>
    public const string Free = "free";

    /// <summary>10.00 USD a month.</summary>
    public const string Solo = "solo";

    /// <summary>29.00 USD a month, 290.00 USD a year.</summary>
    public const string Pro = "pro";

    /// <summary>20.00 USD and 8.00 USD a seat a month.</summary>
    public const string Team = "team";

    /// <summary>100.00 USD a month.</summary>
    public const string Hundred = "hundred";

    /// <summary>5.00 USD a month and 0.01 USD for each unit of <see cref="Calls"/>.</summary>
    public const string Metered = "metered";

    /// <summary>5.00 USD a month and 0.03 USD for each unit of <see cref="Calls"/>.</summary>
    public const string MeteredDear = "metered-dear";

    /// <summary>An add-on of 15.00 USD a month.</summary>
    public const string Support = "support";

    /// <summary>A meter that is summed.</summary>
    public const string Calls = "calls";

    /// <summary>A coupon: half of the first invoice.</summary>
    public const string HalfOnce = "half-once";

    /// <summary>A coupon: a quarter, for ever.</summary>
    public const string QuarterForever = "quarter-forever";

    /// <summary>A coupon: a fifth, for ever.</summary>
    public const string FifthForever = "fifth-forever";

    /// <summary>A coupon: 5.00 USD, for ever.</summary>
    public const string FiveForever = "five-forever";

    /// <summary>A coupon: 5.00 EUR, for ever.</summary>
    public const string FiveEurosForever = "five-euros-forever";

    /// <summary>A coupon: half, for three months.</summary>
    public const string HalfForThreeMonths = "half-three-months";

    /// <summary>A coupon: everything, for ever.</summary>
    public const string Everything = "everything";

    /// <summary>A coupon that can be redeemed once.</summary>
    public const string OnlyOne = "only-one";

    /// <summary>Makes the catalogue.</summary>
    public static PlanCatalog Build()
    {
        var builder = new Builder();
        builder
            .AddMeter(Calls)
            .AddPlan(Free, plan => plan.Free())
            .AddPlan(Solo, plan => plan.Price(10m, "USD", BillingInterval.Monthly))
            .AddPlan(Pro, plan => plan.Price(29m, "USD", BillingInterval.Monthly).Price(290m, "USD", BillingInterval.Yearly))
            .AddPlan(Team, plan => plan.Price(20m, "USD", BillingInterval.Monthly).PricePerSeat(8m, "USD", BillingInterval.Monthly))
            .AddPlan(Hundred, plan => plan.Price(100m, "USD", BillingInterval.Monthly))
            .AddPlan(Metered, plan => plan.Price(5m, "USD", BillingInterval.Monthly).Metered(Calls, 0.01m, "USD", BillingInterval.Monthly))
            .AddPlan(MeteredDear, plan => plan.Price(5m, "USD", BillingInterval.Monthly).Metered(Calls, 0.03m, "USD", BillingInterval.Monthly))
            .AddAddOn(Support, addOn => addOn.Price(15m, "USD", BillingInterval.Monthly))
            .AddCoupon(HalfOnce, coupon => coupon.PercentOff(50).Once())
            .AddCoupon(QuarterForever, coupon => coupon.PercentOff(25).Forever())
            .AddCoupon(FifthForever, coupon => coupon.PercentOff(20).Forever())
            .AddCoupon(FiveForever, coupon => coupon.AmountOff(5m, "USD").Forever())
            .AddCoupon(FiveEurosForever, coupon => coupon.AmountOff(5m, "EUR").Forever())
            .AddCoupon(HalfForThreeMonths, coupon => coupon.PercentOff(50).Repeating(3))
            .AddCoupon(Everything, coupon => coupon.PercentOff(100).Forever())
            .AddCoupon(OnlyOne, coupon => coupon.PercentOff(10).Forever().MaxRedemptions(1));
        return CatalogDeclarations.In(builder.Services).Build();
    }

    private sealed class Builder : ISaasBillingBuilder
    {
        public IServiceCollection Services { get; } = new ServiceCollection();
    }
}
