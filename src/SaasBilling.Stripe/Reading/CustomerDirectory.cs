using System.Collections.Concurrent;
using SaasBilling.Stripe.Http;
using SaasBilling.Stripe.Wire;

namespace SaasBilling.Stripe.Reading;

/// <summary>
/// Which customer of Stripe's is whose. The link is metadata on Stripe's customer, so that nothing has to be stored here and a database that was lost can
/// be filled again; what was found is kept.
/// </summary>
internal sealed class CustomerDirectory(StripeApi api)
{
    // A process that bills more customers than this looks some of them up again.
    private const int MostKept = 100_000;

    private readonly ConcurrentDictionary<string, string> _stripeIds = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _appIds = new(StringComparer.Ordinal);

    public void Learn(string appId, string stripeId)
    {
        if (_stripeIds.Count >= MostKept)
        {
            _stripeIds.Clear();
            _appIds.Clear();
        }

        _stripeIds[appId] = stripeId;
        _appIds[stripeId] = appId;
    }

    /// <summary>Stripe's id of a customer.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.UnknownCustomer"/>.</exception>
    public async Task<string> RequireAsync(string appId, CancellationToken cancellationToken) =>
        await FindAsync(appId, cancellationToken).ConfigureAwait(false) ?? throw new BillingException(
            BillingErrorCode.UnknownCustomer,
            $"Stripe has no customer '{appId}'. Create it with EnsureCustomerAsync first.");

    /// <summary>Stripe's id of a customer; null: there is none, or it was made within the last minute elsewhere.</summary>
    public async Task<string?> FindAsync(string appId, CancellationToken cancellationToken)
    {
        if (_stripeIds.TryGetValue(appId, out var known))
            return known;
        if (await SearchAsync(appId, cancellationToken).ConfigureAwait(false) is not { } found)
            return null;

        Learn(appId, found);
        return found;
    }

    /// <summary>The application's id of Stripe's customer; null: nobody that this application bills.</summary>
    public async Task<string?> AppIdAsync(string stripeId, CancellationToken cancellationToken)
    {
        if (_appIds.TryGetValue(stripeId, out var known))
            return known;
        if (await api.FindAsync($"/v1/customers/{Uri.EscapeDataString(stripeId)}", StripeForm.Empty, cancellationToken).ConfigureAwait(false) is not { } found)
            return null;

        var customer = WireCustomer.Read(found);
        var appId = customer.IsDeleted ? await AppIdOfDeletedAsync(stripeId, cancellationToken).ConfigureAwait(false) : customer.AppId;
        if (appId is not null)
            Learn(appId, stripeId);
        return appId;
    }

    // A customer that was deleted on Stripe has lost its metadata; its subscriptions have not.
    private async Task<string?> AppIdOfDeletedAsync(string stripeId, CancellationToken cancellationToken)
    {
        await foreach (var subscription in api.ListAsync("/v1/subscriptions", new StripeForm().Add("customer", stripeId).Add("status", "all"), cancellationToken).ConfigureAwait(false))
        {
            if (subscription.Metadata(Names.Customer) is { } appId)
                return appId;
        }

        return null;
    }

    private async Task<string?> SearchAsync(string appId, CancellationToken cancellationToken)
    {
        StripeObject answer;
        try
        {
            answer = await api.GetAsync("/v1/customers/search", new StripeForm().Add("query", QueryOf(appId)), cancellationToken).ConfigureAwait(false);
        }
        catch (StripeException refusal) when (refusal.Error.Status is 400 or 404)
        {
            // Search is not to be had in every country.
            return await WalkAsync(appId, cancellationToken).ConfigureAwait(false);
        }

        // Should there be two, the older one is meant, everywhere and always (B-4).
        return answer.List("data").Where(customer => customer.Metadata(Names.Customer) == appId && !customer.Flag("deleted"))
            .OrderBy(customer => customer.Integer("created")).ThenBy(customer => customer.Id, StringComparer.Ordinal)
            .Select(customer => customer.Id)
            .FirstOrDefault();
    }

    private async Task<string?> WalkAsync(string appId, CancellationToken cancellationToken)
    {
        string? oldest = null;
        await foreach (var customer in api.ListAsync("/v1/customers", StripeForm.Empty, cancellationToken).ConfigureAwait(false))
        {
            if (customer.Metadata(Names.Customer) == appId)
                oldest = customer.Id;
        }

        return oldest;
    }

    /// <summary>Source: https://docs.stripe.com/search#search-query-language.</summary>
    internal static string QueryOf(string appId) =>
        $"metadata['{Names.Customer}']:'{appId.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
