namespace SaasBilling;

/// <summary>How much is too much. Where Stripe has a bound, it is Stripe's.</summary>
internal static class Bounds
{
    public const int CustomerId = 200;
    public const int SubscriptionName = 64;
    public const int ProviderId = 255;
    public const int Milestone = 100;
    public const int Description = 500;
    public const int Reason = 500;
    public const int Token = 255;
    public const int UsageKey = 200;
    public const int Email = 320;
    public const int Name = 256;
    public const int Url = 2_000;

    /// <summary>https://docs.stripe.com/billing/subscriptions/coupons: up to 20 discounts.</summary>
    public const int Coupons = 20;

    /// <summary>https://docs.stripe.com/metadata.</summary>
    public const int MetadataEntries = 50;
    public const int MetadataKey = 40;
    public const int MetadataValue = 500;

    public const int MaxDueInDays = 365;

    /// <summary>Of seats, or of one add-on. Sums of prices then stay far from what an amount can hold.</summary>
    public const long MaxQuantity = 1_000_000_000;

    /// <summary>Of a one-off charge, a credit, or what one period costs, in minor units: twelve digits, the most that Stripe takes in any currency.</summary>
    public const long MaxMinorUnits = 999_999_999_999;

    /// <summary>Of one usage record: with twelve decimals of a price it still fits a decimal.</summary>
    public const decimal MaxUsage = 1_000_000_000_000m;

    /// <summary>How far ahead a cancellation, a pause's end or a forecast may lie.</summary>
    public const int MaxYearsAhead = 10;
}
