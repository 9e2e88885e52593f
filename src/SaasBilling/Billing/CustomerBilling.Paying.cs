using SaasBilling.Providers;
using SaasBilling.Road;
using SaasBilling.Subscriptions;

namespace SaasBilling;

internal sealed partial class CustomerBilling
{
    public async Task<CheckoutSession> CreateCheckoutAsync(string planKey, CheckoutOptions options, CancellationToken cancellationToken = default)
    {
        var plan = PlanOf(planKey);
        ArgumentNullException.ThrowIfNull(options);
        Checks.WebAddress(options.SuccessUrl, nameof(CheckoutOptions.SuccessUrl));
        Checks.WebAddress(options.CancelUrl, nameof(CheckoutOptions.CancelUrl));
        var provider = services.Ability<ICheckoutProvider>("card form");
        var wish = Wish(plan, new SubscribeOptions { Interval = options.Interval, Currency = options.Currency, Seats = options.Seats, Coupons = options.Coupons }, TrialWish.IfAvailable) with
        {
            BringsPaymentMethod = true,
        };
        CheckoutSession? session = null;
        await RunAsync(
            async (turn, token) =>
            {
                RequireNotDeleted(turn.State);
                var request = StartRules.Decide(wish, turn.State, Catalog, services.Options, turn.Now);
                await EnsureKnownAsync(turn, token).ConfigureAwait(false);
                var key = Key(turn, "checkout", [.. Arguments(wish, request, turn.Now), options.SuccessUrl.OriginalString, options.CancelUrl.OriginalString, IdempotencyKey.Text(turn.Now)]);
                session = await MeasureAsync("checkout", () => provider.CreateCheckoutAsync(request, options, key, token)).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        return session!;
    }

    public async Task<Subscription?> CompleteCheckoutAsync(string checkoutSessionId, CancellationToken cancellationToken = default)
    {
        Checks.Identifier(checkoutSessionId, Bounds.ProviderId);
        var provider = services.Ability<ICheckoutProvider>("card form");
        var result = await RunAsync(
            (turn, token) => BringAsync(turn, "read-checkout", () => provider.ReadCheckoutAsync(CustomerId, checkoutSessionId, token)),
            cancellationToken).ConfigureAwait(false);
        return result.ResultId is { } id ? Find(result, id) : null;
    }

    public async Task<Uri> CreatePortalUrlAsync(Uri returnUrl, CancellationToken cancellationToken = default)
    {
        Checks.WebAddress(returnUrl);
        var provider = services.Ability<IPortalProvider>("page for customers");
        await RunAsync(
            async (turn, token) =>
            {
                RequireNotDeleted(turn.State);
                await EnsureKnownAsync(turn, token).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        return await MeasureAsync("portal", () => provider.CreatePortalUrlAsync(CustomerId, returnUrl, cancellationToken)).ConfigureAwait(false);
    }

    public async Task<PaymentMethod> AddPaymentMethodAsync(string token, bool makeDefault = true, CancellationToken cancellationToken = default)
    {
        CheckToken(token);
        var result = await RunAsync(
            async (turn, cancel) =>
            {
                RequireNotDeleted(turn.State);
                await EnsureKnownAsync(turn, cancel).ConfigureAwait(false);
                await BringAsync(turn, "attach", key => Provider.AddPaymentMethodAsync(new(CustomerId, token, makeDefault), key, cancel), token, makeDefault ? "default" : null).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        return result.State?.PaymentMethods.FirstOrDefault(method => method.Id == result.ResultId) ?? throw Lost($"payment method '{result.ResultId}'");
    }

    public async Task<IReadOnlyList<PaymentMethod>> GetPaymentMethodsAsync(CancellationToken cancellationToken = default) =>
        await StateAsync(cancellationToken).ConfigureAwait(false) is { } state ? [.. state.PaymentMethods.OrderByDescending(method => method.IsDefault)] : [];

    public async Task RemovePaymentMethodAsync(string paymentMethodId, CancellationToken cancellationToken = default)
    {
        Checks.Identifier(paymentMethodId, Bounds.ProviderId);
        await RunAsync(
            async (turn, token) =>
            {
                RequireNotDeleted(turn.State);
                if (turn.State?.PaymentMethods.Any(method => method.Id == paymentMethodId) != true)
                {
                    throw new BillingException(
                        BillingErrorCode.UnknownPaymentMethod,
                        $"Customer '{CustomerId}' has no payment method '{paymentMethodId}'. Use an Id that GetPaymentMethodsAsync returns.");
                }

                await BringAsync(turn, "detach", key => Provider.RemovePaymentMethodAsync(CustomerId, paymentMethodId, key, token), paymentMethodId).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    // A token is a secret until it is attached: the message does not repeat it.
    private static void CheckToken(string token) => Checks.Identifier(token, Bounds.Token);
}
