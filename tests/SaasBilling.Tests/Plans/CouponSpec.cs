using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace SaasBilling.Tests.Plans;

/// <summary>A coupon without a fault.</summary>
internal sealed record CouponSpec(
    string Key,
    decimal? PercentOff,
    int CentsOff,
    CouponDuration? Duration,
    int Months,
    int? MaxRedemptions,
    DateTimeOffset? RedeemBy,
    IReadOnlyList<string> OnlyFor)
{
    private decimal AmountOff => CentsOff / 100m;

    public static Gen<CouponSpec> Of(string key, IList<string> offers) =>
        from percent in Gen.Choose(1, 10_000)
        from isPercent in Gen.Elements(true, false)
        from cents in Gen.Choose(1, int.MaxValue)
        from duration in Gen.Elements<CouponDuration?>(null, CouponDuration.Once, CouponDuration.Repeating, CouponDuration.Forever)
        from months in Gen.Choose(1, 36)
        from most in Gen.Elements<int?>(null, 1, 100, int.MaxValue)
        from seconds in Gen.Choose(0, int.MaxValue)
        from redeemBy in Gen.Elements<DateTimeOffset?>(null, DateTimeOffset.UnixEpoch.AddSeconds(seconds), new DateTimeOffset(2027, 1, 1, 2, 0, 0, TimeSpan.FromHours(2)))
        from onlyFor in Gen.SubListOf(offers.ToArray())
        select new CouponSpec(key, isPercent ? percent / 100m : null, cents, duration, months, most, redeemBy, [.. onlyFor]);

    public void Declare(CouponBuilder builder)
    {
        _ = PercentOff is { } percent ? builder.PercentOff(percent) : builder.AmountOff(AmountOff, "USD");
        _ = Duration switch
        {
            null => builder,
            CouponDuration.Once => builder.Once(),
            CouponDuration.Forever => builder.Forever(),
            _ => builder.Repeating(Months),
        };
        if (MaxRedemptions is { } most)
            builder.MaxRedemptions(most);
        if (RedeemBy is { } instant)
            builder.RedeemBy(instant);
        if (OnlyFor.Count > 0)
            builder.OnlyFor([.. OnlyFor]);
    }

    public JsonObject ToJson()
    {
        var json = new JsonObject();
        if (PercentOff is { } percent)
        {
            json["PercentOff"] = percent;
        }
        else
        {
            json["AmountOff"] = AmountOff;
            json["Currency"] = "USD";
        }

        if (Duration is { } duration)
            json["Duration"] = duration.ToString();
        if (Duration is CouponDuration.Repeating)
            json["DurationInMonths"] = Months;
        if (MaxRedemptions is { } most)
            json["MaxRedemptions"] = most;
        if (RedeemBy is { } instant)
            json["RedeemBy"] = $"{instant:yyyy-MM-dd'T'HH:mm:sszzz}";
        if (OnlyFor.Count > 0)
            json["OnlyFor"] = new JsonArray([.. OnlyFor.Select(key => JsonValue.Create(key))]);
        return json;
    }
}
