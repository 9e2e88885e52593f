using System.Globalization;
using SaasBilling.Providers;

namespace SaasBilling.Conformance.Providers;

/// <summary>One customer of the provider under test: the commands of a test in short, and all that the provider says of the customer.</summary>
internal sealed partial class Scene(ProviderHarness harness, PlanCatalog catalog, string customerId) : IAsyncDisposable
{
    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public ProviderHarness Harness { get; } = harness;

    public PlanCatalog Catalog { get; } = catalog;

    public string CustomerId { get; } = customerId;

    public IBillingProvider Provider => Harness.Provider;

    public ConformanceCards Cards => Harness.Cards;

    public DateTimeOffset Now => Harness.Now;

    private int Keys { get; set; }

    public ValueTask DisposeAsync() => Harness.DisposeAsync();

    /// <summary>A key that no mutation had.</summary>
    public string NewKey() => string.Create(CultureInfo.InvariantCulture, $"{CustomerId}-{++Keys}");

    public async Task AdvanceToAsync(DateTimeOffset instant)
    {
        await Harness.AdvanceAsync(instant - Now, Token);
        Assert.Equal(instant, Now);
    }

    public Task AdvanceAsync(TimeSpan by) => AdvanceToAsync(Now + by);

    /// <summary>To the end of the subscription's period, and past the hour for which the renewal's invoice is a draft.</summary>
    public async Task AdvancePastRenewalAsync(string subscriptionId)
    {
        var subscription = await SubscriptionAsync(subscriptionId);
        await AdvanceToAsync(subscription.CurrentPeriod.End.AddHours(2));
    }

    /// <summary>Everything that the provider says of the customer.</summary>
    public async Task<CustomerSnapshot> ReadAsync()
    {
        var snapshot = await Provider.ReadCustomerAsync(CustomerId, cursor: null, Token);
        Assert.NotNull(snapshot);
        return snapshot;
    }

    public async Task<Facts> FactsAsync() => Facts.Of(await ReadAsync());

    public async Task<Subscription> SubscriptionAsync(string id) =>
        Assert.Single((await ReadAsync()).Subscriptions, subscription => subscription.Id == id);

    public async Task<IReadOnlyList<Invoice>> InvoicesAsync() => (await ReadAsync()).Invoices;

    /// <summary>The invoices that ask for anything, oldest first: without the zero invoice of a trial's start.</summary>
    public async Task<IReadOnlyList<Invoice>> PayableInvoicesAsync() => [.. (await InvoicesAsync()).Where(invoice => !invoice.Total.IsZero)];

    public async Task<Invoice> InvoiceAsync(string id) => Assert.Single(await InvoicesAsync(), invoice => invoice.Id == id);

    public async Task<Invoice> NewestInvoiceAsync() => (await InvoicesAsync())[^1];

    public async Task<Money?> BalanceAsync() => (await ReadAsync()).Customer.CreditBalance;

    public async Task<CustomerSnapshot> EnsureCustomerAsync(CustomerDetails? details = null)
    {
        await Provider.EnsureCustomerAsync(new EnsureCustomerRequest(CustomerId, details ?? new CustomerDetails()), NewKey(), Token);
        return await ReadAsync();
    }

    /// <summary>Attaches a card and makes it the default.</summary>
    public async Task<PaymentMethod> AddCardAsync(string token, bool makeDefault = true)
    {
        var result = await Provider.AddPaymentMethodAsync(new AddPaymentMethodRequest(CustomerId, token, makeDefault), NewKey(), Token);
        Assert.NotNull(result.Id);
        var methods = (await ReadAsync()).PaymentMethods;
        Assert.NotNull(methods);
        return Assert.Single(methods, method => method.Id == result.Id);
    }

    public Task RemoveCardAsync(string id) => Provider.RemovePaymentMethodAsync(CustomerId, id, NewKey(), Token);

    public async Task<Subscription> SubscribeAsync(CreateSubscriptionRequest request)
    {
        var result = await Provider.CreateSubscriptionAsync(request, NewKey(), Token);
        Assert.NotNull(result.Id);
        var subscription = await SubscriptionAsync(result.Id);
        Assert.Contains(subscription, result.Snapshot.Subscriptions);
        return subscription;
    }

    /// <summary>A plan at its first price, with a card that works unless another is named.</summary>
    public async Task<Subscription> SubscribeAsync(string planKey, long seats = 1, string? card = null)
    {
        await AddCardAsync(card ?? Cards.Works);
        return await SubscribeAsync(Request(planKey, seats: seats));
    }

