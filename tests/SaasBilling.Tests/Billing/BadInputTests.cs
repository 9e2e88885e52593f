using System.Globalization;
using SaasBilling.InMemory;

namespace SaasBilling.Tests.Billing;

/// <summary>Every public method with null, empty, unknown, negative, zero, enormous and out-of-range values: a clear error, and nothing changed.</summary>
public sealed class BadInputTests
{
    private const string Null = "Value cannot be null. (Parameter '{0}')";
    private const string Blank = "The value cannot be an empty string or composed entirely of whitespace. (Parameter '{0}')";

    private static readonly Case[] Cases =
    [
        // the customer
        Ask("EnsureCustomerAsync blank e-mail", "Email is blank. Leave it null to keep what is known.", acme => acme.EnsureCustomerAsync(new() { Email = " " })),
        Ask("EnsureCustomerAsync no address", "Email is not an address: it needs an '@' and no spaces. Correct it, or leave it null to keep what is known.", acme => acme.EnsureCustomerAsync(new() { Email = "billing at acme" })),
        Ask("EnsureCustomerAsync long e-mail", "Email cannot be used. It has 321 characters. Use at most 320.", acme => acme.EnsureCustomerAsync(new() { Email = "a@" + new string('b', 319) })),
        Ask("EnsureCustomerAsync blank name", "Name is blank. Leave it null to keep what is known.", acme => acme.EnsureCustomerAsync(new() { Name = "" })),
        Ask("EnsureCustomerAsync line break in name", "Name cannot be used. It has a control character. Remove it.", acme => acme.EnsureCustomerAsync(new() { Name = "Ac\nme" })),
        Ask("EnsureCustomerAsync half a character", "Name cannot be used. It has half of a surrogate pair, which is no character. Remove it.", acme => acme.EnsureCustomerAsync(new() { Name = "Acme \uD83D" })),
        Ask("EnsureCustomerAsync unknown zone", "TimeZone 'Mars/Olympus' is not one that this system knows. Use an IANA id, such as 'Europe/Vienna', or leave it null.", acme => acme.EnsureCustomerAsync(new() { TimeZone = "Mars/Olympus" })),
        Ask("EnsureCustomerAsync bad locale", "Locale 'german!' is not a BCP 47 tag. Use one such as 'de-AT', or leave it null.", acme => acme.EnsureCustomerAsync(new() { Locale = "german!" })),
        Ask("EnsureCustomerAsync bad metadata key", "Metadata has a key that cannot be written so. Use 1 to 40 characters on one line, and no square brackets.", acme => acme.EnsureCustomerAsync(new() { Metadata = new Dictionary<string, string> { ["a[b]"] = "c" } })),
        Ask("EnsureCustomerAsync null metadata value", "Metadata 'a' has no value. Give it one, or leave the key out.", acme => acme.EnsureCustomerAsync(new() { Metadata = new Dictionary<string, string> { ["a"] = null! } })),
        Ask("EnsureCustomerAsync long metadata value", "Metadata 'a' cannot be used. It has 501 characters. Use at most 500.", acme => acme.EnsureCustomerAsync(new() { Metadata = new Dictionary<string, string> { ["a"] = new('x', 501) } })),
        Ask("EnsureCustomerAsync much metadata", "Metadata has 51 entries. Keep at most 50.", acme => acme.EnsureCustomerAsync(new() { Metadata = Enumerable.Range(0, 51).ToDictionary(number => $"key-{number}", _ => "x") })),
        Argument<ArgumentNullException>("AdoptAsync null", Null, "providerCustomerId", acme => acme.AdoptAsync(null!)),
        Argument<ArgumentException>("AdoptAsync blank", Blank, "providerCustomerId", acme => acme.AdoptAsync(" ")),
        Argument<ArgumentException>("AdoptAsync blank subscription", Blank, "providerSubscriptionId", acme => acme.AdoptAsync("cus_1", "")),
        Argument<ArgumentException>("AdoptAsync long subscription", "It has 256 characters. Use at most 255. (Parameter '{0}')", "providerSubscriptionId", acme => acme.AdoptAsync("cus_1", new string('x', 256))),
        Argument<ArgumentNullException>("RecordMilestoneAsync null", Null, "milestone", acme => acme.RecordMilestoneAsync(null!)),
        Argument<ArgumentException>("RecordMilestoneAsync blank", Blank, "milestone", acme => acme.RecordMilestoneAsync(" ")),
        Argument<ArgumentException>("RecordMilestoneAsync long", "It has 101 characters. Use at most 100. (Parameter '{0}')", "milestone", acme => acme.RecordMilestoneAsync(new string('x', 101))),
        Argument<ArgumentException>("RecordMilestoneAsync control character", "It has a control character. Remove it. (Parameter '{0}')", "milestone", acme => acme.RecordMilestoneAsync("a\0b")),

        // paying
        Argument<ArgumentNullException>("CreateCheckoutAsync null plan", Null, "planKey", acme => acme.CreateCheckoutAsync(null!, Checkout)),
        Argument<ArgumentNullException>("CreateCheckoutAsync null options", Null, "options", acme => acme.CreateCheckoutAsync("pro", null!)),
        Argument<ArgumentNullException>("CreateCheckoutAsync null address", Null, "SuccessUrl", acme => acme.CreateCheckoutAsync("pro", new() { SuccessUrl = null!, CancelUrl = Checkout.CancelUrl })),
        Ask("CreateCheckoutAsync relative address", "CancelUrl must be a whole web address. Begin it with https://, such as https://example.com/billing.", acme => acme.CreateCheckoutAsync("pro", Checkout with { CancelUrl = new("/no", UriKind.Relative) })),
        Ask("CreateCheckoutAsync script address", "SuccessUrl must be a whole web address. Begin it with https://, such as https://example.com/billing.", acme => acme.CreateCheckoutAsync("pro", Checkout with { SuccessUrl = new("javascript:alert(1)") })),
        Ask("CreateCheckoutAsync long address", "SuccessUrl has 2021 characters. Use at most 2000.", acme => acme.CreateCheckoutAsync("pro", Checkout with { SuccessUrl = new("https://a.test/" + new string('x', 2_006)) })),
        Ask("CreateCheckoutAsync negative seats", "-1 seats cannot be billed. Use zero or more.", acme => acme.CreateCheckoutAsync("team", Checkout with { Seats = -1 })),
        Ask(BillingErrorCode.UnknownPlan, "CreateCheckoutAsync unknown plan", UnknownPlan, acme => acme.CreateCheckoutAsync("gold", Checkout)),
        Argument<ArgumentNullException>("CompleteCheckoutAsync null", Null, "checkoutSessionId", acme => acme.CompleteCheckoutAsync(null!)),
        Argument<ArgumentException>("CompleteCheckoutAsync blank", Blank, "checkoutSessionId", acme => acme.CompleteCheckoutAsync("")),
        Argument<ArgumentNullException>("CreatePortalUrlAsync null", Null, "returnUrl", acme => acme.CreatePortalUrlAsync(null!)),
        Ask("CreatePortalUrlAsync relative", "returnUrl must be a whole web address. Begin it with https://, such as https://example.com/billing.", acme => acme.CreatePortalUrlAsync(new("settings", UriKind.Relative))),
        Argument<ArgumentNullException>("AddPaymentMethodAsync null", Null, "token", acme => acme.AddPaymentMethodAsync(null!)),
        Argument<ArgumentException>("AddPaymentMethodAsync blank", Blank, "token", acme => acme.AddPaymentMethodAsync("  ")),
        Argument<ArgumentException>("AddPaymentMethodAsync long", "It has 256 characters. Use at most 255. (Parameter '{0}')", "token", acme => acme.AddPaymentMethodAsync(new string('x', 256))),
        Argument<ArgumentNullException>("RemovePaymentMethodAsync null", Null, "paymentMethodId", acme => acme.RemovePaymentMethodAsync(null!)),
        Ask(BillingErrorCode.UnknownPaymentMethod, "RemovePaymentMethodAsync unknown", "Customer 'acme' has no payment method 'pm_9'. Use an Id that GetPaymentMethodsAsync returns.", acme => acme.RemovePaymentMethodAsync("pm_9")),

        // starting
        Argument<ArgumentNullException>("StartTrialAsync null", Null, "planKey", acme => acme.StartTrialAsync(null!)),
        Argument<ArgumentException>("StartTrialAsync blank", Blank, "planKey", acme => acme.StartTrialAsync("")),
        Ask(BillingErrorCode.UnknownPlan, "StartTrialAsync unknown", UnknownPlan, acme => acme.StartTrialAsync("gold")),
        Ask("StartTrialAsync plan without trial", "Plan 'team' has no trial. Give it one with .Trial(days: 14), or pass Days or EndsAt in the TrialOptions.", acme => acme.StartTrialAsync("team")),
        Ask("StartTrialAsync free plan", "Plan 'free' is free, so that there is nothing to try. Call SubscribeAsync.", acme => acme.StartTrialAsync("free")),
        Ask("StartTrialAsync zero days", "A trial cannot have 0 days. Use 1 to 730.", acme => acme.StartTrialAsync("pro", new() { Days = 0 })),
        Ask("StartTrialAsync negative days", "A trial cannot have -5 days. Use 1 to 730.", acme => acme.StartTrialAsync("pro", new() { Days = -5 })),
        Ask("StartTrialAsync 731 days", "A trial cannot have 731 days. Use 1 to 730.", acme => acme.StartTrialAsync("pro", new() { Days = 731 })),
        Ask("StartTrialAsync enormous days", "A trial cannot have 2147483647 days. Use 1 to 730.", acme => acme.StartTrialAsync("pro", new() { Days = int.MaxValue })),
        Ask("StartTrialAsync past end", "A trial must end in the future, and 2025-12-31 00:00:00Z is past: it is 2026-01-01 00:00:00Z now. To end a trial at once, call EndTrialAsync.", acme => acme.StartTrialAsync("pro", new() { EndsAt = BillingApp.Start.AddDays(-1) })),
        Ask("StartTrialAsync end now", "A trial must end in the future, and 2026-01-01 00:00:00Z is past: it is 2026-01-01 00:00:00Z now. To end a trial at once, call EndTrialAsync.", acme => acme.StartTrialAsync("pro", new() { EndsAt = BillingApp.Start.AddMilliseconds(999) })),
        Ask("StartTrialAsync late end", "A trial may end at most 730 days ahead, and 2028-01-01 00:00:01Z is later. Use an instant until 2028-01-01 00:00:00Z.", acme => acme.StartTrialAsync("pro", new() { EndsAt = BillingApp.Start.AddDays(730).AddSeconds(1) })),
        Ask("StartTrialAsync two lengths", "A trial is given both Days and EndsAt. Give one of them.", acme => acme.StartTrialAsync("pro", new() { Days = 3, EndsAt = BillingApp.Start.AddDays(3) })),
        Ask("StartTrialAsync that skips", "StartTrialAsync cannot skip the trial. Leave SkipTrial out, or call SubscribeAsync.", acme => acme.StartTrialAsync("pro", new() { SkipTrial = true })),
        Argument<ArgumentException>("StartTrialAsync blank token", Blank, "token", acme => acme.StartTrialAsync("pro", new() { PaymentMethodToken = "" })),
        Argument<ArgumentNullException>("SubscribeAsync null", Null, "planKey", acme => acme.SubscribeAsync(null!)),
        Argument<ArgumentException>("SubscribeAsync blank", Blank, "planKey", acme => acme.SubscribeAsync(" ")),
        Ask(BillingErrorCode.UnknownPlan, "SubscribeAsync unknown", UnknownPlan, acme => acme.SubscribeAsync("gold")),
        Ask(BillingErrorCode.UnknownPlan, "SubscribeAsync other case", UnknownPlan.Replace("'gold'", "'PRO'", StringComparison.Ordinal), acme => acme.SubscribeAsync("PRO")),
        Ask("SubscribeAsync trial options", "Days and EndsAt set the length of a trial that StartTrialAsync starts. Call that, or leave them out.", acme => acme.SubscribeAsync("pro", new TrialOptions { Days = 3 })),
        Ask(BillingErrorCode.UnknownPrice, "SubscribeAsync unknown interval", "Plan 'pro' has no price per week in USD. It is sold per month in USD, per year in USD, per month in EUR.", acme => acme.SubscribeAsync("pro", new() { Currency = "USD", Interval = BillingInterval.Weekly })),
        Ask(BillingErrorCode.UnknownPrice, "SubscribeAsync unknown interval, any currency", "Plan 'pro' has no price per 3 months. It is sold per month in USD, per year in USD, per month in EUR.", acme => acme.SubscribeAsync("pro", new() { Interval = BillingInterval.Quarterly })),
        Ask(BillingErrorCode.UnknownPrice, "SubscribeAsync other currency", "Plan 'pro' has no price in GBP. It is sold per month in USD, per year in USD, per month in EUR.", acme => acme.SubscribeAsync("pro", new() { Currency = "GBP" })),
        Ask(BillingErrorCode.UnknownCurrency, "SubscribeAsync no currency", "'dollars' is not an active currency code of ISO 4217. Use three letters such as 'USD', 'EUR' or 'JPY'.", acme => acme.SubscribeAsync("pro", new() { Currency = "dollars" })),
        Ask("SubscribeAsync unset interval", "The billing interval was never set. Use BillingInterval.Monthly, for example.", acme => acme.SubscribeAsync("pro", new() { Interval = default(BillingInterval) })),
        Ask("SubscribeAsync negative seats", "-1 seats cannot be billed. Use zero or more.", acme => acme.SubscribeAsync("team", new() { Seats = -1 })),
        Ask("SubscribeAsync enormous seats", "9223372036854775807 seats are more than one subscription can have. Use at most 1000000000.", acme => acme.SubscribeAsync("team", new() { Seats = long.MaxValue })),
        Ask("SubscribeAsync more than can be billed", "A period of this would cost more than 9999999999.99 USD, which is the most that can be billed. Use smaller quantities.", acme => acme.SubscribeAsync("team", new() { Seats = 1_000_000_000 })),
        Ask("SubscribeAsync seats without price", "Plan 'pro' has no price per seat here, so it cannot have 2 seats. Leave Seats out, or give the plan a PricePerSeat.", acme => acme.SubscribeAsync("pro", new() { Seats = 2 })),
        Ask(BillingErrorCode.UnknownAddOn, "SubscribeAsync unknown add-on", "There is no add-on 'gold'. Use one of these add-ons: 'storage'.", acme => acme.SubscribeAsync("pro", new() { AddOns = new Dictionary<string, long> { ["gold"] = 1 } })),
        Ask("SubscribeAsync negative add-on", "-1 of add-on 'storage' cannot be billed. Use zero or more.", acme => acme.SubscribeAsync("pro", new() { AddOns = new Dictionary<string, long> { ["storage"] = -1 } })),
        Ask(BillingErrorCode.UnknownCoupon, "SubscribeAsync unknown coupon", "There is no coupon 'gold'. Use one of these coupons: 'half', 'welcome', 'bienvenue', 'early', 'teams', 'first'.", acme => acme.SubscribeAsync("pro", new() { Coupons = ["gold"] })),
        Ask("SubscribeAsync blank coupon", "One of the coupons has no key. Remove it.", acme => acme.SubscribeAsync("pro", new() { Coupons = ["half", null!] })),
        Ask("SubscribeAsync coupon twice", "Coupon 'half' is given twice. Give it once.", acme => acme.SubscribeAsync("pro", new() { Coupons = ["half", "half"] })),
        Ask("SubscribeAsync 21 coupons", "21 coupons are more than one subscription can have. Use at most 20.", acme => acme.SubscribeAsync("pro", new() { Coupons = [.. Enumerable.Repeat("half", 21)] })),
        Ask(BillingErrorCode.CurrencyMismatch, "SubscribeAsync coupon in another currency", "Coupon 'bienvenue' takes off 5.00 EUR, and the subscription is billed in USD. Use a coupon in USD, or one with a percentage.", acme => acme.SubscribeAsync("pro", new() { Coupons = ["bienvenue"] })),
        Ask(BillingErrorCode.InvalidState, "SubscribeAsync coupon for another plan", "Coupon 'teams' is only for 'team'. Use another one, or choose one of these.", acme => acme.SubscribeAsync("pro", new() { Coupons = ["teams"] })),
        Ask("SubscribeAsync past anchor", "BillingCycleAnchor 2025-12-31 00:00:00Z must lie after 2026-01-01 00:00:00Z, when billing starts, and at most one month later. Use an instant until 2026-02-01 00:00:00Z.", acme => acme.SubscribeAsync("pro", new() { SkipTrial = true, BillingCycleAnchor = BillingApp.Start.AddDays(-1) })),
        Ask("SubscribeAsync far anchor", "BillingCycleAnchor 2026-02-01 00:00:01Z must lie after 2026-01-01 00:00:00Z, when billing starts, and at most one month later. Use an instant until 2026-02-01 00:00:00Z.", acme => acme.SubscribeAsync("pro", new() { SkipTrial = true, BillingCycleAnchor = BillingApp.Start.AddMonths(1).AddSeconds(1) })),
        Ask("SubscribeAsync end of time", "BillingCycleAnchor 9999-12-31 23:59:59Z must lie after 2026-01-01 00:00:00Z, when billing starts, and at most one month later. Use an instant until 2026-02-01 00:00:00Z.", acme => acme.SubscribeAsync("pro", new() { SkipTrial = true, BillingCycleAnchor = DateTimeOffset.MaxValue })),
        Ask("SubscribeAsync unknown proration", "7 is not a Proration. Use Proration.CreateProrations, Proration.None or Proration.AlwaysInvoice.", acme => acme.SubscribeAsync("pro", new() { Proration = (Proration)7 })),
        Ask("SubscribeAsync due in no days", "An invoice cannot be due in 0 days. Use 1 to 365, or leave InvoiceDueInDays out to charge automatically.", acme => acme.SubscribeAsync("pro", new() { InvoiceDueInDays = 0 })),
        Ask("SubscribeAsync due in 366 days", "An invoice cannot be due in 366 days. Use 1 to 365, or leave InvoiceDueInDays out to charge automatically.", acme => acme.SubscribeAsync("pro", new() { InvoiceDueInDays = 366 })),
        Argument<ArgumentException>("ReactivateAsync blank token", Blank, "token", acme => acme.ReactivateAsync(new() { PaymentMethodToken = " " })),

        // money
        Ask("AddChargeAsync unset", "The amount was never set: it is default(Money). Make one with Money.Of(29m, \"USD\").", acme => acme.AddChargeAsync(default, "x")),
        Ask("AddChargeAsync zero", "An amount of zero changes nothing. Use another one.", acme => acme.AddChargeAsync(Usd(0), "x")),
        Ask("AddChargeAsync enormous", "92233720368547758.07 USD is more than can be billed at once. Use at most 9999999999.99 USD.", acme => acme.AddChargeAsync(Money.FromMinorUnits(long.MaxValue, "USD"), "x")),
        Ask("AddChargeAsync enormous credit", "-92233720368547758.08 USD is more than can be billed at once. Use at most 9999999999.99 USD.", acme => acme.AddChargeAsync(Money.FromMinorUnits(long.MinValue, "USD"), "x")),
        Argument<ArgumentNullException>("AddChargeAsync null text", Null, "description", acme => acme.AddChargeAsync(Usd(1), null!)),
        Argument<ArgumentException>("AddChargeAsync blank text", Blank, "description", acme => acme.AddChargeAsync(Usd(1), " ")),
        Argument<ArgumentException>("AddChargeAsync long text", "It has 501 characters. Use at most 500. (Parameter '{0}')", "description", acme => acme.AddChargeAsync(Usd(1), new string('x', 501))),
        Argument<ArgumentException>("AddChargeAsync null character", "It has a null character. Remove it. (Parameter '{0}')", "description", acme => acme.AddChargeAsync(Usd(1), "a\0")),
        Ask("ChargeNowAsync negative", "-1.00 USD cannot be charged or returned. Use an amount above zero.", acme => acme.ChargeNowAsync(Usd(-1), "x")),
        Ask("ChargeNowAsync zero", "An amount of zero changes nothing. Use another one.", acme => acme.ChargeNowAsync(Usd(0), "x")),
        Argument<ArgumentNullException>("ChargeNowAsync null text", Null, "description", acme => acme.ChargeNowAsync(Usd(1), null!)),
        Ask("AddCreditAsync zero", "An amount of zero changes nothing. Use another one.", acme => acme.AddCreditAsync(Usd(0), "x")),
        Ask("AddCreditAsync unset", "The amount was never set: it is default(Money). Make one with Money.Of(29m, \"USD\").", acme => acme.AddCreditAsync(default, "x")),
        Argument<ArgumentException>("AddCreditAsync blank", Blank, "reason", acme => acme.AddCreditAsync(Usd(1), "")),
        Argument<ArgumentNullException>("RefundAsync null", Null, "invoiceId", acme => acme.RefundAsync(null!)),
        Ask("RefundAsync negative", "-1.00 USD cannot be charged or returned. Use an amount above zero.", acme => acme.RefundAsync("in_1", Usd(-1))),
        Ask(BillingErrorCode.UnknownInvoice, "RefundAsync unknown", UnknownInvoice, acme => acme.RefundAsync("in_9")),
        Argument<ArgumentNullException>("ApplyCouponAsync null", Null, "couponKey", acme => acme.ApplyCouponAsync(null!)),
        Argument<ArgumentException>("ApplyCouponAsync blank", Blank, "couponKey", acme => acme.ApplyCouponAsync(" ")),
        Ask(BillingErrorCode.UnknownCoupon, "ApplyCouponAsync unknown", "There is no coupon 'gold'. Use one of these coupons: 'half', 'welcome', 'bienvenue', 'early', 'teams', 'first'.", acme => acme.ApplyCouponAsync("gold")),
        Argument<ArgumentException>("RemoveCouponAsync blank", Blank, "couponKey", acme => acme.RemoveCouponAsync("")),
        Argument<ArgumentNullException>("PayInvoiceAsync null", Null, "invoiceId", acme => acme.PayInvoiceAsync(null!)),
        Ask(BillingErrorCode.UnknownInvoice, "PayInvoiceAsync unknown", UnknownInvoice, acme => acme.PayInvoiceAsync("in_9")),
        Argument<ArgumentException>("FinalizeInvoiceAsync blank", Blank, "invoiceId", acme => acme.FinalizeInvoiceAsync(" ")),
        Ask(BillingErrorCode.UnknownInvoice, "FinalizeInvoiceAsync unknown", UnknownInvoice, acme => acme.FinalizeInvoiceAsync("in_9")),
        Argument<ArgumentException>("VoidInvoiceAsync blank", Blank, "invoiceId", acme => acme.VoidInvoiceAsync("")),
        Ask(BillingErrorCode.UnknownInvoice, "VoidInvoiceAsync unknown", UnknownInvoice, acme => acme.VoidInvoiceAsync("in_9")),
        Argument<ArgumentNullException>("MarkInvoiceUncollectibleAsync null", Null, "invoiceId", acme => acme.MarkInvoiceUncollectibleAsync(null!)),
        Ask(BillingErrorCode.UnknownInvoice, "MarkInvoiceUncollectibleAsync unknown", UnknownInvoice, acme => acme.MarkInvoiceUncollectibleAsync("in_9")),

        // usage and access
        Argument<ArgumentNullException>("RecordUsageAsync null", Null, "meter", acme => acme.RecordUsageAsync(null!, 1)),
        Argument<ArgumentException>("RecordUsageAsync blank", Blank, "meter", acme => acme.RecordUsageAsync(" ", 1)),
        Ask(BillingErrorCode.UnknownMeter, "RecordUsageAsync unknown", "There is no meter 'gold'. Use one of these meters: 'api_calls', 'projects'.", acme => acme.RecordUsageAsync("gold", 1)),
        Ask("RecordUsageAsync negative", "A usage of -1 cannot be recorded. Use zero to 1000000000000.", acme => acme.RecordUsageAsync("api_calls", -1)),
        Ask("RecordUsageAsync enormous", "A usage of 79228162514264337593543950335 cannot be recorded. Use zero to 1000000000000.", acme => acme.RecordUsageAsync("api_calls", decimal.MaxValue)),
        Argument<ArgumentException>("RecordUsageAsync blank key", Blank, "idempotencyKey", acme => acme.RecordUsageAsync("api_calls", 1, "")),
        Argument<ArgumentException>("RecordUsageAsync long key", "It has 201 characters. Use at most 200. (Parameter '{0}')", "idempotencyKey", acme => acme.RecordUsageAsync("api_calls", 1, new string('x', 201))),
        Argument<ArgumentNullException>("CheckAsync null", Null, "feature", async acme => await acme.CheckAsync(null!)),
        Argument<ArgumentException>("CheckAsync blank", Blank, "feature", async acme => await acme.CheckAsync("")),
        Ask("CheckAsync negative", "A quantity of -1 cannot be used. Use zero or more.", async acme => await acme.CheckAsync("export", -1)),
        Ask("ForecastAsync past", "The end of a forecast must lie in the future, and 2025-12-31 00:00:00Z does not: it is 2026-01-01 00:00:00Z now.", acme => acme.ForecastAsync(BillingApp.Start.AddDays(-1))),
        Ask("ForecastAsync end of time", "The end of a forecast may lie at most 10 years ahead, and 9999-12-31 23:59:59Z is later. Use an instant until 2036-01-01 00:00:00Z.", acme => acme.ForecastAsync(DateTimeOffset.MaxValue)),
    ];

