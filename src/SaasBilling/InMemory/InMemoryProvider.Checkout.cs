using SaasBilling.InMemory.Engine;
using SaasBilling.Providers;

namespace SaasBilling.InMemory;

/// <summary>The card form and the customer's page, which the web package serves.</summary>
internal sealed partial class InMemoryProvider : ICheckoutProvider, IPortalProvider
{
    public Task<CheckoutSession> CreateCheckoutAsync(CreateSubscriptionRequest request, CheckoutOptions options, string idempotencyKey, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var now = _clock.Now;
            Require(request.CustomerId);
            var fingerprint = $"{request.CustomerId}: checkout {request.Name} {request.PlanKey}";
            if (_memory.TryRecall(idempotencyKey, fingerprint, now, out var first))
                return Task.FromResult(_checkouts.Find(request.CustomerId, first.ResultId!, now).ToSession());

            var form = _checkouts.Open(request, options, now);
            _memory.Remember(idempotencyKey, fingerprint, request.CustomerId, form.Id, now);
            return Task.FromResult(form.ToSession());
        }
    }

    public Task<ProviderResult> ReadCheckoutAsync(string customerId, string checkoutSessionId, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var now = _clock.Now;
            var form = _checkouts.Find(customerId, checkoutSessionId, now);
            var customer = Require(customerId);
            var snapshot = _engine.Read(customer, now, Snapshots.Everything);

            // A submission that the bank asked about is paid when the customer has answered.
            if (form.Status != CheckoutStatus.Complete && form.SubscriptionId is { } waiting && IsStarted(customer, waiting))
                _checkouts.Submitted(form.Id, waiting, paid: true);

            form = _checkouts.Find(customerId, checkoutSessionId, now);
            return Task.FromResult(new ProviderResult(snapshot, form.Status == CheckoutStatus.Complete ? form.SubscriptionId : null));
        }
    }

    public Task<Uri> CreatePortalUrlAsync(string customerId, Uri returnUrl, CancellationToken cancellationToken)
    {
        var path = $"/billing/portal?customer={Uri.EscapeDataString(customerId)}";
        return Task.FromResult(returnUrl.IsAbsoluteUri ? new Uri(returnUrl, path) : new Uri(path, UriKind.Relative));
    }

    /// <summary>For the simulator and the web package's page: the customer fills in the form and sends it.</summary>
    public CustomerSnapshot SubmitCheckout(string checkoutSessionId, string paymentMethodToken)
    {
        lock (_gate)
        {
            var now = _clock.Now;
            var form = _checkouts.FindOpen(checkoutSessionId, now);
            var customer = Require(form.CustomerId);
            var card = new AddPaymentMethodRequest(form.CustomerId, paymentMethodToken, MakeDefault: true);

            // Done on a copy first: a card that is refused, or a subscription that cannot start, leaves everything as it was.
            var copy = _engine.Fork(customer);
            copy.Run(copy.Find(customer.Id)!, now, (context, account) => Submit(context, account, card, form.RequestAt(now)));

            var (snapshot, subscription) = _engine.Run(customer, now, (context, account) => Submit(context, account, card, form.RequestAt(now)));
            _checkouts.Submitted(form.Id, EngineIds.Subscription(customer, subscription.Number), subscription.Status != SubscriptionStatus.Incomplete);
            return snapshot;
        }
    }

    private static EngineSubscription Submit(EngineContext context, EngineCustomer customer, AddPaymentMethodRequest card, CreateSubscriptionRequest request)
    {
        Accounts.AddCard(context, customer, card);
        return Subscribing.Create(context, customer, request);
    }

    private static bool IsStarted(EngineCustomer customer, string subscriptionId) =>
        customer.FindSubscription(EngineIds.NumberOf(customer, EngineIds.SubscriptionKind, subscriptionId))
            is { Status: not (SubscriptionStatus.Incomplete or SubscriptionStatus.IncompleteExpired) };
}
