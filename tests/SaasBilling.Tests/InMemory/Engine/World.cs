using SaasBilling.InMemory;
using SaasBilling.Providers;
using SaasBilling.Scheduling;
using SaasBilling.Tests.Plans;

namespace SaasBilling.Tests.InMemory.Engine;

/// <summary>The provider on a clock of its own, with a small catalogue, and short words for what the tests do.</summary>
internal sealed class World
{
    public const string Acme = "acme";
    private readonly ManualTime _time;
    private int _keys;

    public World(DateTimeOffset? start = null, Action<InMemoryBillingOptions>? configure = null, Action<ISaasBillingBuilder>? catalog = null, ITaxCalculator? tax = null)
    {
        Start = start ?? At("2026-01-01");
        _time = new ManualTime(Start);
        var options = new InMemoryBillingOptions();
        configure?.Invoke(options);
        Catalog = Catalogs.Build(builder =>
        {
            Sell(builder);
            catalog?.Invoke(builder);
        });
        Provider = new InMemoryProvider(Catalog, options, new BillingClock(_time), tax ?? NoTax.Instance);
        Ensure(Acme);
    }

    public DateTimeOffset Start { get; }

    public DateTimeOffset Now => _time.GetUtcNow();

    public PlanCatalog Catalog { get; }

    public InMemoryProvider Provider { get; }

    /// <summary>What the engine told while time passed.</summary>
    public List<CustomerSnapshot> Stream { get; } = [];

    public Customer Customer => Read().Customer;

    public Subscription Subscription => Read().Subscriptions[^1];

    public IReadOnlyList<Invoice> Invoices => Read().Invoices;

    public Invoice Newest => Invoices[^1];

    /// <summary>The credit balance in minor units; 0 when there never was one.</summary>
    public long Balance => Customer.CreditBalance?.MinorUnits ?? 0;

    public SubscriptionRef Ref => new(Acme, Subscription.Id);

    public static DateTimeOffset At(string instant) => DateTimeOffset.Parse(instant, null, System.Globalization.DateTimeStyles.AssumeUniversal);

    public string Key() => $"key-{++_keys}";

    public CustomerSnapshot Read(string customer = Acme, string? cursor = null) => Done(Provider.ReadCustomerAsync(customer, cursor, default))!;

    public void Ensure(string customer) => Done(Provider.EnsureCustomerAsync(new EnsureCustomerRequest(customer, new CustomerDetails()), Key(), default));

    /// <summary>Moves the clock, and runs what falls due on the way, each at its own instant.</summary>
    public World To(DateTimeOffset instant)
    {
        while (Provider.NextDueAt is { } due && due <= instant)
        {
            _time.Set(due > Now ? due : Now);
            Stream.Add(Provider.RunNext(Now)!);
        }

        _time.Set(instant);
        return this;
    }

    public World To(string instant) => To(At(instant));

    public World Advance(double days = 0, double hours = 0, double seconds = 0) => To(Now.AddDays(days).AddHours(hours).AddSeconds(seconds));

    /// <summary>Moves the clock, and runs nothing.</summary>
    public void Sleep(double days = 0, double hours = 0) => _time.Set(Now.AddDays(days).AddHours(hours));

    public ProviderResult Card(string token = TestPaymentMethods.Visa, bool makeDefault = true, string customer = Acme) =>
        Done(Provider.AddPaymentMethodAsync(new AddPaymentMethodRequest(customer, token, makeDefault), Key(), default));

    public ProviderResult Subscribe(CreateSubscriptionRequest request) => Done(Provider.CreateSubscriptionAsync(request, Key(), default));

    public ProviderResult Subscribe(string plan, params PriceQuantity[] items) => Subscribe(Request(plan, items));

    public ProviderResult Trial(string plan, int days, TrialEndBehavior behavior = TrialEndBehavior.Cancel, params PriceQuantity[] items) =>
        Subscribe(Request(plan, items) with { TrialEnd = Now.AddDays(days), WhenNoPaymentMethod = behavior });

