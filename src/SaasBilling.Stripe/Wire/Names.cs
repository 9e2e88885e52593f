namespace SaasBilling.Stripe.Wire;

/// <summary>What we write on Stripe's objects, so that they can be found again. Changing a name loses what was written under it.</summary>
internal static class Names
{
    /// <summary>Metadata that begins so is ours; the rest is the application's.</summary>
    public const string OwnPrefix = "saasbilling_";

    /// <summary>On customers and subscriptions: the application's id of the customer.</summary>
    public const string Customer = "saasbilling_customer";

    /// <summary>On customers: the IANA time zone.</summary>
    public const string TimeZone = "saasbilling_time_zone";

    /// <summary>On customers: unix seconds of the deletion.</summary>
    public const string DeletedAt = "saasbilling_deleted_at";

    /// <summary>On subscriptions and checkout sessions: the subscription's name.</summary>
    public const string Subscription = "saasbilling_name";

    /// <summary>On subscriptions: the plan's key.</summary>
    public const string Plan = "saasbilling_plan";

    /// <summary>On subscriptions: that the time which a scheduled cancellation cuts off is credited.</summary>
    public const string CancelProrates = "saasbilling_cancel_prorates";

    /// <summary>On subscriptions and invoices: the idempotency key that made them.</summary>
    public const string Key = "saasbilling_key";

    /// <summary>On schedules: what the application asked for.</summary>
    public const string Change = "saasbilling_change";

    /// <summary>On products: the key of the plan or add-on.</summary>
    public const string Product = "saasbilling_product";

    /// <summary>On prices: the price's key.</summary>
    public const string Price = "saasbilling_price";

    /// <summary>On prices: that it stands for a plan without prices.</summary>
    public const string Free = "saasbilling_free";

    /// <summary>On prices, products and coupons: a fingerprint of what was declared.</summary>
    public const string Declared = "saasbilling_declared";

    public const string Yes = "true";

    public static string Metadata(string key) => $"metadata[{key}]";
}
