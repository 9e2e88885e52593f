using System.Globalization;
using System.Runtime.CompilerServices;
using SaasBilling.InMemory.Engine;
using SaasBilling.Providers;
using SaasBilling.Scheduling;

namespace SaasBilling.InMemory;

/// <summary>
/// The embedded billing engine as a provider. Every method completes synchronously, under one lock; the work under it is short.
/// </summary>
internal sealed partial class InMemoryProvider : IBillingProvider, ICatalogProvider, IClockedProvider, IForecastProvider
{
    private readonly Lock _gate = new();
    private readonly BillingEngine _engine;
    private readonly BillingClock _clock;
    private readonly IdempotencyMemory _memory = new();
    private readonly CheckoutSessions _checkouts = new();

    public InMemoryProvider(PlanCatalog catalog, InMemoryBillingOptions options, BillingClock clock, ITaxCalculator tax)
    {
        _engine = new BillingEngine(catalog, options, tax);
        _clock = clock;
    }

    public string Name => "in-memory";

    public DateTimeOffset? NextDueAt
    {
        get
        {
            lock (_gate)
                return Instants.AtOrNull(_engine.NextDueAt);
        }
    }

    public CustomerSnapshot? RunNext(DateTimeOffset now)
    {
        lock (_gate)
            return _engine.RunNext(Instants.From(now));
    }

    public ICustomerFuture? Fork(string customerId)
    {
        lock (_gate)
        {
            if (_engine.Find(customerId) is not { } customer)
                return null;

            var copy = _engine.Fork(customer);
            return new CustomerFuture(copy, copy.Find(customerId)!);
        }
    }