    /// <summary>A request for a plan's first price, or for the given items.</summary>
    public CreateSubscriptionRequest Request(string plan, params PriceQuantity[] items)
    {
        var wanted = ItemsOf(plan, items);
        var price = wanted.Count == 0 ? null : Catalog.GetPrice(wanted[0].PriceKey).Price;
        return new CreateSubscriptionRequest
        {
            CustomerId = Acme,
            Name = "default",
            PlanKey = plan,
            Items = wanted,
            Interval = price?.Interval ?? BillingInterval.Monthly,
            Currency = price?.Currency,
        };
    }

    public ChangeSubscriptionRequest ChangeTo(string plan, Proration proration = Proration.CreateProrations, ChangeTiming timing = ChangeTiming.Immediately, params PriceQuantity[] items)
    {
        var wanted = ItemsOf(plan, items);
        var price = wanted.Count == 0 ? null : Catalog.GetPrice(wanted[0].PriceKey).Price;
        var subscription = Subscription;
        var interval = price?.Interval ?? BillingInterval.Monthly;
        return new ChangeSubscriptionRequest
        {
            Subscription = new SubscriptionRef(Acme, subscription.Id),
            Change = new SubscriptionChange { PlanKey = plan, Proration = proration, Timing = timing },
            PlanKey = plan,
            Items = wanted,
            Interval = interval,
            Currency = price?.Currency,
            ResetAnchor = interval != subscription.Interval || (subscription.Currency is null && price is not null),
            ProrationDate = Now,
        };
    }

    public ProviderResult Change(ChangeSubscriptionRequest request) => Done(Provider.ChangeSubscriptionAsync(request, Key(), default));

    public ProviderResult Change(string plan, Proration proration = Proration.CreateProrations, ChangeTiming timing = ChangeTiming.Immediately, params PriceQuantity[] items) =>
        Change(ChangeTo(plan, proration, timing, items));

    public ProviderResult Cancel(CancelOptions? options = null) => Done(Provider.CancelSubscriptionAsync(Ref, options ?? new CancelOptions(), Key(), default));

    public ProviderResult CancelNow(bool prorate = false, bool invoiceNow = false) =>
        Cancel(new CancelOptions { Timing = CancelTiming.Immediately, Prorate = prorate, InvoiceNow = invoiceNow });

    public ProviderResult Resume() => Done(Provider.ResumeSubscriptionAsync(Ref, Key(), default));

    public ProviderResult Pause(PauseBehavior behavior = PauseBehavior.Void, DateTimeOffset? resumesAt = null) =>
        Done(Provider.PauseSubscriptionAsync(Ref, new PauseOptions { Behavior = behavior, ResumesAt = resumesAt }, Key(), default));

    public ProviderResult TrialEnd(DateTimeOffset? end) => Done(Provider.SetTrialEndAsync(Ref, end, Key(), default));

    public ProviderResult Charge(long minorUnits, string? subscriptionId = null, string currency = "USD") =>
        Done(Provider.AddChargeAsync(ChargeRequest(minorUnits, subscriptionId, currency), Key(), default));

    public ProviderResult ChargeNow(long minorUnits) => Done(Provider.ChargeNowAsync(ChargeRequest(minorUnits, null, "USD"), Key(), default));

    public ProviderResult Credit(long minorUnits) => Done(Provider.AddCreditAsync(Acme, Money.FromMinorUnits(minorUnits, "USD"), "because", Key(), default));

    public ProviderResult Act(Invoice invoice, InvoiceAction action) => Done(Provider.ActOnInvoiceAsync(Acme, invoice.Id, action, Key(), default));

    public ProviderResult Refund(Invoice invoice, long minorUnits) =>
        Done(Provider.RefundAsync(Acme, invoice.Id, Money.FromMinorUnits(minorUnits, invoice.Total.Currency), Key(), default));

    public ProviderResult Coupon(string key) => Done(Provider.ApplyCouponAsync(Ref, key, Key(), default));

    public ProviderResult Use(decimal quantity, DateTimeOffset? at = null, string meter = "api_calls", string? key = null) =>
        Done(Provider.RecordUsageAsync(new UsageRequest(Acme, meter, quantity, at ?? Now, key ?? Key()), default));

    public InvoicePreview Preview(ChangeSubscriptionRequest? change = null) => Done(Provider.PreviewAsync(Ref, change, default));

