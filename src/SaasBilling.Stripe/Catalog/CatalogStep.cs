using SaasBilling.Stripe.Http;

namespace SaasBilling.Stripe.Catalog;

/// <summary>What is to be done about one thing of the catalog.</summary>
internal sealed record CatalogStep(CatalogSyncKind Kind, string Key, CatalogSyncAction Action)
{
    /// <summary>Stripe's id of what is there under the key; null: nothing is.</summary>
    public string? PresentId { get; init; }

    /// <summary>Stripe's id of an archived price with the declared terms.</summary>
    public string? FormerId { get; init; }

    /// <summary>What is declared, given the ids of meters by their keys.</summary>
    public Func<IReadOnlyDictionary<string, string>, StripeForm> Form { get; init; } = static _ => StripeForm.Empty;

    /// <summary>Why it cannot be.</summary>
    public string? Refusal { get; init; }
}
