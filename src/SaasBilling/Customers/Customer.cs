namespace SaasBilling;

/// <summary>Who pays: a tenant, a team or a user, under the application's own id.</summary>
public sealed record Customer
{
    /// <summary>The application's own id of the tenant or user.</summary>
    public required string Id { get; init; }

    /// <summary>Where billing mail goes.</summary>
    public string? Email { get; init; }

    /// <summary>The name on invoices.</summary>
    public string? Name { get; init; }

    /// <summary>IANA time zone id.</summary>
    public string? TimeZone { get; init; }

    /// <summary>BCP 47 language tag.</summary>
    public string? Locale { get; init; }

    /// <summary>The application's own keys and values.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>When billing first saw the customer, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the customer was deleted, UTC; null while they are a customer.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>
    /// When it was forgotten who the customer was, UTC; null: it was not. <see cref="Email"/> and <see cref="Name"/> are then markers, <c>sha256:</c> and
    /// the hash of what they were in lower case, and the other details are gone.
    /// </summary>
    public DateTimeOffset? ErasedAt { get; init; }

    /// <summary>Positive: we owe the customer, and the next invoice is reduced by it; negative: added to the next invoice; null: never had one.</summary>
    public Money? CreditBalance { get; init; }
}