    public async Task<Subscription> ChangeAsync(ChangeSubscriptionRequest request)
    {
        await Provider.ChangeSubscriptionAsync(request, NewKey(), Token);
        return await SubscriptionAsync(request.Subscription.SubscriptionId);
    }

    public Task<Subscription> ChangeAsync(Subscription subscription, SubscriptionChange change) => ChangeAsync(Change(subscription, change));

    public Task<InvoicePreview> PreviewAsync(Subscription subscription, ChangeSubscriptionRequest? change = null) =>
        Provider.PreviewAsync(Ref(subscription), change, Token);

    public async Task<Subscription> DropScheduledChangeAsync(Subscription subscription)
    {
        await Provider.DropScheduledChangeAsync(Ref(subscription), NewKey(), Token);
        return await SubscriptionAsync(subscription.Id);
    }

    public async Task<Subscription> SetTrialEndAsync(Subscription subscription, DateTimeOffset? end)
    {
        await Provider.SetTrialEndAsync(Ref(subscription), end, NewKey(), Token);
        return await SubscriptionAsync(subscription.Id);
    }

    public async Task<Subscription> PauseAsync(Subscription subscription, PauseOptions? options = null)
    {
        await Provider.PauseSubscriptionAsync(Ref(subscription), options ?? new PauseOptions(), NewKey(), Token);
        return await SubscriptionAsync(subscription.Id);
    }

    public async Task<Subscription> ResumeAsync(Subscription subscription)
    {
        await Provider.ResumeSubscriptionAsync(Ref(subscription), NewKey(), Token);
        return await SubscriptionAsync(subscription.Id);
    }

    public async Task<Subscription> CancelAsync(Subscription subscription, CancelOptions? options = null)
    {
        await Provider.CancelSubscriptionAsync(Ref(subscription), options ?? new CancelOptions(), NewKey(), Token);
        return await SubscriptionAsync(subscription.Id);
    }

    public async Task<Subscription> ApplyCouponAsync(Subscription subscription, string couponKey)
    {
        await Provider.ApplyCouponAsync(Ref(subscription), couponKey, NewKey(), Token);
        return await SubscriptionAsync(subscription.Id);
    }

    public async Task<Subscription> RemoveCouponAsync(Subscription subscription, string couponKey)
    {
        await Provider.RemoveCouponAsync(Ref(subscription), couponKey, NewKey(), Token);
        return await SubscriptionAsync(subscription.Id);
    }

    public async Task<PendingCharge> AddChargeAsync(Money amount, string description, Subscription? subscription = null)
    {
        var result = await Provider.AddChargeAsync(Charge(amount, description, subscription), NewKey(), Token);
        var pending = (await ReadAsync()).PendingCharges;
        Assert.NotNull(pending);
        return Assert.Single(pending, charge => charge.Id == result.Id);
    }

    public async Task<Invoice> ChargeNowAsync(Money amount, string description)
    {
        var result = await Provider.ChargeNowAsync(Charge(amount, description), NewKey(), Token);
        Assert.NotNull(result.Id);
        return await InvoiceAsync(result.Id);
    }

    public Task AddCreditAsync(Money amount) => Provider.AddCreditAsync(CustomerId, amount, "goodwill", NewKey(), Token);

    public async Task<Refund> RefundAsync(Invoice invoice, Money amount)
    {
        var result = await Provider.RefundAsync(CustomerId, invoice.Id, amount, NewKey(), Token);
        return Assert.Single((await InvoiceAsync(invoice.Id)).Refunds, refund => refund.Id == result.Id);
    }

    public async Task<Invoice> ActAsync(Invoice invoice, InvoiceAction action)
    {
        await Provider.ActOnInvoiceAsync(CustomerId, invoice.Id, action, NewKey(), Token);
        return await InvoiceAsync(invoice.Id);
    }

    public Task RecordUsageAsync(decimal quantity, DateTimeOffset? at = null, string? key = null) =>
        Provider.RecordUsageAsync(new UsageRequest(CustomerId, ConformanceCatalog.Calls, quantity, at ?? Now, key ?? NewKey()), Token);

    public Task AnswerAsync(Subscription subscription, bool authenticate) => Harness.AnswerPaymentActionAsync(Ref(subscription), authenticate, Token);

    public async Task DeleteAsync() => await Provider.DeleteCustomerAsync(CustomerId, NewKey(), Token);
}
