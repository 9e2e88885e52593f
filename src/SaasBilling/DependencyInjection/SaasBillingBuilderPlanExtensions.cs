using SaasBilling.Plans;

namespace SaasBilling;

/// <summary>Sets SaasBilling up: plans, hooks, a provider, a store.</summary>
public static partial class SaasBillingBuilderExtensions
{
    extension(ISaasBillingBuilder builder)
    {
        /// <summary>Adds a plan that customers can subscribe to. Plans keep the order in which they are added.</summary>
        /// <param name="key">The key that the application uses, unique among plans and add-ons: letters, digits, '-', '_' and '.', at most 64.</param>
        /// <param name="plan">Declares the plan.</param>
        /// <returns>The builder.</returns>
        /// <exception cref="ArgumentException">The key is empty, or there is no <paramref name="plan"/>. Other faults are reported when the application starts, all in one message.</exception>
        public ISaasBillingBuilder AddPlan(string key, Action<PlanBuilder> plan)
        {
            ArgumentNullException.ThrowIfNull(builder);
            ArgumentException.ThrowIfNullOrWhiteSpace(key);
            ArgumentNullException.ThrowIfNull(plan);
            var offer = new OfferDeclaration(key, isAddOn: false);
            plan(new PlanBuilder(offer));
            CatalogDeclarations.In(builder.Services).Add(offer);
            return builder;
        }

        /// <summary>Adds an add-on that customers can have beside a plan, in any quantity.</summary>
        /// <param name="key">The key that the application uses, unique among plans and add-ons: letters, digits, '-', '_' and '.', at most 64.</param>
        /// <param name="addOn">Declares the add-on. It needs a price in a currency and interval of some plan, and has no trial.</param>
        /// <returns>The builder.</returns>
        /// <exception cref="ArgumentException">The key is empty, or there is no <paramref name="addOn"/>. Other faults are reported when the application starts, all in one message.</exception>
        public ISaasBillingBuilder AddAddOn(string key, Action<PlanBuilder> addOn)
        {
            ArgumentNullException.ThrowIfNull(builder);
            ArgumentException.ThrowIfNullOrWhiteSpace(key);
            ArgumentNullException.ThrowIfNull(addOn);
            var offer = new OfferDeclaration(key, isAddOn: true);
            addOn(new PlanBuilder(offer));
            CatalogDeclarations.In(builder.Services).Add(offer);
            return builder;
        }

        /// <summary>Adds a coupon that customers can redeem.</summary>
        /// <param name="key">The key that the application uses, unique among coupons: letters, digits, '-', '_' and '.', at most 64.</param>
        /// <param name="coupon">Declares the coupon.</param>
        /// <returns>The builder.</returns>
        /// <exception cref="ArgumentException">The key is empty, or there is no <paramref name="coupon"/>. Other faults are reported when the application starts, all in one message.</exception>
        public ISaasBillingBuilder AddCoupon(string key, Action<CouponBuilder> coupon)
        {
            ArgumentNullException.ThrowIfNull(builder);
            ArgumentException.ThrowIfNullOrWhiteSpace(key);
            ArgumentNullException.ThrowIfNull(coupon);
            var declaration = new CouponDeclaration(key);
            coupon(new CouponBuilder(declaration));
            CatalogDeclarations.In(builder.Services).Add(declaration);
            return builder;
        }

        /// <summary>Adds a meter on which usage is recorded, for metered prices and for limits.</summary>
        /// <param name="key">The key that the application uses, unique among meters: letters, digits, '-', '_' and '.', at most 64. Not <c>seat</c>, where prices refer to it.</param>
        /// <param name="aggregation">How the usage of a period becomes one quantity.</param>
        /// <returns>The builder.</returns>
        /// <exception cref="ArgumentException">The key is empty, or <paramref name="aggregation"/> is not a value of its enumeration. Other faults are reported when the application starts, all in one message.</exception>
        public ISaasBillingBuilder AddMeter(string key, UsageAggregation aggregation = UsageAggregation.Sum)
        {
            ArgumentNullException.ThrowIfNull(builder);
            ArgumentException.ThrowIfNullOrWhiteSpace(key);
            if (!Enum.IsDefined(aggregation))
                throw new ArgumentOutOfRangeException(nameof(aggregation), aggregation, "Use UsageAggregation.Sum, Count, Max or Last.");
            CatalogDeclarations.In(builder.Services).Add(new MeterDeclaration(key, aggregation));
            return builder;
        }
    }
}
