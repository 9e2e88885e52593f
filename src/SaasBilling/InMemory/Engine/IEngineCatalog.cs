namespace SaasBilling.InMemory.Engine;

/// <summary>
/// What the engine bills, by key. The engine looks a price up when a subscription takes it and holds it from then on, so that a catalog may grow while
/// the engine runs; the same key must give the same instance for as long as anybody is billed for it.
/// </summary>
internal interface IEngineCatalog
{
    /// <summary>In which currency zero is told to somebody who has never been billed.</summary>
    Currency DefaultCurrency { get; }

    Plan GetPlan(string key);

    CatalogPrice GetPrice(string key);

    Coupon GetCoupon(string key);

    Meter GetMeter(string key);
}

/// <summary>The application's catalog, made once at start.</summary>
internal sealed class DeclaredCatalog(PlanCatalog catalog) : IEngineCatalog
{
    public Currency DefaultCurrency { get; } = FirstCurrency(catalog);

    public Plan GetPlan(string key) => catalog[key];

    public CatalogPrice GetPrice(string key) => catalog.GetPrice(key);

    public Coupon GetCoupon(string key) => catalog.GetCoupon(key);

    public Meter GetMeter(string key) => catalog.GetMeter(key);

    private static Currency FirstCurrency(PlanCatalog catalog)
    {
        foreach (var plan in catalog.Plans)
        {
            if (plan.Prices.Count > 0)
                return plan.Prices[0].Currency;
        }

        return Currency.Of("USD");
    }
}