    // These need a live subscription: here, pro by the month.
    private static readonly Case[] CasesOfSubscribers =
    [
        Ask("ExtendTrialAsync past", "A trial must end in the future, and 2025-12-31 00:00:00Z is past: it is 2026-01-01 00:00:00Z now. To end a trial at once, call EndTrialAsync.", acme => acme.ExtendTrialAsync(BillingApp.Start.AddDays(-1))),
        Ask("ExtendTrialAsync too far", "A trial may end at most 730 days ahead, and 9999-12-31 23:59:59Z is later. Use an instant until 2028-01-01 00:00:00Z.", acme => acme.ExtendTrialAsync(DateTimeOffset.MaxValue)),
        Ask(BillingErrorCode.InvalidState, "EndTrialAsync without one", "Subscription 'default' of customer 'acme' is Active, not in a trial. There is nothing to end.", acme => acme.EndTrialAsync()),
        Argument<ArgumentNullException>("QuoteChangeAsync null", Null, "change", acme => acme.QuoteChangeAsync(null!)),
        Ask("QuoteChangeAsync empty", "The change changes nothing: PlanKey, Interval, Seats and AddOns are all null. Set what is to be different.", acme => acme.QuoteChangeAsync(new())),
        Argument<ArgumentNullException>("ChangeAsync null change", Null, "change", acme => acme.ChangeAsync((SubscriptionChange)null!)),
        Argument<ArgumentNullException>("ChangeAsync null quote", Null, "quote", acme => acme.ChangeAsync((ChangeQuote)null!)),
        Ask("ChangeAsync empty quote", "The quote says nothing of a change or of lines. Pass on what QuoteChangeAsync returned, as it is.", acme => acme.ChangeAsync(new ChangeQuote(null!, default, default, default, null!, null))),
        Ask("ChangeAsync empty", "The change changes nothing: PlanKey, Interval, Seats and AddOns are all null. Set what is to be different.", acme => acme.ChangeAsync(new SubscriptionChange())),
        Ask("ChangeAsync blank plan", "PlanKey is blank. Use the key of a plan, or leave it null to keep the plan.", acme => acme.ChangeAsync(new SubscriptionChange { PlanKey = " " })),
        Ask(BillingErrorCode.UnknownPlan, "ChangeAsync unknown plan", UnknownPlan, acme => acme.ChangeAsync(new SubscriptionChange { PlanKey = "gold" })),
        Ask(BillingErrorCode.UnknownPrice, "ChangeAsync unknown interval", "Plan 'pro' has no price per day in USD. It is sold per month in USD, per year in USD, per month in EUR.", acme => acme.ChangeAsync(new SubscriptionChange { Interval = BillingInterval.Daily })),
        Ask(BillingErrorCode.UnknownPrice, "ChangeAsync plan of another currency", "Plan 'euro' has no price in USD. It is sold per month in EUR.", acme => acme.ChangeAsync(new SubscriptionChange { PlanKey = "euro" })),
        Ask("ChangeAsync negative seats", "-1 seats cannot be billed. Use zero or more.", acme => acme.ChangeAsync(new SubscriptionChange { PlanKey = "team", Seats = -1 })),
        Ask("ChangeAsync enormous seats", "9223372036854775807 seats are more than one subscription can have. Use at most 1000000000.", acme => acme.ChangeAsync(new SubscriptionChange { PlanKey = "team", Seats = long.MaxValue })),
        Ask("ChangeAsync seats without price", "Plan 'pro' has no price per seat here, so it cannot have 3 seats. Leave Seats out, or give the plan a PricePerSeat.", acme => acme.ChangeAsync(new SubscriptionChange { Seats = 3 })),
        Ask("ChangeAsync unknown proration", "-1 is not a Proration. Use Proration.CreateProrations, Proration.None or Proration.AlwaysInvoice.", acme => acme.ChangeAsync(new SubscriptionChange { PlanKey = "team", Proration = (Proration)(-1) })),
        Ask("ChangeAsync unknown timing", "9 is not a ChangeTiming. Use ChangeTiming.Immediately or ChangeTiming.AtPeriodEnd.", acme => acme.ChangeAsync(new SubscriptionChange { PlanKey = "team", Timing = (ChangeTiming)9 })),
        Ask(BillingErrorCode.InvalidState, "UndoScheduledChangeAsync without one", "Subscription 'default' of customer 'acme' has no change that waits for the period's end. There is nothing to undo.", acme => acme.UndoScheduledChangeAsync()),
        Ask("PauseAsync unknown behavior", "5 is not a PauseBehavior. Use PauseBehavior.Void, PauseBehavior.KeepAsDraft or PauseBehavior.MarkUncollectible.", acme => acme.PauseAsync(new() { Behavior = (PauseBehavior)5 })),
        Ask("PauseAsync past end", "ResumesAt must lie in the future, and 2026-01-01 00:00:00Z does not: it is 2026-01-01 00:00:00Z now.", acme => acme.PauseAsync(new() { ResumesAt = BillingApp.Start })),
        Ask("PauseAsync far end", "ResumesAt may lie at most 10 years ahead, and 9999-12-31 23:59:59Z is later. Use an instant until 2036-01-01 00:00:00Z.", acme => acme.PauseAsync(new() { ResumesAt = DateTimeOffset.MaxValue })),
        Ask("CancelAsync unknown timing", "2 is not a CancelTiming. Use CancelTiming.AtPeriodEnd or CancelTiming.Immediately.", acme => acme.CancelAsync(new() { Timing = (CancelTiming)2 })),
        Ask("CancelAsync past", "At must lie in the future, and 0001-01-01 00:00:00Z does not: it is 2026-01-01 00:00:00Z now.", acme => acme.CancelAsync(new() { At = DateTimeOffset.MinValue })),
        Ask("CancelAsync far", "At may lie at most 10 years ahead, and 2036-01-01 00:00:01Z is later. Use an instant until 2036-01-01 00:00:00Z.", acme => acme.CancelAsync(new() { At = BillingApp.Start.AddYears(10).AddSeconds(1) })),
        Ask("CancelAsync invoice later", "InvoiceNow needs a cancellation that is immediate. Set Timing to CancelTiming.Immediately and leave At out, or leave InvoiceNow out: a later cancellation invoices what is pending when it takes place.", acme => acme.CancelAsync(new() { InvoiceNow = true })),
        Ask("CancelAsync long reason", "Reason cannot be used. It has 501 characters. Use at most 500.", acme => acme.CancelAsync(new() { Reason = new string('x', 501) })),
        Ask(BillingErrorCode.InvalidState, "ResumeAsync of nothing", "Subscription 'default' of customer 'acme' is neither paused nor about to be canceled. There is nothing to resume.", acme => acme.ResumeAsync()),
        Ask("RecordUsageAsync future", "Usage at 2026-01-01 00:00:01Z lies in the future: it is 2026-01-01 00:00:00Z now. Record it when it has happened.", acme => acme.RecordUsageAsync("api_calls", 1, at: BillingApp.Start.AddSeconds(1))),
        Ask(BillingErrorCode.UnknownCoupon, "RemoveCouponAsync unknown", "Subscription 'default' of customer 'acme' does not have coupon 'gold'. It has none.", acme => acme.RemoveCouponAsync("gold")),
    ];

