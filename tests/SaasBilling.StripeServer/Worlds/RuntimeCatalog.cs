using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Worlds;

/// <summary>Products and prices that were made through the API, as the engine bills them. A price never changes, so that it is made once.</summary>
internal sealed class RuntimeCatalog(Registry objects) : IEngineCatalog
{
    private readonly Dictionary<string, Plan> _plans = [];
    private readonly Dictionary<string, CatalogPrice> _prices = [];

    public Currency DefaultCurrency { get; } = Currency.Of("USD");

    /// <summary>A plan for each product.</summary>
    public Plan GetPlan(string key)
    {
        if (!_plans.TryGetValue(key, out var plan))
            _plans.Add(key, plan = new Plan { Key = key, Name = objects.FindPlain("product", key)?.Body.Text("name") });

        return plan;
    }

    public CatalogPrice GetPrice(string key)
    {
        if (_prices.TryGetValue(key, out var known))
            return known;

        var body = objects.FindPlain("price", key)?.Body ?? throw StripeFault.NoSuchInParameter("price", key, "items[0][price]");
        var made = new CatalogPrice(PriceOf(body), GetPlan(body.Text("product")!), null);
        _prices.Add(key, made);
        return made;
    }

    public Coupon GetCoupon(string key)
    {
        var body = objects.FindPlain("coupon", key)?.Body ?? throw StripeFault.NoSuchInParameter("coupon", key, "discounts[0][coupon]");
        var currency = body.Text("currency") is { } code ? Currency.Of(code) : default;
        return new Coupon
        {
            Key = key,
            PercentOff = body.Number("percent_off"),
            AmountOff = body.Int("amount_off") is { } amount ? Money.FromMinorUnits(WireMoney.FromWire(amount, currency), currency) : null,
            Duration = body.Text("duration") switch { "forever" => CouponDuration.Forever, "repeating" => CouponDuration.Repeating, _ => CouponDuration.Once },
            DurationInMonths = (int?)body.Int("duration_in_months"),
            MaxRedemptions = (int?)body.Int("max_redemptions"),
            RedeemBy = body.Int("redeem_by") is { } last ? Instants.At(last) : null,
            AppliesTo = body.Object("applies_to")?.Texts("products") ?? [],
        };
    }

    public Meter GetMeter(string key)
    {
        var body = objects.All<PlainResource>("billing.meter").FirstOrDefault(meter => meter.Body.Text("event_name") == key)?.Body
            ?? throw StripeFault.NoSuchInParameter("billing meter", key, "event_name");
        return new Meter
        {
            Key = key,
            Aggregation = body.Object("default_aggregation")!.Text("formula") switch
            {
                "count" => UsageAggregation.Count,
                "max" => UsageAggregation.Max,
                "last" => UsageAggregation.Last,
                _ => UsageAggregation.Sum,
            },
        };
    }

    public static BillingInterval IntervalOf(JsonObject price)
    {
        var recurring = price.Object("recurring") ?? throw StripeFault.Invalid(
            $"The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.", "items[0][price]");
        var unit = recurring.Text("interval") switch
        {
            "day" => IntervalUnit.Day,
            "week" => IntervalUnit.Week,
            "year" => IntervalUnit.Year,
            _ => IntervalUnit.Month,
        };
        return new BillingInterval(unit, (int)(recurring.Int("interval_count") ?? 1));
    }

    private Price PriceOf(JsonObject body)
    {
        var currency = Currency.Of(body.Text("currency")!);
        var package = body.Object("transform_quantity");
        var meter = body.Object("recurring")?.Text("meter");
        decimal? unit = body.Number("unit_amount_decimal") is { } amount ? WireMoney.ToMajor(amount, currency) : null;
        var tiers = body.Objects("tiers");
        return new Price
        {
            Key = body.Text("id")!,
            Kind = meter is null ? PriceKind.PerSeat : PriceKind.Metered,
            Currency = currency,
            Interval = IntervalOf(body),
            UnitAmount = package is null && tiers.Count == 0 ? unit : null,
            Package = package is null ? null : new PricePackage(package.Int("divide_by")!.Value, unit ?? 0),
            Tiers = [.. tiers.Select(tier => new PriceTier(
                tier.Int("up_to"),
                WireMoney.ToMajor(tier.Number("unit_amount_decimal") ?? 0, currency),
                WireMoney.ToMajor(tier.Number("flat_amount_decimal") ?? 0, currency)))],
            TierMode = body.Text("tiers_mode") == "volume" ? TierMode.Volume : TierMode.Graduated,
            Meter = meter is null ? null : objects.FindPlain("billing.meter", meter)?.Body.Text("event_name") ?? throw StripeFault.NoSuchInParameter("billing meter", meter, "recurring[meter]"),
        };
    }
}
