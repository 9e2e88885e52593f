using SaasBilling.Stripe.Http;
using SaasBilling.Stripe.Wire;
using SaasBilling.Tests.Billing;

namespace SaasBilling.Stripe.Tests.Lives;

/// <summary>Customers and subscriptions that somebody made on Stripe without us.</summary>
public sealed class AdoptionTests : IAsyncLifetime
{
    private BillingApp _engine = null!;
    private StripeApp _app = null!;
    private int _number;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _engine = new BillingApp();
        _app = await StripeApp.StartAsync(_engine.Billing.Plans, Token);
    }

    [Fact]
    public async Task A_customer_of_the_dashboard_is_adopted_and_lives_on_here()
    {
        var (customer, subscription) = await MadeElsewhereAsync();
        await _app.PassAsync(TimeSpan.FromDays(40), Token);
        Assert.Null(await _app.Acme.GetCustomerAsync(Token));

        var adopted = await _app.Acme.AdoptAsync(customer, cancellationToken: Token);

        Assert.Equal(("acme", "Acme of old"), (adopted.Id, adopted.Name));
        var known = (await _app.Acme.GetSubscriptionAsync(Token))!;
        Assert.Equal((subscription, "default", "pro", SubscriptionStatus.Active), (known.Id, known.Name, known.PlanKey, known.Status));
        Assert.True((await _app.Acme.GetAccessAsync(Token)).IsGranted);
        var told = await NamesAsync();
        Assert.Equal(["AccessGranted", "CustomerCreated", "InvoiceFinalized", "InvoiceFinalized", "InvoicePaid", "InvoicePaid", "PaymentMethodAdded", "SubscriptionActivated", "SubscriptionRenewed"], told);
        Assert.Equal(BillingApp.Start, (await _app.Acme.GetHistoryAsync(Token)).OfType<InvoicePaid>().Min(paid => paid.OccurredAt));

        // Again, and found: nothing is told twice.
        await _app.Acme.AdoptAsync(customer, cancellationToken: Token);
        Assert.Equal(0, (await _app.Billing.ReconcileAsync(cancellationToken: Token)).Repaired);
        Assert.Equal(told, await NamesAsync());

        await _app.PassAsync(TimeSpan.FromDays(30), Token);
        await _app.Acme.CancelAsync(cancellationToken: Token);
        await _app.PassAsync(TimeSpan.FromDays(40), Token);
        Assert.Equal(SubscriptionStatus.Canceled, (await _app.Acme.GetSubscriptionAsync(Token))!.Status);
        Assert.Equal(2, (await NamesAsync()).Count(name => name == "SubscriptionRenewed"));
        Assert.Single(await NamesAsync(), "SubscriptionCanceled");
    }

    [Fact]
    public async Task A_customer_whom_somebody_links_by_metadata_is_seen_by_webhook()
    {
        var (customer, subscription) = await MadeElsewhereAsync();

        await PostAsync($"/v1/customers/{customer}", new StripeForm().Add(Names.Metadata(Names.Customer), "acme"));
        await _app.PassAsync(TimeSpan.Zero, Token);

        Assert.Equal(subscription, (await _app.Acme.GetSubscriptionAsync(Token))!.Id);
    }

    [Fact]
    public async Task A_subscription_gets_the_name_that_it_is_adopted_under()
    {
        var (customer, first) = await MadeElsewhereAsync();
        var second = await SubscribeAsync(customer, "team/seat/usd/month");

        await _app.Billing.For("acme", "side").AdoptAsync(customer, second, Token);

        Assert.Equal((second, "team"), ((await _app.Billing.For("acme", "side").GetSubscriptionAsync(Token))!.Id, (await _app.Billing.For("acme", "side").GetSubscriptionAsync(Token))!.PlanKey));
        Assert.Equal(first, (await _app.Acme.GetSubscriptionAsync(Token))!.Id);
        await _app.Billing.For("acme", "side").AdoptAsync(customer, second, Token);
        await RefusedAsync(BillingErrorCode.InvalidState, $"Stripe's subscription '{second}' has the name 'side'. Use For(\"acme\", \"side\").", () => _app.Billing.For("acme", "other").AdoptAsync(customer, second, Token));
        await RefusedAsync(BillingErrorCode.AlreadySubscribed, $"Customer 'acme' has a live subscription 'side' on Stripe, '{second}'. Use another name for '{first}'.", () => _app.Billing.For("acme", "side").AdoptAsync(customer, first, Token));
    }

    [Fact]
    public async Task What_cannot_be_adopted_is_said_and_nothing_is_linked()
    {
        var (customer, _) = await MadeElsewhereAsync();
        var (stranger, theirs) = await MadeElsewhereAsync();
        var (gone, _) = await MadeElsewhereAsync();
        await _app.Stripe.DeleteAsync($"/v1/customers/{gone}", StripeForm.Empty, Token);
        await _app.Billing.For("zenith").AdoptAsync(stranger, cancellationToken: Token);

        await RefusedAsync(BillingErrorCode.UnknownCustomer, "Stripe has no customer 'cus_none'. It was deleted there, or is of another account or mode.", () => _app.Acme.AdoptAsync("cus_none", cancellationToken: Token));
        await RefusedAsync(BillingErrorCode.UnknownCustomer, $"Stripe's customer '{gone}' was deleted there. Let the customer begin anew with EnsureCustomerAsync.", () => _app.Acme.AdoptAsync(gone, cancellationToken: Token));
        await RefusedAsync(BillingErrorCode.NotSubscribed, "Stripe has no live subscription 'sub_none'. Use Subscription.Id of one of the customer's.", () => _app.Acme.AdoptAsync(customer, "sub_none", Token));
        await RefusedAsync(BillingErrorCode.NotSubscribed, $"Stripe's subscription '{theirs}' is not of its customer '{customer}'. Use the id of one of theirs.", () => _app.Acme.AdoptAsync(customer, theirs, Token));
        await RefusedAsync(
            BillingErrorCode.InvalidState,
            $"Stripe's customer '{stranger}' is linked to customer 'zenith'. Use that id, or take 'saasbilling_customer' off its metadata in Stripe's dashboard first.",
            () => _app.Acme.AdoptAsync(stranger, cancellationToken: Token));
        await RefusedAsync(
            BillingErrorCode.InvalidState,
            $"Customer 'zenith' is linked to Stripe's customer '{stranger}'. Use another id, or take 'saasbilling_customer' off that one's metadata in Stripe's dashboard first.",
            () => _app.Billing.For("zenith").AdoptAsync(customer, cancellationToken: Token));

        Assert.Null(await _app.Acme.GetCustomerAsync(Token));
        Assert.Null((await _app.Stripe.GetAsync($"/v1/customers/{customer}", StripeForm.Empty, Token)).Metadata(Names.Customer));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _engine.DisposeAsync();
    }

    private static async Task RefusedAsync(BillingErrorCode code, string message, Func<Task> act)
    {
        var refusal = await Assert.ThrowsAnyAsync<BillingException>(act);
        Assert.StartsWith(message, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(code, refusal.Code);
    }

    private async Task<(string Customer, string Subscription)> MadeElsewhereAsync()
    {
        var customer = (await PostAsync("/v1/customers", new StripeForm().Add("name", "Acme of old"))).Id;
        var card = (await PostAsync("/v1/payment_methods/pm_card_visa/attach", new StripeForm().Add("customer", customer))).Id;
        await PostAsync($"/v1/customers/{customer}", new StripeForm().Add("invoice_settings[default_payment_method]", card));
        return (customer, await SubscribeAsync(customer, "pro/usd/month"));
    }

    private async Task<string> SubscribeAsync(string customer, string price)
    {
        var found = await _app.Stripe.GetAsync("/v1/prices", new StripeForm().Add("lookup_keys[0]", $"saasbilling:{price}"), Token);
        return (await PostAsync("/v1/subscriptions", new StripeForm().Add("customer", customer).Add("items[0][price]", found.List("data").Single().Id))).Id;
    }

    private Task<StripeObject> PostAsync(string path, StripeForm form) => _app.Stripe.PostAsync(path, form, $"elsewhere-{++_number}", Token);

    private async Task<IEnumerable<string>> NamesAsync() =>
        (await _app.Acme.GetHistoryAsync(Token)).Select(billingEvent => billingEvent.GetType().Name).Order(StringComparer.Ordinal);
}
