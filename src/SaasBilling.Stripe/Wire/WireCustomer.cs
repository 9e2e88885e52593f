using System.Globalization;

namespace SaasBilling.Stripe.Wire;

/// <summary>A customer of Stripe's.</summary>
internal sealed record WireCustomer
{
    public required string Id { get; init; }

    /// <summary>The application's id; null: nobody that this application bills.</summary>
    public string? AppId { get; init; }

    /// <summary>Deleted on Stripe: nothing but the id is left.</summary>
    public bool IsDeleted { get; init; }

    public string? Email { get; init; }

    public string? Name { get; init; }

    public string? Locale { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public DateTimeOffset? Created { get; init; }

    public string? Currency { get; init; }

    /// <summary>Negative: credit.</summary>
    public long Balance { get; init; }

    public string? DefaultPaymentMethod { get; init; }

    public static WireCustomer Read(StripeObject customer)
    {
        var metadata = customer.Map("metadata");
        return new()
        {
            Id = customer.Id,
            AppId = metadata.GetValueOrDefault(Names.Customer),
            IsDeleted = customer.Flag("deleted"),
            Email = customer.Text("email"),
            Name = customer.Text("name"),
            Locale = customer.Texts("preferred_locales").FirstOrDefault(),
            Metadata = metadata,
            Created = customer.Flag("deleted") ? customer.Instant("created") : customer.RequiredInstant("created"),
            Currency = customer.Text("currency"),
            Balance = customer.Integer("balance") ?? 0,
            DefaultPaymentMethod = customer.Object("invoice_settings")?.IdOf("default_payment_method") ?? customer.IdOf("default_source"),
        };
    }

    /// <summary>When the application deleted them; null: it did not.</summary>
    public DateTimeOffset? DeletedAt =>
        Metadata.TryGetValue(Names.DeletedAt, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}

/// <summary>A card, or another way to pay.</summary>
internal sealed record WirePaymentMethod(string Id, string Brand, string Last4, int ExpiryMonth, int ExpiryYear)
{
    // What is no card has its type for a brand, and no expiry that could pass.
    private const int NoExpiryYear = 9999;

    public static WirePaymentMethod Read(StripeObject method)
    {
        var type = method.Text("type") ?? "unknown";
        var details = method.Object(type);
        return new(
            method.Id,
            details?.Text("brand") ?? details?.Text("display_brand") ?? type,
            details?.Text("last4") ?? "",
            (int)(details?.Integer("exp_month") ?? 12),
            (int)(details?.Integer("exp_year") ?? NoExpiryYear));
    }
}
