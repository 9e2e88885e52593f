using System.Security.Cryptography;
using System.Text;
using SaasBilling.Providers;
using SaasBilling.Storage;

namespace SaasBilling;

/// <summary>
/// What is left of somebody who was erased. Who they were is gone; what they did stays: subscriptions, invoices, amounts and instants. Erasing what was
/// erased changes nothing.
/// </summary>
internal static class Erasure
{
    private const string Marker = "sha256:";

    /// <summary>The state without personal data.</summary>
    public static CustomerState Of(CustomerState state, DateTimeOffset now) => state with
    {
        Customer = Of(state.Customer) with { ErasedAt = state.Customer.ErasedAt ?? now },
        Subscriptions = [.. state.Subscriptions.Select(Of)],
        PaymentMethods = [.. state.PaymentMethods.Select(Of)],
        LastKnown = [.. state.LastKnown.Select(known => known with { Subscription = Of(known.Subscription) })],
    };

    /// <summary>The event without personal data; the same instance when it had none.</summary>
    public static BillingEvent Of(BillingEvent billingEvent) => billingEvent switch
    {
        PaymentMethodAdded added => added with { PaymentMethod = Of(added.PaymentMethod) },
        PaymentMethodRemoved removed => removed with { PaymentMethod = Of(removed.PaymentMethod) },
        PaymentMethodExpiring expiring => expiring with { PaymentMethod = Of(expiring.PaymentMethod) },

        // It names the card that will be charged.
        TrialEnding ending => ending with { Subscription = Of(ending.Subscription), Explanation = null },
        SubscriptionEvent { Subscription.CancellationReason: { } reason } told => told with
        {
            Subscription = Of(told.Subscription),
            Explanation = told.Explanation?.Contains(reason, StringComparison.Ordinal) == true ? null : told.Explanation,
        },
        _ => billingEvent,
    };

    /// <summary>What the provider says of somebody who was erased, without what was erased.</summary>
    public static CustomerSnapshot Of(CustomerSnapshot seen, Customer erased) => seen with
    {
        Customer = seen.Customer with
        {
            Email = erased.Email,
            Name = erased.Name,
            TimeZone = null,
            Locale = null,
            Metadata = null,
            ErasedAt = erased.ErasedAt,
        },
        Subscriptions = [.. seen.Subscriptions.Select(Of)],
        PaymentMethods = seen.PaymentMethods is { } cards ? [.. cards.Select(Of)] : null,
    };

    /// <summary>The ids by which webhooks about a customer can be found.</summary>
    public static IReadOnlyCollection<string> IdsOf(CustomerState state, IEnumerable<Invoice> invoices, IEnumerable<BillingEvent> events)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal) { state.Customer.Id };
        ids.UnionWith(state.Subscriptions.Select(subscription => subscription.Id));
        ids.UnionWith(state.Trials.Select(trial => trial.SubscriptionId));
        ids.UnionWith(state.PaymentMethods.Select(card => card.Id));
        ids.UnionWith(invoices.Select(invoice => invoice.Id));
        ids.UnionWith(events.Select(SubjectOf).OfType<string>());
        return ids;
    }

    private static string? SubjectOf(BillingEvent billingEvent) => billingEvent switch
    {
        SubscriptionEvent told => told.Subscription.Id,
        PaymentMethodAdded added => added.PaymentMethod.Id,
        PaymentMethodRemoved removed => removed.PaymentMethod.Id,
        _ => null,
    };

    // Two customers with one address still have one marker, so that addresses can be counted, and a known one can be looked for.
    private static Customer Of(Customer customer) => customer.ErasedAt is not null ? customer : customer with
    {
        Email = customer.Email is { } email ? MarkerOf(CustomerFilter.NormalizeEmail(email)) : null,
        Name = customer.Name is { } name ? MarkerOf(name.Trim().ToLowerInvariant()) : null,
        TimeZone = null,
        Locale = null,
        Metadata = null,
    };

    private static Subscription Of(Subscription subscription) =>
        subscription.CancellationReason is null ? subscription : subscription with { CancellationReason = null };

    private static PaymentMethod Of(PaymentMethod card) => card with { Last4 = "", ExpiryMonth = 0, ExpiryYear = 0 };

    private static string MarkerOf(string normalized) => Marker + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(normalized)));
}
