using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace SaasBilling.Tests.Docs;

public sealed class PlanSnippets
{
    private static readonly DateTimeOffset LaunchWeekEnds = new(2027, 3, 8, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Every_row_of_the_table_of_prices_is_what_the_price_gives()
    {
        await using var app = Start();
        var rows = DocsPage.Table("docs/plans-and-prices.md", "plan", "quantity", "worked", "amount");

        Assert.All(rows, row =>
        {
            var price = app.Billing.Plans[row[0]].Prices[^1];
            Assert.Equal(row[3], price.AmountFor(long.Parse(row[1], System.Globalization.CultureInfo.InvariantCulture)).ToString());
        });
        Assert.Equal(
            app.Billing.Plans.Plans.Select(plan => plan.Key).Except(["free", "team", "pro-global"]).Order(),
            rows.Select(row => row[0]).Distinct().Order());
    }

    [Fact]
    public async Task A_price_can_be_asked_for_amounts()
    {
        await using var app = Start();
        var billing = app.Billing;

        #region price-amount
        var price = billing.Plans["graduated"].PricesFor("USD", BillingInterval.Monthly)[0];
        var amount = price.AmountFor(25);       // 200.00 USD; price.Key is "graduated/seat/usd/month"
        #endregion

        Assert.Equal(Money.Of(200m, "USD"), amount);
        Assert.Equal("graduated/seat/usd/month", price.Key);
    }

    [Fact]
    public async Task Coupons_apply_in_their_order()
    {
        await using var app = Start();
        var billing = app.Billing;

        #region coupon-order
        var percentFirst = billing.For("acme");
        await percentFirst.SubscribeAsync("hundred", new() { Coupons = ["partner", "five-off"], PaymentMethodToken = TestPaymentMethods.Visa });
        // (100 - 20 %) - 5 = 75.00 USD

        var amountFirst = billing.For("zoe");
        await amountFirst.SubscribeAsync("hundred", new() { Coupons = ["five-off", "partner"], PaymentMethodToken = TestPaymentMethods.Visa });
        // (100 - 5) - 20 % = 76.00 USD
        #endregion

        Assert.Equal(Money.Of(75m, "USD"), (await percentFirst.GetInvoicesAsync())[0].AmountPaid);
        Assert.Equal(Money.Of(76m, "USD"), (await amountFirst.GetInvoicesAsync())[0].AmountPaid);
    }

    [Fact]
    public async Task A_coupon_can_be_attached_later()
    {
        await using var app = Start();
        var (billing, simulator) = app;
        var acme = billing.For("acme");
        await acme.SubscribeAsync("hundred", new() { PaymentMethodToken = TestPaymentMethods.Visa });

        #region coupon-apply
        await acme.ApplyCouponAsync("launch");      // March 1: half of the invoices of April 1 and May 1; its three months end on June 1
        #endregion

        await simulator.AdvanceToAsync(DocsApp.At("2027-06-01 10:00"));
        Assert.Equal([100m, 50m, 50m, 100m], (await acme.GetInvoicesAsync()).Reverse().Select(invoice => invoice.AmountPaid.Amount));
    }

    [Fact]
    public async Task A_customer_has_one_currency()
    {
        await using var app = Start();
        var acme = app.Billing.For("acme");

        #region currency
        var subscription = await acme.SubscribeAsync("pro-global", new() { Currency = "EUR", PaymentMethodToken = TestPaymentMethods.Visa });
        #endregion

        Assert.Equal(Currency.Of("EUR"), subscription.Currency);
        Assert.Equal("27.00 EUR", (await acme.GetInvoicesAsync())[0].AmountPaid.ToString());
        var refused = await Assert.ThrowsAsync<BillingException>(() => acme.AddChargeAsync(Money.Of(5m, "USD"), "Setup"));
        Assert.Equal(BillingErrorCode.CurrencyMismatch, refused.Code);
        DocsPage.Shows("docs/plans-and-prices.md", "currency-mismatch", [refused.Message]);
        Assert.Equal("4500 JPY", app.Billing.Plans["pro-global"].PricesFor("jpy", BillingInterval.Monthly)[0].AmountFor(1).ToString());
    }

    [Fact]
    public void The_form_in_configuration_gives_the_same_catalog()
    {
        var json = DocsPage.Blocks("docs/plans-and-prices.md", "json")[0];
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        var configuration = new ConfigurationBuilder().AddJsonStream(stream).Build();

        var services = new ServiceCollection();
        #region plans-from-configuration
        services.AddSaasBilling()
            .AddPlans(configuration.GetSection("Billing"))
            .UseInMemory();
        #endregion
        var inCode = new ServiceCollection();
        #region same-plans-in-code
        inCode.AddSaasBilling()
            .AddMeter("api_calls")
            .AddPlan("free", plan => plan.Name("Free").Free().Feature("projects", limit: 3))
            .AddPlan("pro", plan => plan.Name("Pro")
                .Price(29m, "USD", BillingInterval.Monthly)
                .PricePerSeat(8m, "USD", BillingInterval.Monthly)
                .Metered("api_calls", "USD", BillingInterval.Monthly, tiers => tiers.UpTo(10_000, 0m).Beyond(0.002m))
                .Trial(days: 14, whenNoPaymentMethod: TrialEndBehavior.Pause)
                .Feature("export").Feature("projects", limit: 50))
            .AddAddOn("support", addOn => addOn.Name("Priority support").Price(10m, "USD", BillingInterval.Monthly).Feature("priority"))
            .AddCoupon("launch", coupon => coupon.PercentOff(50).Repeating(3).OnlyFor("pro"))
            .UseInMemory();
        #endregion

        using var fromConfiguration = services.BuildServiceProvider();
        using var fromCode = inCode.BuildServiceProvider();
        var expected = fromCode.GetRequiredService<PlanCatalog>();
        var actual = fromConfiguration.GetRequiredService<PlanCatalog>();
        Assert.Equal(expected.Plans, actual.Plans);
        Assert.Equal(expected.AddOns, actual.AddOns);
        Assert.Equal(expected.Coupons, actual.Coupons);
        Assert.Equal(expected.Meters, actual.Meters);
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var services = new ServiceCollection();
        #region faulty-plans
        services.AddSaasBilling()
            .AddPlan("pro", plan => plan.Price(29m, "USD", BillingInterval.Monthly).Trial(days: 1000))
            .AddPlan("team", plan => plan.Metered("api_calls", 0.002m, "USDD", BillingInterval.Monthly))
            .UseInMemory();
        #endregion

        using var provider = services.BuildServiceProvider();
        var fault = Assert.ThrowsAny<Exception>(() => provider.GetRequiredService<PlanCatalog>());
        DocsPage.Shows("docs/plans-and-prices.md", "faults", [fault.Message]);
    }

    private static DocsApp Start() => DocsApp.Start("2027-03-01 09:00", builder =>
    {
        #region price-flat
        builder.AddPlan("pro", plan => plan.Name("Pro")
            .Price(290m, "USD", BillingInterval.Yearly)
            .Price(29m, "USD", BillingInterval.Monthly));
        #endregion

        #region price-free
        builder.AddPlan("free", plan => plan.Name("Free").Free().Feature("projects", limit: 3));
        #endregion

        #region price-seats
        builder.AddPlan("team", plan => plan.Name("Team")
            .Price(20m, "USD", BillingInterval.Monthly)             // the base fee
            .PricePerSeat(8m, "USD", BillingInterval.Monthly));     // and each seat
        builder.AddPlan("seats", plan => plan.PricePerSeat(8m, "USD", BillingInterval.Monthly));
        #endregion

        #region price-graduated
        builder.AddPlan("graduated", plan => plan
            .PricePerSeat("USD", BillingInterval.Monthly, tiers => tiers.Graduated()    // the default
                .UpTo(5, 10m)           // seats 1 to 5
                .UpTo(20, 8m)           // seats 6 to 20
                .Beyond(6m)));          // seats 21 and up
        #endregion

        #region price-volume
        builder.AddPlan("volume", plan => plan
            .PricePerSeat("USD", BillingInterval.Monthly, tiers => tiers.Volume()
                .UpTo(5, 10m)
                .UpTo(20, 8m)
                .Beyond(6m)));
        #endregion

        #region price-flat-tiers
        builder.AddPlan("bands", plan => plan
            .PricePerSeat("USD", BillingInterval.Monthly, tiers => tiers.Volume()
                .UpTo(10, unitAmount: 0m, flatAmount: 50m)
                .UpTo(50, unitAmount: 0m, flatAmount: 150m)
                .Beyond(unitAmount: 2m, flatAmount: 150m)));
        #endregion

        #region price-metered
        builder
            .AddMeter("api_calls")                                          // Sum; or Count, Max, Last
            .AddPlan("metered", plan => plan
                .Metered("api_calls", 0.002m, "USD", BillingInterval.Monthly))
            .AddPlan("allowance", plan => plan
                .Metered("api_calls", "USD", BillingInterval.Monthly, tiers => tiers
                    .UpTo(10_000, 0m)                                       // included
                    .Beyond(0.001m)));
        #endregion

        #region price-package
        builder.AddPlan("packages", plan => plan
            .Metered("api_calls", "USD", BillingInterval.Monthly, tiers => tiers.Package(unitsPerPackage: 1000, amount: 5m)));
        #endregion

        #region coupons
        builder
            .AddCoupon("partner", coupon => coupon.PercentOff(20).Forever())
            .AddCoupon("five-off", coupon => coupon.AmountOff(5m, "USD").Forever())
            .AddCoupon("launch", coupon => coupon.PercentOff(50).Repeating(months: 3).MaxRedemptions(500).RedeemBy(LaunchWeekEnds).OnlyFor("hundred"));
        #endregion

        #region price-currencies
        builder.AddPlan("pro-global", plan => plan.Name("Pro")
            .Price(29m, "USD", BillingInterval.Monthly)
            .Price(27m, "EUR", BillingInterval.Monthly)
            .Price(4500m, "JPY", BillingInterval.Monthly));
        #endregion

        builder.AddPlan("hundred", plan => plan.Price(100m, "USD", BillingInterval.Monthly));
    });
}