    private static CheckoutOptions Checkout => new() { SuccessUrl = new("https://acme.test/ok"), CancelUrl = new("https://acme.test/no") };

    private static string UnknownPlan => "There is no plan 'gold'. Use one of these plans: 'free', 'pro', 'team', 'api', 'careful', 'patient', 'trusting', 'euro'.";

    private static string UnknownInvoice => "Customer 'acme' has no invoice 'in_9'. Use an Id that GetInvoicesAsync returns.";

    public static TheoryData<string> Names => [.. Cases.Concat(CasesOfSubscribers).Select(found => found.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Bad_input_gets_a_clear_error_and_changes_nothing(string name)
    {
        var found = Cases.Concat(CasesOfSubscribers).Single(candidate => candidate.Name == name);
        await using var app = new BillingApp();
        if (CasesOfSubscribers.Contains(found))
            await app.SubscribedAsync();
        var provider = app.Services.GetService(typeof(InMemoryProvider)) as InMemoryProvider;
        var before = (await provider!.ReadCustomerAsync("acme", null, CancellationToken.None))?.Cursor;
        await found.ExpectAsync(app);

        // Not even the provider was asked.
        Assert.Equal(before, (await provider.ReadCustomerAsync("acme", null, CancellationToken.None))?.Cursor);
    }

    [Fact]
    public async Task A_subscription_that_is_adopted_under_a_name_must_be_said()
    {
        await using var app = new BillingApp();

        await app.RefusedAsync(
            BillingErrorCode.InvalidArgument,
            "Which subscription of 'cus_1' is to be 'side'? Hand over its id too, or adopt the customer alone with For(\"acme\").",
            () => app.Billing.For("acme", "side").AdoptAsync("cus_1"));
    }

    [Fact]
    public void Every_method_that_takes_an_argument_is_here()
    {
        var tested = Cases.Concat(CasesOfSubscribers).Select(found => found.Name.Split(' ')[0]).ToHashSet();
        var methods = typeof(ICustomerBilling).GetMethods()
            .Where(method => !method.IsSpecialName && method.GetParameters().Any(parameter => parameter.ParameterType != typeof(CancellationToken)))
            .Select(method => method.Name)
            .Distinct();

        Assert.Empty(methods.Except(tested));
    }

    [Theory]
    [InlineData(null, "default", "customerId", Null)]
    [InlineData("", "default", "customerId", Blank)]
    [InlineData("  ", "default", "customerId", Blank)]
    [InlineData("a\nb", "default", "customerId", "It has a control character. Remove it. (Parameter '{0}')")]
    [InlineData("acme", null, "subscription", Null)]
    [InlineData("acme", "", "subscription", Blank)]
    [InlineData("acme", "a\tb", "subscription", "It has a control character. Remove it. (Parameter '{0}')")]
    public async Task A_handle_needs_a_customer_and_a_name(string? customerId, string? subscription, string parameter, string message)
    {
        await using var app = new BillingApp();
        var exception = Assert.ThrowsAny<ArgumentException>(() => app.Billing.For(customerId!, subscription!));

        Assert.Equal((string.Format(CultureInfo.InvariantCulture, message, parameter), parameter), (exception.Message, exception.ParamName));
    }

    [Fact]
    public async Task A_handle_refuses_what_is_too_long()
    {
        await using var app = new BillingApp();

        Assert.Equal("It has 201 characters. Use at most 200. (Parameter 'customerId')", Assert.Throws<ArgumentException>(() => app.Billing.For(new string('x', 201))).Message);
        Assert.Equal("It has 65 characters. Use at most 64. (Parameter 'subscription')", Assert.Throws<ArgumentException>(() => app.Billing.For("acme", new string('x', 65))).Message);
        Assert.Equal(200, app.Billing.For(new string('x', 200)).CustomerId.Length);
        var half = Assert.Throws<ArgumentException>(() => app.Billing.For("acme\uDC00"));
        Assert.Equal("It has half of a surrogate pair, which is no character. Remove it. (Parameter 'customerId')", half.Message);
        Assert.Equal("🏢", app.Billing.For("🏢").CustomerId);
    }

    /// <summary>An unknown or a declined token is the provider's to refuse; the message repeats no token.</summary>
    [Fact]
    public async Task A_token_that_the_provider_does_not_know_is_refused_and_not_repeated()
    {
        await using var app = new BillingApp();
        var refused = await Assert.ThrowsAsync<BillingException>(() => app.Acme.AddPaymentMethodAsync("tok_secret_4242424242424242"));

        Assert.Equal(BillingErrorCode.UnknownPaymentMethod, refused.Code);
        Assert.DoesNotContain("4242", refused.Message, StringComparison.Ordinal);
        Assert.Null(await app.StateAsync());
    }

    [Fact]
    public async Task A_checkout_that_does_not_exist_is_refused()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        var state = await app.StateAsync();
        var refused = await Assert.ThrowsAsync<BillingException>(() => app.Acme.CompleteCheckoutAsync("cs_9"));

        Assert.Equal(BillingErrorCode.InvalidArgument, refused.Code);
        Assert.Same(state, await app.StateAsync());
    }

    private static Money Usd(decimal amount) => Money.Of(amount, "USD");

    private static Case Ask(string name, string message, Func<ICustomerBilling, Task> act) => Ask(BillingErrorCode.InvalidArgument, name, message, act);

    private static Case Ask(BillingErrorCode code, string name, string message, Func<ICustomerBilling, Task> act) =>
        new(name, app => app.RefusedAsync(code, message, () => act(app.Acme)));

    private static Case Argument<TException>(string name, string message, string parameter, Func<ICustomerBilling, Task> act)
        where TException : ArgumentException =>
        new(name, app => app.RefusedAsync<TException>(string.Format(CultureInfo.InvariantCulture, message, parameter), () => act(app.Acme)));

    private sealed record Case(string Name, Func<BillingApp, Task> ExpectAsync);
}
