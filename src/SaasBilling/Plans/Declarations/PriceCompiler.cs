namespace SaasBilling.Plans;

/// <summary>Makes the prices of a plan or an add-on from what was declared.</summary>
internal static class PriceCompiler
{
    /// <summary>The prices that are right; what is wrong with the others goes to the faults.</summary>
    public static IReadOnlyList<Price> Compile(OfferDeclaration offer, CatalogFaults faults)
    {
        var prices = new List<Price>(offer.Prices.Count);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (position, declared) in offer.Prices.Index())
        {
            var wrong = new List<string>();
            var currency = CurrencyOf(declared, wrong);
            var price = PriceOf(offer.Key, declared, currency);
            wrong.AddRange(wrong.Count == 0 ? price.Faults().Concat(SizeFaults(price)) : price.Faults());
            if (wrong.Count == 0 && !keys.Add(price.Key))
                wrong.Add("There is another one like it. Remove one, or change its currency or interval.");

            if (wrong.Count == 0)
                prices.Add(price);
            else
                AddFaults(offer, declared, position, price, currency, wrong, faults);
        }

        return prices;
    }

    private static Currency CurrencyOf(PriceDeclaration declared, List<string> wrong)
    {
        try
        {
            return Currency.Of(declared.Currency);
        }
        catch (BillingException e)
        {
            wrong.Add(e.Message);

            // Any other currency will do to find what else is wrong with the price.
            return Currency.Of("USD");
        }
    }

    private static IEnumerable<string> SizeFaults(Price price)
    {
        var largest = Money.FromMinorUnits(long.MaxValue, price.Currency);
        var amounts = price.Tiers.SelectMany(tier => new[] { tier.UnitAmount, tier.FlatAmount })
            .Append(price.UnitAmount ?? 0)
            .Append(price.Package?.Amount ?? 0);
        return amounts.Where(amount => amount > largest.Amount)
            .Select(amount => $"{amount} {price.Currency} is more than an amount can hold. Use at most {largest}.");
    }

    private static Price PriceOf(string offerKey, PriceDeclaration declared, Currency currency) => new()
    {
        Key = Price.KeyOf(offerKey, declared.Kind, declared.Meter, currency, declared.Interval),
        Kind = declared.Kind,
        Currency = currency,
        Interval = declared.Interval,
        UnitAmount = declared.UnitAmount,
        Tiers = new ValueList<PriceTier>(declared.Tiers),
        TierMode = declared.TierMode,
        Package = declared.Package,
        Meter = declared.Meter,
    };

    private static void AddFaults(OfferDeclaration offer, PriceDeclaration declared, int position, Price price, Currency currency, List<string> wrong, CatalogFaults faults)
    {
        // A price without a currency or an interval has no key to be called by.
        var isNamed = currency.Code.Equals(declared.Currency, StringComparison.OrdinalIgnoreCase) && declared.Interval.Count > 0;
        var name = isNamed ? $"price {price.Key}" : $"price {position + 1}";
        var place = declared.Path is null ? "" : $" ({declared.Path})";
        foreach (var fault in wrong)
            faults.Add($"{(offer.IsAddOn ? "Add-on" : "Plan")} '{offer.Key}', {name}{place}: {fault}");
    }
}