    public ProviderResult RemoveCard(PaymentMethod card) => Done(Provider.RemovePaymentMethodAsync(Acme, card.Id, Key(), default));

    public ProviderResult RemoveCoupon(string key) => Done(Provider.RemoveCouponAsync(Ref, key, Key(), default));

    public ProviderResult DropScheduledChange() => Done(Provider.DropScheduledChangeAsync(Ref, Key(), default));

    public ProviderResult Delete(string customer = Acme) => Done(Provider.DeleteCustomerAsync(customer, Key(), default));

    public void Answer(bool authenticate) => Provider.AnswerPaymentAction(Acme, "default", authenticate);

    private static AddChargeRequest ChargeRequest(long minorUnits, string? subscriptionId, string currency) => new()
    {
        CustomerId = Acme,
        SubscriptionId = subscriptionId,
        Amount = Money.FromMinorUnits(minorUnits, currency),
        Description = "Set-up",
    };

    public static T Done<T>(Task<T> task)
    {
        Assert.True(task.IsCompleted, "The in-memory provider completes synchronously.");
        return task.GetAwaiter().GetResult();
    }

    private static void Sell(ISaasBillingBuilder builder) => builder
        .AddPlan("free", plan => plan.Name("Free").Free())
        .AddPlan("zero", plan => plan.Price(0m, "USD", BillingInterval.Monthly))
        .AddPlan("basic", plan => plan.Name("Basic").Price(10m, "USD", BillingInterval.Monthly).Price(100m, "USD", BillingInterval.Yearly).Price(12m, "EUR", BillingInterval.Monthly))
        .AddPlan("pro", plan => plan.Name("Pro").Price(20m, "USD", BillingInterval.Monthly).Price(200m, "USD", BillingInterval.Yearly))
        .AddPlan("team", plan => plan.Name("Team").PricePerSeat(10m, "USD", BillingInterval.Monthly).PricePerSeat(100m, "USD", BillingInterval.Yearly))
        .AddPlan("metered", plan => plan.Name("Metered").Price(10m, "USD", BillingInterval.Monthly).Metered("api_calls", 0.01m, "USD", BillingInterval.Monthly))
        .AddPlan("metered2", plan => plan.Name("Metered 2").Price(10m, "USD", BillingInterval.Monthly).Metered("api_calls", 0.02m, "USD", BillingInterval.Monthly))
        .AddPlan("usage", plan => plan.Name("Usage").Metered("api_calls", 0.01m, "USD", BillingInterval.Monthly))
        .AddAddOn("boost", addOn => addOn.Name("Boost").Price(5m, "USD", BillingInterval.Monthly))
        .AddMeter("api_calls")
        .AddCoupon("once20", coupon => coupon.PercentOff(20m).Once())
        .AddCoupon("half4", coupon => coupon.PercentOff(50m).Repeating(4))
        .AddCoupon("p20", coupon => coupon.PercentOff(20m).Forever())
        .AddCoupon("minus5", coupon => coupon.AmountOff(5m, "USD").Forever())
        .AddCoupon("all", coupon => coupon.PercentOff(100m).Forever())
        .AddCoupon("eur5", coupon => coupon.AmountOff(5m, "EUR").Forever())
        .AddCoupon("two", coupon => coupon.PercentOff(10m).Forever().MaxRedemptions(2))
        .AddCoupon("early", coupon => coupon.PercentOff(10m).Forever().RedeemBy(At("2026-01-31")))
        .AddCoupon("boosted", coupon => coupon.PercentOff(50m).Forever().OnlyFor("boost"));

    private List<PriceQuantity> ItemsOf(string plan, PriceQuantity[] items)
    {
        if (items.Length > 0)
            return [.. items];

        var found = Catalog[plan];
        return found.DefaultPricing is not { } pricing ? [] : [.. found.PricesFor(pricing.Currency.Code, pricing.Interval)
            .Select(price => new PriceQuantity(price.Key, price.Kind == PriceKind.Metered ? 0 : 1))];
    }

    private sealed class ManualTime(DateTimeOffset start) : TimeProvider
    {
        private DateTimeOffset _now = start;

        public override DateTimeOffset GetUtcNow() => _now;

        public void Set(DateTimeOffset now) => _now = now;
    }
}
