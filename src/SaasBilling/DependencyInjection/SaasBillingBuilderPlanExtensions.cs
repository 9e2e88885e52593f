using Microsoft.Extensions.Configuration;
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

        /// <summary>Adds the plans, add-ons, coupons and meters of a configuration section.</summary>
        /// <param name="configuration">
        /// The section that holds <c>Plans</c>, <c>AddOns</c>, <c>Coupons</c> and <c>Meters</c>, each of them optional. It is read once, when the
        /// application starts; later changes have no effect.
        /// </param>
        /// <returns>The builder.</returns>
        /// <remarks>
        /// Each of the four is an object by key, or a list whose entries name their <c>Key</c>. A list keeps its order; the entries of an object
        /// come in alphabetical order, since that is how configuration hands them over. The first price of a plan gives its default currency and interval.
        /// <code language="json">
        /// {
        ///   "Meters": { "api_calls": "Sum" },
        ///   "Plans": [
        ///     { "Key": "free", "Name": "Free", "Free": true, "Features": { "projects": 3 } },
        ///     {
        ///       "Key": "pro", "Name": "Pro",
        ///       "Trial": { "Days": 14, "RequirePaymentMethod": false, "WhenNoPaymentMethod": "Pause" },
        ///       "Prices": [
        ///         { "Amount": 29, "Currency": "USD", "Interval": "month" },
        ///         { "PerSeat": true, "Amount": 8, "Currency": "USD", "Interval": "month" },
        ///         { "Meter": "api_calls", "Currency": "USD", "Interval": "month", "TierMode": "Graduated",
        ///           "Tiers": [ { "UpTo": 1000, "UnitAmount": 0 }, { "UnitAmount": 0.002, "FlatAmount": 5 } ] },
        ///         { "Meter": "exports", "Currency": "USD", "Interval": "3 months", "Package": { "Units": 100, "Amount": 5 } }
        ///       ],
        ///       "Features": { "export": true, "projects": 50, "api": "unlimited" },
        ///       "Metadata": { "tier": "2" }
        ///     }
        ///   ],
        ///   "AddOns": { "priority": { "Prices": [ { "Amount": 10, "Currency": "USD", "Interval": "month" } ] } },
        ///   "Coupons": { "launch": { "PercentOff": 20, "Duration": "Repeating", "DurationInMonths": 3, "RedeemBy": "2026-12-31T23:59:59Z", "OnlyFor": [ "pro" ] } }
        /// }
        /// </code>
        /// A feature that is <c>false</c> is one that the plan does not have. An entry of an object may repeat its <c>Key</c>: configuration
        /// takes over the upper and lower case of whatever overrides the entry, such as an environment variable, and <c>Key</c> keeps it.
        /// </remarks>
        /// <exception cref="ArgumentNullException">There is no <paramref name="configuration"/>. Faults are reported when the application starts, all in one message.</exception>
        public ISaasBillingBuilder AddPlans(IConfiguration configuration)
        {
            ArgumentNullException.ThrowIfNull(builder);
            ArgumentNullException.ThrowIfNull(configuration);
            CatalogDeclarations.In(builder.Services).Add(configuration);
            return builder;
        }
    }
}
