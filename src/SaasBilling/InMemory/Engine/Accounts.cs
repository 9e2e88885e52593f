using SaasBilling.Providers;

namespace SaasBilling.InMemory.Engine;

/// <summary>Who is the customer, and which cards do they have?</summary>
internal static class Accounts
{
    /// <summary>Sets what is given; null members stay as they are.</summary>
    internal static void Update(EngineCustomer customer, CustomerDetails details)
    {
        var known = customer.Profile;
        var updated = known with
        {
            Email = details.Email ?? known.Email,
            Name = details.Name ?? known.Name,
            TimeZone = details.TimeZone ?? known.TimeZone,
            Locale = details.Locale ?? known.Locale,
            Metadata = Merge(known.Metadata, details.Metadata),
            DeletedAt = null,
        };
        var isNew = customer.Revision == 0;
        if (!isNew && updated == known)
            return;

        customer.Profile = updated;
        customer.Touch();
    }

    /// <summary>Attaches a card.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.ProviderRejected"/> with the decline code.</exception>
    internal static EngineCard AddCard(EngineContext context, EngineCustomer customer, AddPaymentMethodRequest request)
    {
        var found = TestCards.Find(request.Token);
        if (found.AttachDeclineCode is { } code)
        {
            throw new BillingException(BillingErrorCode.ProviderRejected, $"The card ending in {found.Last4} was declined ({code}). Ask the customer for another one.")
            {
                DeclineCode = code,
            };
        }

        if (request.MakeDefault)
        {
            foreach (var other in customer.Cards)
                other.IsDefault = false;
        }

        var card = new EngineCard { Number = ++customer.LastCardNumber, Card = found, AttachedAt = context.Now, IsDefault = request.MakeDefault };
        customer.Cards = [.. customer.Cards, card];
        customer.CardsRevision = customer.Touch();
        return card;
    }

    internal static void RemoveCard(EngineCustomer customer, string paymentMethodId)
    {
        var card = customer.FindCard(EngineIds.NumberOf(customer, EngineIds.CardKind, paymentMethodId)) ?? throw new BillingException(
            BillingErrorCode.UnknownPaymentMethod,
            $"Customer '{customer.Id}' has no payment method '{paymentMethodId}'. Use an id from GetPaymentMethodsAsync.");
        customer.Cards = Array.FindAll(customer.Cards, other => !ReferenceEquals(other, card));
        customer.CardsRevision = customer.Touch();
    }

    /// <summary>The customer left: every subscription ends, cards are detached, and nothing is collected any more.</summary>
    internal static void Delete(EngineContext context, EngineCustomer customer)
    {
        foreach (var subscription in customer.Subscriptions)
        {
            if (subscription.IsLive)
                Cancellation.Cancel(context, customer, subscription, new CancelOptions { Timing = CancelTiming.Immediately });
        }

        foreach (var invoice in customer.Invoices)
        {
            if (invoice.NextAttemptAt == Instants.Never)
                continue;

            invoice.NextAttemptAt = Instants.Never;
            customer.Touch(invoice);
        }

        if (customer.Cards.Length > 0)
        {
            customer.Cards = [];
            customer.CardsRevision = customer.Touch();
        }

        if (customer.Pending is { Count: > 0 })
        {
            customer.Pending = null;
            customer.PendingRevision = customer.Touch();
        }

        customer.Profile = customer.Profile with { DeletedAt = Instants.At(context.Now) };
        customer.Touch();
    }

    private static IReadOnlyDictionary<string, string>? Merge(IReadOnlyDictionary<string, string>? known, IReadOnlyDictionary<string, string>? given)
    {
        if (given is null || given.Count == 0)
            return known;

        if (known is not null && given.All(pair => known.TryGetValue(pair.Key, out var value) && value == pair.Value))
            return known;

        var merged = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in known ?? new Dictionary<string, string>())
            merged[key] = value;
        foreach (var (key, value) in given)
            merged[key] = value;

        return merged;
    }
}