    public Task<CustomerSnapshot?> ReadCustomerAsync(string customerId, string? cursor, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(_engine.Find(customerId) is { } customer
                ? _engine.Read(customer, _clock.Now, RevisionOf(customer, cursor))
                : null);
        }
    }

    public async IAsyncEnumerable<string> ListCustomersAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string[] ids;
        lock (_gate)
            ids = [.. _engine.CustomerIds];

        foreach (var id in ids)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return await ValueTask.FromResult(id).ConfigureAwait(false);
        }
    }

    public Task<ProviderResult> EnsureCustomerAsync(EnsureCustomerRequest request, string idempotencyKey, CancellationToken cancellationToken)
    {
        lock (_gate)
            _engine.FindOrAdd(request.CustomerId, _clock.Now);

        return Mutate(request.CustomerId, idempotencyKey, "ensure", (_, customer) =>
        {
            Accounts.Update(customer, request.Details);
            return null;
        });
    }

    public Task<ProviderResult> DeleteCustomerAsync(string customerId, string idempotencyKey, CancellationToken cancellationToken) =>
        Mutate(customerId, idempotencyKey, "delete", (context, customer) =>
        {
            Accounts.Delete(context, customer);
            _checkouts.ExpireAllOf(customerId);
            return null;
        });

    public Task<ProviderResult> AddPaymentMethodAsync(AddPaymentMethodRequest request, string idempotencyKey, CancellationToken cancellationToken) =>
        Mutate(request.CustomerId, idempotencyKey, "add card", (context, customer) =>
            EngineIds.Card(customer, Accounts.AddCard(context, customer, request).Number));

    public Task<ProviderResult> RemovePaymentMethodAsync(string customerId, string paymentMethodId, string idempotencyKey, CancellationToken cancellationToken) =>
        Mutate(customerId, idempotencyKey, $"remove card {paymentMethodId}", (_, customer) =>
        {
            Accounts.RemoveCard(customer, paymentMethodId);
            return null;
        });

    public Task<ProviderResult> CreateSubscriptionAsync(CreateSubscriptionRequest request, string idempotencyKey, CancellationToken cancellationToken) =>
        Mutate(request.CustomerId, idempotencyKey, $"subscribe {request.Name} {request.PlanKey}", (context, customer) =>
            EngineIds.Subscription(customer, Subscribing.Create(context, customer, request).Number));

    public Task<ProviderResult> ChangeSubscriptionAsync(ChangeSubscriptionRequest request, string idempotencyKey, CancellationToken cancellationToken) =>
        Mutate(request.Subscription, idempotencyKey, $"change {request.PlanKey}", (context, customer, subscription) =>
            Changes.Change(context, customer, subscription, request));

    public Task<ProviderResult> DropScheduledChangeAsync(SubscriptionRef subscription, string idempotencyKey, CancellationToken cancellationToken) =>
        Mutate(subscription, idempotencyKey, "drop change", (_, customer, found) => Changes.DropScheduled(customer, found));

    public Task<ProviderResult> SetTrialEndAsync(SubscriptionRef subscription, DateTimeOffset? trialEnd, string idempotencyKey, CancellationToken cancellationToken) =>
        Mutate(subscription, idempotencyKey, trialEnd is null ? "end trial" : "move trial", (context, customer, found) =>
        {
            if (trialEnd is { } end)
                Trials.MoveEnd(context, customer, found, Instants.From(end));
            else
                Trials.EndNow(context, customer, found);
        });

    public Task<ProviderResult> PauseSubscriptionAsync(SubscriptionRef subscription, PauseOptions options, string idempotencyKey, CancellationToken cancellationToken) =>
        Mutate(subscription, idempotencyKey, "pause", (context, customer, found) => Pauses.Start(context, customer, found, options));

    public Task<ProviderResult> ResumeSubscriptionAsync(SubscriptionRef subscription, string idempotencyKey, CancellationToken cancellationToken) =>
        Mutate(subscription, idempotencyKey, "resume", Pauses.Resume);

    public Task<ProviderResult> CancelSubscriptionAsync(SubscriptionRef subscription, CancelOptions options, string idempotencyKey, CancellationToken cancellationToken) =>
        Mutate(subscription, idempotencyKey, "cancel", (context, customer, found) => Cancellation.Cancel(context, customer, found, options));

    public Task<ProviderResult> ApplyCouponAsync(SubscriptionRef subscription, string couponKey, string idempotencyKey, CancellationToken cancellationToken) =>
        Mutate(subscription, idempotencyKey, $"apply coupon {couponKey}", (context, customer, found) => Coupons.Apply(context, customer, found, couponKey));

    public Task<ProviderResult> RemoveCouponAsync(SubscriptionRef subscription, string couponKey, string idempotencyKey, CancellationToken cancellationToken) =>
        Mutate(subscription, idempotencyKey, $"remove coupon {couponKey}", (_, customer, found) => Coupons.Remove(customer, found, couponKey));

    public Task<ProviderResult> AddChargeAsync(AddChargeRequest request, string idempotencyKey, CancellationToken cancellationToken) =>
        Mutate(request.CustomerId, idempotencyKey, $"add charge {request.Amount}", (context, customer) =>
            EngineIds.Pending(customer, Charges.Add(context, customer, request)));

    public Task<ProviderResult> ChargeNowAsync(AddChargeRequest request, string idempotencyKey, CancellationToken cancellationToken) =>
        Mutate(request.CustomerId, idempotencyKey, $"charge {request.Amount}", (context, customer) =>
            EngineIds.Invoice(customer, Charges.ChargeNow(context, customer, request).Number));

    public Task<ProviderResult> AddCreditAsync(string customerId, Money amount, string reason, string idempotencyKey, CancellationToken cancellationToken) =>
        Mutate(customerId, idempotencyKey, $"credit {amount}", (_, customer) =>
        {
            Charges.Credit(customer, amount);
            return null;
        });

    public Task<ProviderResult> RefundAsync(string customerId, string invoiceId, Money amount, string idempotencyKey, CancellationToken cancellationToken) =>
        Mutate(customerId, idempotencyKey, $"refund {invoiceId} {amount}", (context, customer) =>
        {
            var invoice = _engine.FindInvoice(customer, invoiceId);
            Payments.Refund(context, customer, invoice, amount);
            if (customer.FindInvoice(invoice.Number) is null)
                customer.Invoices.Add(invoice);
            return EngineIds.Refund(customer, invoice.Number, invoice.Refunds!.Count - 1);
        });

    public Task<ProviderResult> ActOnInvoiceAsync(string customerId, string invoiceId, InvoiceAction action, string idempotencyKey, CancellationToken cancellationToken) =>
        Mutate(customerId, idempotencyKey, $"{action} {invoiceId}", (context, customer) =>
        {
            InvoiceActions.Act(context, customer, _engine.FindInvoice(customer, invoiceId), action);
            return invoiceId;
        });

    public Task<ProviderResult> RecordUsageAsync(UsageRequest request, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var (snapshot, _) = _engine.Run(Require(request.CustomerId), _clock.Now, (context, customer) =>
            {
                UsageLedger.Record(context, customer, request.Meter, request.Quantity, Instants.From(request.At), request.Key);
                return true;
            });
            return Task.FromResult(new ProviderResult(snapshot));
        }
    }

    public Task<InvoicePreview> PreviewAsync(SubscriptionRef subscription, ChangeSubscriptionRequest? change, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var customer = Require(subscription.CustomerId);
            return Task.FromResult(Previews.Of(_engine, customer, Require(customer, subscription), change, _clock.Now));
        }
    }

    /// <summary>The catalog is the engine's own: there is nothing to push.</summary>
    public Task<CatalogSyncReport> SyncCatalogAsync(PlanCatalog catalog, CancellationToken cancellationToken) =>
        Task.FromResult(new CatalogSyncReport(0, 0, 0, catalog.Plans.Count + catalog.AddOns.Count + catalog.Coupons.Count));

    /// <summary>The catalog is the engine's own: everything is as declared.</summary>
    public Task<CatalogSyncPreview> PreviewCatalogSyncAsync(PlanCatalog catalog, CancellationToken cancellationToken) => Task.FromResult(new CatalogSyncPreview(
    [
        .. catalog.Plans.Select(plan => new CatalogSyncItem(CatalogSyncKind.Product, plan.Key, CatalogSyncAction.Keep)),
        .. catalog.AddOns.Select(addOn => new CatalogSyncItem(CatalogSyncKind.Product, addOn.Key, CatalogSyncAction.Keep)),
        .. catalog.Coupons.Select(coupon => new CatalogSyncItem(CatalogSyncKind.Coupon, coupon.Key, CatalogSyncAction.Keep)),
    ]));

    /// <summary>For the simulator: the customer answers the bank's question of the newest payment that waits for them.</summary>
    public CustomerSnapshot AnswerPaymentAction(string customerId, string subscriptionName, bool authenticate)
    {
        lock (_gate)
        {
            return _engine.Run(Require(customerId), _clock.Now, (context, customer) =>
            {
                var invoice = customer.Invoices.FindLast(candidate => IsAsked(customer, candidate, subscriptionName)) ?? throw new BillingException(
                    BillingErrorCode.InvalidState,
                    $"No payment of '{subscriptionName}' waits for customer '{customerId}'. PendingPayment.RequiresAction says when one does.");
                Payments.Answer(context, customer, invoice, authenticate);
                return true;
            }).Snapshot;
        }
    }

    private static bool IsAsked(EngineCustomer customer, EngineInvoice invoice, string subscriptionName) =>
        invoice.ActionCard != 0
        && !invoice.IsSettled
        && (invoice.SubscriptionNumber == 0 || customer.FindSubscription(invoice.SubscriptionNumber)!.Name == subscriptionName);

    private static long RevisionOf(EngineCustomer customer, string? cursor)
    {
        // A cursor of another life of the process says nothing here: the whole account is told.
        return cursor is not null
            && long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            && revision <= customer.Revision
            ? revision
            : Snapshots.Everything;
    }

    private static EngineSubscription Require(EngineCustomer customer, SubscriptionRef subscription) =>
        customer.FindSubscription(EngineIds.NumberOf(customer, EngineIds.SubscriptionKind, subscription.SubscriptionId)) ?? throw new BillingException(
            BillingErrorCode.NotSubscribed,
            $"Customer '{customer.Id}' has no subscription '{subscription.SubscriptionId}'. Use Subscription.Id of one of theirs.");

    private EngineCustomer Require(string customerId) => _engine.Find(customerId) ?? throw new BillingException(
        BillingErrorCode.UnknownCustomer,
        $"There is no customer '{customerId}'. Create it with EnsureCustomerAsync first.");

    private Task<ProviderResult> Mutate(SubscriptionRef subscription, string key, string request, Action<EngineContext, EngineCustomer, EngineSubscription> command) =>
        Mutate(subscription.CustomerId, key, $"{request} {subscription.SubscriptionId}", (context, customer) =>
        {
            command(context, customer, Require(customer, subscription));
            return subscription.SubscriptionId;
        });

    private Task<ProviderResult> Mutate(string customerId, string key, string request, Func<EngineContext, EngineCustomer, string?> command)
    {
        lock (_gate)
        {
            var now = _clock.Now;
            var fingerprint = $"{customerId}: {request}";
            if (_memory.TryRecall(key, fingerprint, now, out var first))
                return Task.FromResult(new ProviderResult(_engine.Read(Require(customerId), now, Snapshots.Everything), first.ResultId));

            var (snapshot, id) = _engine.Run(Require(customerId), now, command);
            _memory.Remember(key, fingerprint, customerId, id, now);
            return Task.FromResult(new ProviderResult(snapshot, id));
        }
    }
}
