using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using SaasBilling.Providers;
using SaasBilling.Storage;
using SaasBilling.Stripe.Catalog;
using SaasBilling.Stripe.Commands;
using SaasBilling.Stripe.Diagnostics;
using SaasBilling.Stripe.Http;
using SaasBilling.Stripe.Reading;
using SaasBilling.Stripe.Webhooks;
using SaasBilling.Stripe.Wire;

namespace SaasBilling.Stripe;

/// <summary>Stripe as the authority on billing. A mutation sends what the pure builders made, and then reads the present.</summary>
internal sealed partial class StripeProvider : IBillingProvider, ICheckoutProvider, IPortalProvider, ICatalogProvider, IWebhookProvider, IChangeFeedProvider, IAdoptionProvider
{
    private readonly StripeApi _api;
    private readonly StripeBillingOptions _options;
    private readonly PlanCatalog _catalog;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CatalogNames _names;
    private readonly PriceDirectory _prices;
    private readonly CustomerDirectory _customers;
    private readonly AccountReader _reader;
    private readonly SnapshotMapping _mapping;
    private readonly InvoiceMapping _invoices;
    private readonly SubscriptionForms _subscriptions;
    private readonly ItemMatching _matching;
    private readonly WebhookReader _webhooks;

    private StripeProvider(StripeApi api, StripeBillingOptions options, PlanCatalog catalog, TimeProvider time, ILogger logger)
    {
        (_api, _options, _catalog, _time, _logger) = (api, options, catalog, time, logger);
        _names = new CatalogNames(options.CatalogPrefix);
        _prices = new PriceDirectory(api, _names);
        _customers = new CustomerDirectory(api);
        _reader = new AccountReader(api, _prices, time);
        _mapping = new SnapshotMapping(catalog, _names, _prices.Find);
        _invoices = new InvoiceMapping(_prices.Find);
        _subscriptions = new SubscriptionForms(_names, options.AutomaticTax);
        _matching = new ItemMatching(catalog, price => _prices.Learn(price).Key, price => _prices.Learn(price).IsFree);
        _webhooks = new WebhookReader(options);
    }

    public string Name => WebhookReader.Provider;

    public static StripeProvider Create(IStripeTransport transport, StripeBillingOptions options, PlanCatalog catalog, TimeProvider time, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger("SaasBilling.Stripe");
        return new StripeProvider(new StripeApi(transport, options, time, logger), options, catalog, time, logger);
    }

    public async Task<CustomerSnapshot?> ReadCustomerAsync(string customerId, string? cursor, CancellationToken cancellationToken) =>
        await _customers.FindAsync(customerId, cancellationToken).ConfigureAwait(false) is { } stripeId
        && await _reader.ReadAsync(customerId, stripeId, cancellationToken).ConfigureAwait(false) is { } account
            ? SnapshotCursor.Apply(_mapping.ToSnapshot(account), cursor)
            : null;

    public async IAsyncEnumerable<string> ListCustomersAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var customer in _api.ListAsync("/v1/customers", StripeForm.Empty, cancellationToken).ConfigureAwait(false))
        {
            if (customer.Metadata(Names.Customer) is not { Length: > 0 } appId)
                continue;

            _customers.Learn(appId, customer.Id);
            yield return appId;
        }
    }

    public InboxMessage? ReadWebhook(ReadOnlyMemory<byte> body, Func<string, string?> header, DateTimeOffset receivedAt) =>
        _webhooks.Read(body.Span, header(WebhookReader.Header), receivedAt);

    public async Task<IReadOnlyList<string>> FindCustomersAsync(InboxMessage message, CancellationToken cancellationToken)
    {
        var stripeId = message.Subject.StartsWith("cus_", StringComparison.Ordinal)
            ? message.Subject
            : await CustomerOfAsync(message.Type, message.ObjectId, cancellationToken).ConfigureAwait(false);
        if (stripeId is not null && await _customers.AppIdAsync(stripeId, cancellationToken).ConfigureAwait(false) is { } appId)
            return [appId];

        StripeLog.Unlinked(_logger, message.EventId, stripeId ?? message.Subject);
        return [];
    }

    // Disputes and refunds name their charge alone.
    private async Task<string?> CustomerOfAsync(string type, string? objectId, CancellationToken cancellationToken)
    {
        var list = type.StartsWith("charge.dispute.", StringComparison.Ordinal) ? "disputes" : type.StartsWith("refund.", StringComparison.Ordinal) ? "refunds" : null;
        if (list is null || objectId is null)
            return null;

        var found = await _api.FindAsync(PathOf(list, objectId), new StripeForm().Expand("charge"), cancellationToken).ConfigureAwait(false);
        return found?.Object("charge")?.IdOf("customer");
    }

    private async Task<ProviderResult> AnswerAsync(string customerId, string stripeId, string? id, CancellationToken cancellationToken) =>
        await _reader.ReadAsync(customerId, stripeId, cancellationToken).ConfigureAwait(false) is { } account
            ? new ProviderResult(SnapshotCursor.Apply(_mapping.ToSnapshot(account), null), id)
            : throw new BillingException(BillingErrorCode.UnknownCustomer, $"Stripe no longer has customer '{customerId}'.");

    /// <summary>One step of a mutation.</summary>
    /// <returns>Null: it was done before, when what it is made of was different; its effect stands.</returns>
    private async Task<StripeObject?> StepAsync(string path, StripeForm form, string key, CancellationToken cancellationToken)
    {
        try
        {
            return await _api.PostAsync(path, form, key, cancellationToken).ConfigureAwait(false);
        }
        catch (StripeException reused) when (reused.Error.IsKeyReused)
        {
            return null;
        }
    }

    private static string PathOf(string list, string id, string? action = null) =>
        action is null ? $"/v1/{list}/{Uri.EscapeDataString(id)}" : $"/v1/{list}/{Uri.EscapeDataString(id)}/{action}";

    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeSeconds(_time.GetUtcNow().ToUnixTimeSeconds());
}
