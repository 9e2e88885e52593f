using SaasBilling.Plans;
using SaasBilling.Providers;
using SaasBilling.Road;
using SaasBilling.Storage;
using SaasBilling.Subscriptions;

namespace SaasBilling;

internal sealed partial class CustomerBilling
{
    public async Task<InvoiceLine> AddChargeAsync(Money amount, string description, CancellationToken cancellationToken = default)
    {
        CheckAmount(amount, mayBeNegative: true);
        Checks.Words(description, Bounds.Description);
        var result = await RunAsync(
            async (turn, token) =>
            {
                RequireNotDeleted(turn.State);
                CustomerCurrency.Of(turn.State)?.Require(amount.Currency, CustomerId);
                await EnsureKnownAsync(turn, token).ConfigureAwait(false);

                // A free subscription is never invoiced: what is charged on it waits for one that is.
                var live = turn.State?.Newest(SubscriptionName) is { IsLive: true, Currency: not null } found ? found.Id : null;
                var request = new AddChargeRequest { CustomerId = CustomerId, SubscriptionId = live, Amount = amount, Description = description };
                await BringAsync(turn, "charge", key => Provider.AddChargeAsync(request, key, token), live, IdempotencyKey.Text(amount), description).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        return result.State?.PendingCharges.FirstOrDefault(charge => charge.Id == result.ResultId)?.Line ?? throw Lost($"charge '{result.ResultId}'");
    }

    public async Task<Invoice> ChargeNowAsync(Money amount, string description, CancellationToken cancellationToken = default)
    {
        CheckAmount(amount, mayBeNegative: false);
        Checks.Words(description, Bounds.Description);
        var result = await RunAsync(
            async (turn, token) =>
            {
                RequireNotDeleted(turn.State);
                CustomerCurrency.Of(turn.State)?.Require(amount.Currency, CustomerId);
                RequirePaymentMethod(turn.State);
                var live = turn.State?.Newest(SubscriptionName) is { IsLive: true } found ? found.Id : null;
                var request = new AddChargeRequest { CustomerId = CustomerId, SubscriptionId = live, Amount = amount, Description = description };
                await BringAsync(turn, "charge-now", key => Provider.ChargeNowAsync(request, key, token), live, IdempotencyKey.Text(amount), description).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        return await FindInvoiceAsync(result, result.ResultId!).ConfigureAwait(false);
    }

    public async Task AddCreditAsync(Money amount, string reason, CancellationToken cancellationToken = default)
    {
        CheckAmount(amount, mayBeNegative: true);
        Checks.Words(reason, Bounds.Reason);
        await RunAsync(
            async (turn, token) =>
            {
                RequireNotDeleted(turn.State);
                CustomerCurrency.Of(turn.State)?.Require(amount.Currency, CustomerId);
                await EnsureKnownAsync(turn, token).ConfigureAwait(false);
                await BringAsync(turn, "credit", key => Provider.AddCreditAsync(CustomerId, amount, reason, key, token), IdempotencyKey.Text(amount), reason).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    public async Task<Refund> RefundAsync(string invoiceId, Money? amount = null, CancellationToken cancellationToken = default)
    {
        Checks.Identifier(invoiceId, Bounds.ProviderId);
        if (amount is { } given)
            CheckAmount(given, mayBeNegative: false);
        var result = await RunAsync(
            async (turn, token) =>
            {
                var invoice = await RequireInvoiceAsync(turn.State, invoiceId, token).ConfigureAwait(false);
                var refund = InvoiceRules.Refundable(invoice, amount);
                await BringAsync(turn, "refund", key => Provider.RefundAsync(CustomerId, invoiceId, refund, key, token), invoiceId, IdempotencyKey.Text(refund)).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        var refunded = await FindInvoiceAsync(result, invoiceId).ConfigureAwait(false);
        return refunded.Refunds.FirstOrDefault(refund => refund.Id == result.ResultId) ?? throw Lost($"refund '{result.ResultId}'");
    }

    public Task<Subscription> ApplyCouponAsync(string couponKey, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(couponKey);
        var coupon = Catalog.GetCoupon(couponKey);
        return RunOnAsync(
            async (turn, live, token) =>
            {
                if (live.Discounts.Any(discount => discount.CouponKey == couponKey))
                    throw Checks.State($"{Capital(Describe(live))} has coupon '{couponKey}' already. Use it once, or take it off with RemoveCouponAsync first.");
                if (live.Discounts.Count >= Bounds.Coupons)
                    throw Checks.State($"{Capital(Describe(live))} has {live.Discounts.Count} coupons, which is the most that it can have. Take one off with RemoveCouponAsync first.");

                CouponRules.CheckOne(Catalog, coupon, live.PlanKey, live.Currency, live.Items.Select(item => item.PriceKey), turn.Now);
                await BringAsync(turn, "coupon", key => Provider.ApplyCouponAsync(RefTo(live), couponKey, key, token), live.Id, couponKey).ConfigureAwait(false);
            },
            cancellationToken);
    }

    public Task<Subscription> RemoveCouponAsync(string couponKey, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(couponKey);
        return RunOnAsync(
            async (turn, live, token) =>
            {
                if (!live.Discounts.Any(discount => discount.CouponKey == couponKey))
                {
                    var there = live.Discounts.Count == 0 ? "It has none." : $"It has {CatalogKeys.Quote(live.Discounts.Select(discount => discount.CouponKey))}.";
                    throw new BillingException(BillingErrorCode.UnknownCoupon, $"{Capital(Describe(live))} does not have coupon '{couponKey}'. {there}");
                }

                await BringAsync(turn, "coupon-off", key => Provider.RemoveCouponAsync(RefTo(live), couponKey, key, token), live.Id, couponKey).ConfigureAwait(false);
            },
            cancellationToken);
    }

    private static void CheckAmount(Money amount, bool mayBeNegative)
    {
        if (amount.Currency == default)
            throw Checks.Invalid("The amount was never set: it is default(Money). Make one with Money.Of(29m, \"USD\").");
        if (amount.IsZero)
            throw Checks.Invalid("An amount of zero changes nothing. Use another one.");
        if (amount.IsNegative && !mayBeNegative)
            throw Checks.Invalid($"{amount} cannot be charged or returned. Use an amount above zero.");
        if (amount.MinorUnits is > Bounds.MaxMinorUnits or < -Bounds.MaxMinorUnits)
            throw Checks.Invalid($"{amount} is more than can be billed at once. Use at most {Money.FromMinorUnits(Bounds.MaxMinorUnits, amount.Currency)}.");
    }

    private void RequirePaymentMethod(CustomerState? state)
    {
        if (!StartRules.HasDefaultPaymentMethod(state))
            throw Checks.State($"Customer '{CustomerId}' has no default payment method to charge. Call AddPaymentMethodAsync first.");
    }
}
