using SaasBilling.Storage;

namespace SaasBilling.Subscriptions;

/// <summary>
/// The one currency in which a customer is billed: that of the live subscriptions, else of a charge that waits, else of the credit balance. Until
/// there is one of these, any will do (https://docs.stripe.com/invoicing/multi-currency-customers).
/// </summary>
/// <param name="Currency">The currency.</param>
/// <param name="Because">What fixes it, for a message.</param>
internal sealed record CustomerCurrency(Currency Currency, string Because)
{
    /// <param name="state">The customer.</param>
    /// <param name="butNot">A subscription that is about to be replaced.</param>
    public static CustomerCurrency? Of(CustomerState? state, Subscription? butNot = null)
    {
        if (state is null)
            return null;

        foreach (var subscription in state.Subscriptions)
        {
            if (subscription is { IsLive: true, Currency: { } currency } && subscription.Id != butNot?.Id)
                return new(currency, $"subscription '{subscription.Name}' is billed in it");
        }

        if (state.PendingCharges is [var charge, ..])
            return new(charge.Line.Amount.Currency, $"a charge of {charge.Line.Amount} waits for the next invoice");

        return state.Customer.CreditBalance is { IsZero: false } balance ? new(balance.Currency, $"the credit balance is {balance}") : null;
    }

    /// <summary>Refuses another currency.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.CurrencyMismatch"/>.</exception>
    public void Require(Currency wanted, string customerId)
    {
        if (wanted != Currency)
            throw new BillingException(
                BillingErrorCode.CurrencyMismatch,
                $"Customer '{customerId}' is billed in {Currency}, because {Because}; {wanted} cannot be mixed with it. Use {Currency}, or another customer id for {wanted}.");
    }
}
