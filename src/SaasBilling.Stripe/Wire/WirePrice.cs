namespace SaasBilling.Stripe.Wire;

/// <summary>A price.</summary>
internal sealed record WirePrice
{
    public required string Id { get; init; }

    /// <summary>Our key; null: it was not made by us.</summary>
    public string? Key { get; init; }

    public string? LookupKey { get; init; }

    public bool IsActive { get; init; }

    /// <summary>It stands for a plan without prices.</summary>
    public bool IsFree { get; init; }

    public bool IsMetered { get; init; }

    public string? Currency { get; init; }

    public BillingInterval Interval { get; init; } = BillingInterval.Monthly;

    public string? Product { get; init; }

    /// <summary>A fingerprint of what was declared.</summary>
    public string? Declared { get; init; }

    public static WirePrice Read(StripeObject price)
    {
        var recurring = price.Object("recurring");
        return new()
        {
            Id = price.Id,
            Key = price.Metadata(Names.Price),
            LookupKey = price.Text("lookup_key"),
            IsActive = price.Flag("active"),
            IsFree = price.Metadata(Names.Free) == Names.Yes,
            IsMetered = recurring?.Text("usage_type") == "metered",
            Currency = price.Text("currency"),
            Interval = ReadInterval(recurring ?? price),
            Product = price.IdOf("product"),
            Declared = price.Metadata(Names.Declared),
        };
    }

    /// <summary>A subscription item has its price whole, and in old shapes a plan instead.</summary>
    public static WirePrice ReadOf(StripeObject item) =>
        item.Object("price") is { } price ? Read(price) : item.Object("plan") is { } plan ? Read(plan) : throw item.Missing("price");

    internal static BillingInterval ReadInterval(StripeObject recurring)
    {
        var unit = recurring.Text("interval") switch
        {
            "day" => IntervalUnit.Day,
            "week" => IntervalUnit.Week,
            "year" => IntervalUnit.Year,
            _ => IntervalUnit.Month,
        };
        return new BillingInterval(unit, (int)(recurring.Integer("interval_count") ?? 1));
    }
}

/// <summary>A coupon where it is attached.</summary>
internal sealed record WireDiscount(string Id, string Coupon, DateTimeOffset Start, DateTimeOffset? End)
{
    /// <summary>Since clover the coupon is in <c>source</c>; before, it stood beside the rest. A discount without one is known by its own id.</summary>
    public static WireDiscount Read(StripeObject discount) => new(
        discount.Id,
        discount.Object("source")?.IdOf("coupon") ?? discount.IdOf("coupon") ?? discount.Id,
        discount.RequiredInstant("start"),
        discount.Instant("end"));
}
