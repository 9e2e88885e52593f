using SaasBilling.Providers;
using SaasBilling.Stripe.Http;
using SaasBilling.Stripe.Reconciliation;
using SaasBilling.Stripe.Webhooks;
using SaasBilling.Stripe.Wire;

namespace SaasBilling.Stripe;

/// <content>What Stripe says has happened, whether or not a webhook came.</content>
internal sealed partial class StripeProvider
{
    public async Task<ProviderChanges> ReadChangesAsync(string? cursor, CancellationToken cancellationToken)
    {
        var now = Now();
        var next = EventCursor.Write(now);
        if (EventCursor.ReadFrom(cursor, now) is not { } from)
            return new ProviderChanges(next, null);

        // An object without its customer is looked up once, however many events it has.
        var changed = new HashSet<string>(StringComparer.Ordinal);
        var others = new HashSet<(string Type, string Id)>();
        await foreach (var happened in _api.ListAsync("/v1/events", new StripeForm().Add("created[gte]", from), cancellationToken).ConfigureAwait(false))
        {
            if (EventTypes.Find(happened.RequiredText("type")) is not { } type || happened.Object("data") is not { } data || data.Object("object") is not { } about)
                continue;
            if (CustomerOf(data, about) is { } stripeId)
                changed.Add(stripeId);
            else if (about.Text("id") is { } id)
                others.Add((type, id));
        }

        foreach (var (type, id) in others)
        {
            if (await CustomerOfAsync(type, id, cancellationToken).ConfigureAwait(false) is { } stripeId)
                changed.Add(stripeId);
        }

        var customerIds = new HashSet<string>(StringComparer.Ordinal);
        foreach (var stripeId in changed)
        {
            if (await _customers.AppIdAsync(stripeId, cancellationToken).ConfigureAwait(false) is { } appId)
                customerIds.Add(appId);
        }

        return new ProviderChanges(next, customerIds);
    }

    // A card that was detached no longer names its customer, but what it was before does.
    private static string? CustomerOf(StripeObject data, StripeObject about) => about.Kind == "customer"
        ? about.Text("id")
        : about.IdOf("customer") ?? data.Object("previous_attributes")?.IdOf("customer");
}
