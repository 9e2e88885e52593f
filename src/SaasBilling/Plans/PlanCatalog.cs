using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using SaasBilling.Access;
using SaasBilling.Plans;

namespace SaasBilling;

/// <summary>Everything that the application sells. Made once at start and never changed; look-ups neither allocate nor lock.</summary>
/// <remarks>Keys are compared exactly, upper and lower case included. The provider's own ids never appear here: they are found by key (price ids differ between environments, keys do not).</remarks>
public sealed class PlanCatalog
{
    private readonly FrozenDictionary<string, Plan> _plans;
    private readonly FrozenDictionary<string, AddOn> _addOns;
    private readonly FrozenDictionary<string, Coupon> _coupons;
    private readonly FrozenDictionary<string, Meter> _meters;
    private readonly FrozenDictionary<string, CatalogPrice> _prices;
    private readonly FrozenSet<string> _features;

    internal PlanCatalog(IEnumerable<Plan> plans, IEnumerable<AddOn> addOns, IEnumerable<Coupon> coupons, IEnumerable<Meter> meters, IEnumerable<string> features)
    {
        Plans = new ValueList<Plan>(plans);
        AddOns = new ValueList<AddOn>(addOns);
        Coupons = new ValueList<Coupon>(coupons);
        Meters = new ValueList<Meter>(meters);
        _plans = Plans.ToFrozenDictionary(plan => plan.Key);
        _addOns = AddOns.ToFrozenDictionary(addOn => addOn.Key);
        _coupons = Coupons.ToFrozenDictionary(coupon => coupon.Key);
        _meters = Meters.ToFrozenDictionary(meter => meter.Key);
        _prices = Plans.SelectMany(plan => plan.Prices, (plan, price) => new CatalogPrice(price, plan, null))
            .Concat(AddOns.SelectMany(addOn => addOn.Prices, (addOn, price) => new CatalogPrice(price, null, addOn)))
            .ToFrozenDictionary(entry => entry.Price.Key);
        _features = features.ToFrozenSet();
        Grants = new FeatureGrants(this);
    }

    /// <summary>The plans, in the order of declaration.</summary>
    public IReadOnlyList<Plan> Plans { get; }

    /// <summary>The add-ons, in the order of declaration.</summary>
    public IReadOnlyList<AddOn> AddOns { get; }

    /// <summary>The coupons, in the order of declaration.</summary>
    public IReadOnlyList<Coupon> Coupons { get; }

    /// <summary>The meters, in the order of declaration.</summary>
    public IReadOnlyList<Meter> Meters { get; }

    /// <summary>The key of every feature that a plan or an add-on declares.</summary>
    public IReadOnlySet<string> Features => _features;

    /// <summary>What each combination of plans and add-ons lets a customer use.</summary>
    internal FeatureGrants Grants { get; }

    /// <summary>The plan with this key.</summary>
    /// <param name="planKey">The key.</param>
    /// <exception cref="BillingException">There is none (<see cref="BillingErrorCode.UnknownPlan"/>); the message names those that there are.</exception>
    public Plan this[string planKey] => Get(_plans, planKey, nameof(planKey), BillingErrorCode.UnknownPlan, "plan", "plans", Plans.Select(plan => plan.Key));

    /// <summary>Finds the plan with this key.</summary>
    /// <param name="planKey">The key.</param>
    /// <param name="plan">The plan; <see langword="null"/> when there is none.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGet(string planKey, [NotNullWhen(true)] out Plan? plan) => _plans.TryGetValue(planKey, out plan);

    /// <summary>The add-on with this key.</summary>
    /// <param name="addOnKey">The key.</param>
    /// <returns>The add-on.</returns>
    /// <exception cref="BillingException">There is none (<see cref="BillingErrorCode.UnknownAddOn"/>); the message names those that there are.</exception>
    public AddOn GetAddOn(string addOnKey) => Get(_addOns, addOnKey, nameof(addOnKey), BillingErrorCode.UnknownAddOn, "add-on", "add-ons", AddOns.Select(addOn => addOn.Key));

    /// <summary>Finds the add-on with this key.</summary>
    /// <param name="addOnKey">The key.</param>
    /// <param name="addOn">The add-on; <see langword="null"/> when there is none.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGetAddOn(string addOnKey, [NotNullWhen(true)] out AddOn? addOn) => _addOns.TryGetValue(addOnKey, out addOn);

    /// <summary>The coupon with this key.</summary>
    /// <param name="couponKey">The key.</param>
    /// <returns>The coupon.</returns>
    /// <exception cref="BillingException">There is none (<see cref="BillingErrorCode.UnknownCoupon"/>); the message names those that there are.</exception>
    public Coupon GetCoupon(string couponKey) => Get(_coupons, couponKey, nameof(couponKey), BillingErrorCode.UnknownCoupon, "coupon", "coupons", Coupons.Select(coupon => coupon.Key));

    /// <summary>Finds the coupon with this key.</summary>
    /// <param name="couponKey">The key.</param>
    /// <param name="coupon">The coupon; <see langword="null"/> when there is none.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGetCoupon(string couponKey, [NotNullWhen(true)] out Coupon? coupon) => _coupons.TryGetValue(couponKey, out coupon);

    /// <summary>The meter with this key.</summary>
    /// <param name="meterKey">The key.</param>
    /// <returns>The meter.</returns>
    /// <exception cref="BillingException">There is none (<see cref="BillingErrorCode.UnknownMeter"/>); the message names those that there are.</exception>
    public Meter GetMeter(string meterKey) => Get(_meters, meterKey, nameof(meterKey), BillingErrorCode.UnknownMeter, "meter", "meters", Meters.Select(meter => meter.Key));

    /// <summary>Finds the meter with this key.</summary>
    /// <param name="meterKey">The key.</param>
    /// <param name="meter">The meter; <see langword="null"/> when there is none.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGetMeter(string meterKey, [NotNullWhen(true)] out Meter? meter) => _meters.TryGetValue(meterKey, out meter);

    /// <summary>The price with this key, and the plan or add-on that has it.</summary>
    /// <param name="priceKey">The key, such as <c>pro/usd/month</c>.</param>
    /// <returns>The price and its owner.</returns>
    /// <exception cref="BillingException">There is none (<see cref="BillingErrorCode.UnknownPrice"/>); the message names those that there are.</exception>
    public CatalogPrice GetPrice(string priceKey) => Get(_prices, priceKey, nameof(priceKey), BillingErrorCode.UnknownPrice, "price", "prices",
        Plans.SelectMany(plan => plan.Prices).Concat(AddOns.SelectMany(addOn => addOn.Prices)).Select(price => price.Key));

    /// <summary>Finds the price with this key, and the plan or add-on that has it.</summary>
    /// <param name="priceKey">The key, such as <c>pro/usd/month</c>.</param>
    /// <returns>The price and its owner; <see langword="null"/> when there is none, as for a price that the application no longer sells.</returns>
    public CatalogPrice? FindPrice(string priceKey) => _prices.GetValueOrDefault(priceKey);

    private static T Get<T>(FrozenDictionary<string, T> from, string key, string parameter, BillingErrorCode code, string kind, string kinds, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(key, parameter);
        if (from.TryGetValue(key, out var found))
            return found;
        throw new BillingException(code, from.Count == 0
            ? $"There is no {kind} '{key}': the catalog has no {kinds}."
            : $"There is no {kind} '{key}'. Use one of these {kinds}: {CatalogKeys.Quote(known)}.");
    }
}
