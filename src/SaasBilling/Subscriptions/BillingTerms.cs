using System.Runtime.InteropServices;

namespace SaasBilling.Subscriptions;

/// <summary>In which currency, and how often, a plan is billed.</summary>
/// <param name="Currency">Null on a free plan.</param>
/// <param name="Interval">Monthly on a free plan.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BillingTerms(Currency? Currency, BillingInterval Interval)
{
    /// <summary>What is given holds; what is not is the customer's currency, else as the plan's first price has it.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="currency">What the caller gave.</param>
    /// <param name="interval">What the caller gave.</param>
    /// <param name="customers">The currency that the customer is bound to.</param>
    /// <param name="customerId">For messages.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.UnknownPrice"/>, <see cref="BillingErrorCode.CurrencyMismatch"/>.</exception>
    public static BillingTerms For(Plan plan, Currency? currency, BillingInterval? interval, CustomerCurrency? customers, string customerId)
    {
        if (plan.IsFree)
            return new(null, BillingInterval.Monthly);

        if (interval is { Count: < 1 })
            throw Checks.Invalid("The billing interval was never set. Use BillingInterval.Monthly, for example.");
        if (currency is { } given)
            customers?.Require(given, customerId);

        var wanted = currency ?? customers?.Currency ?? First(plan, interval);
        var sold = plan.AvailablePricing.Where(terms => terms.Currency == wanted).Select(terms => terms.Interval).ToList();
        if (sold.Count == 0)
            throw currency is null && customers is not null ? NotInCustomersCurrency(plan, customers, customerId) : ItemResolution.UnknownPrice(plan, wanted);

        if (interval is { } every && !sold.Contains(every))
            throw ItemResolution.UnknownPrice(plan, wanted, every);

        return new(wanted, interval ?? sold[0]);
    }

    private static Currency First(Plan plan, BillingInterval? interval)
    {
        foreach (var terms in plan.AvailablePricing)
        {
            if (interval is null || terms.Interval == interval)
                return terms.Currency;
        }

        throw ItemResolution.UnknownPrice(plan, interval!.Value);
    }

    private static BillingException NotInCustomersCurrency(Plan plan, CustomerCurrency customers, string customerId) => new(
        BillingErrorCode.CurrencyMismatch,
        $"Customer '{customerId}' is billed in {customers.Currency}, because {customers.Because}, and plan '{plan.Key}' is not sold in it. Give the plan a price in {customers.Currency}, or use another customer id.");
}
