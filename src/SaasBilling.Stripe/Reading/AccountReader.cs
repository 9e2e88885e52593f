using SaasBilling.Stripe.Catalog;
using SaasBilling.Stripe.Http;
using SaasBilling.Stripe.Wire;

namespace SaasBilling.Stripe.Reading;

/// <summary>Reads all that Stripe has of one customer. The lists are asked for side by side.</summary>
internal sealed class AccountReader(StripeApi api, PriceDirectory prices, TimeProvider time)
{
    /// <returns>Null: Stripe does not have the customer.</returns>
    public async Task<Account?> ReadAsync(string appId, string stripeId, CancellationToken cancellationToken)
    {
        var customer = api.FindAsync($"/v1/customers/{Uri.EscapeDataString(stripeId)}", StripeForm.Empty, cancellationToken);
        var subscriptions = ListAsync("/v1/subscriptions", Of(stripeId).Add("status", "all").Expand("data.discounts", "data.schedule"), WireSubscription.Read, cancellationToken);
        var invoices = ListAsync("/v1/invoices", Of(stripeId).Expand("data.payments"), static invoice => invoice, cancellationToken);
        var charges = ListAsync("/v1/charges", Of(stripeId), WireCharge.Read, cancellationToken);
        var methods = ListAsync($"/v1/customers/{Uri.EscapeDataString(stripeId)}/payment_methods", StripeForm.Empty, WirePaymentMethod.Read, cancellationToken);
        var items = ListAsync("/v1/invoiceitems", Of(stripeId).Add("pending", true), WireInvoiceItem.Read, cancellationToken);
        await Task.WhenAll(customer, subscriptions, invoices, charges, methods, items).ConfigureAwait(false);
        if (await customer.ConfigureAwait(false) is not { } found)
            return null;

        var account = new Account
        {
            AppId = appId,
            Customer = WireCustomer.Read(found),
            ObservedAt = Now(),
            Subscriptions = await subscriptions.ConfigureAwait(false),
            Invoices = await WithAllLinesAsync(await invoices.ConfigureAwait(false), cancellationToken).ConfigureAwait(false),
            Charges = await WithRefundsAsync(await charges.ConfigureAwait(false), cancellationToken).ConfigureAwait(false),
            PaymentMethods = await methods.ConfigureAwait(false),
            InvoiceItems = await items.ConfigureAwait(false),
        };
        await LearnPricesAsync(account, cancellationToken).ConfigureAwait(false);
        return account with
        {
            Intents = await IntentsAsync(account.Invoices, cancellationToken).ConfigureAwait(false),
            Disputes = await DisputesAsync(account.Charges, cancellationToken).ConfigureAwait(false),
        };
    }

    /// <summary>The customer alone, where nothing else can have changed.</summary>
    public async Task<Account> ReadCustomerAsync(string appId, string stripeId, CancellationToken cancellationToken) => new()
    {
        AppId = appId,
        Customer = WireCustomer.Read(await api.GetAsync($"/v1/customers/{Uri.EscapeDataString(stripeId)}", StripeForm.Empty, cancellationToken).ConfigureAwait(false)),
        ObservedAt = Now(),
    };

    private static StripeForm Of(string stripeId) => new StripeForm().Add("customer", stripeId);

    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());

    private async Task<List<T>> ListAsync<T>(string path, StripeForm form, Func<StripeObject, T> read, CancellationToken cancellationToken)
    {
        var all = new List<T>();
        await foreach (var item in api.ListAsync(path, form, cancellationToken).ConfigureAwait(false))
            all.Add(read(item));
        return all;
    }

    // An invoice comes with its first lines alone.
    private async Task<List<WireInvoice>> WithAllLinesAsync(List<StripeObject> newestFirst, CancellationToken cancellationToken)
    {
        var invoices = new List<WireInvoice>(newestFirst.Count);
        for (var i = newestFirst.Count - 1; i >= 0; i--)
        {
            var invoice = WireInvoice.Read(newestFirst[i]);
            if (invoice is { HasMoreLines: true, Id: { } id })
            {
                var lines = await ListAsync($"/v1/invoices/{Uri.EscapeDataString(id)}/lines", StripeForm.Empty, WireLine.Read, cancellationToken).ConfigureAwait(false);
                invoice = invoice with { Lines = lines, HasMoreLines = false };
            }

            invoices.Add(invoice);
        }

        return [.. invoices.OrderBy(invoice => invoice.Created)];
    }

    // A charge says how much went back, and its refunds say when.
    private async Task<List<WireCharge>> WithRefundsAsync(List<WireCharge> charges, CancellationToken cancellationToken)
    {
        for (var i = 0; i < charges.Count; i++)
        {
            if (charges[i].AmountRefunded > 0)
                charges[i] = charges[i] with { Refunds = await ListAsync("/v1/refunds", new StripeForm().Add("charge", charges[i].Id), WireRefund.Read, cancellationToken).ConfigureAwait(false) };
        }

        return charges;
    }

    private async Task LearnPricesAsync(Account account, CancellationToken cancellationToken)
    {
        foreach (var item in account.Subscriptions.SelectMany(subscription => subscription.Items))
            prices.Learn(item.Price);
        await prices.LearnAsync(
            account.Invoices.SelectMany(invoice => invoice.Lines).Where(line => line.IsOfSubscription).Select(line => line.Price).OfType<string>()
                .Concat(account.Subscriptions.SelectMany(subscription => subscription.Schedule?.Phases ?? []).SelectMany(phase => phase.Items).Select(item => item.Price)),
            cancellationToken).ConfigureAwait(false);
    }

    // Whether a payment waits for the customer is said by its intent alone.
    private async Task<Dictionary<string, WireIntent>> IntentsAsync(IEnumerable<WireInvoice> invoices, CancellationToken cancellationToken)
    {
        var intents = new Dictionary<string, WireIntent>(StringComparer.Ordinal);
        foreach (var id in invoices.Where(invoice => invoice.Status == InvoiceStatus.Open).SelectMany(invoice => invoice.Payments).Where(id => id.StartsWith("pi_", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal))
        {
            if (await api.FindAsync($"/v1/payment_intents/{Uri.EscapeDataString(id)}", StripeForm.Empty, cancellationToken).ConfigureAwait(false) is { } intent)
                intents[id] = WireIntent.Read(intent);
        }

        return intents;
    }

    private async Task<Dictionary<string, DateTimeOffset>> DisputesAsync(IEnumerable<WireCharge> charges, CancellationToken cancellationToken)
    {
        var disputes = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var charge in charges.Where(charge => charge.IsDisputed))
        {
            await foreach (var dispute in api.ListAsync("/v1/disputes", new StripeForm().Add("charge", charge.Id), cancellationToken).ConfigureAwait(false))
                disputes[charge.Id] = dispute.RequiredInstant("created");
        }

        return disputes;
    }
}
