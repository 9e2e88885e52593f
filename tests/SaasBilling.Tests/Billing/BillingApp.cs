using Microsoft.Extensions.DependencyInjection;
using SaasBilling.Access;
using SaasBilling.Road;
using SaasBilling.Storage;

namespace SaasBilling.Tests.Billing;

/// <summary>An application with billing, as its own tests would set it up: the embedded engine, on a clock that only the test moves.</summary>
internal sealed class BillingApp : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ServiceProvider _services;

    public BillingApp(
        Action<ISaasBillingBuilder>? configure = null,
        Action<SaasBillingOptions>? options = null,
        Action<InMemoryBillingOptions>? engine = null,
        DateTimeOffset? startAt = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        var builder = services.AddSaasBilling(options);
        Sell(builder);
        builder.AddHook<BillingEvent>((billingEvent, _, _) =>
        {
            lock (Heard)
                Heard.Add(billingEvent);
            return Task.CompletedTask;
        });
        builder.UseInMemory(memory =>
        {
            memory.StartAt = startAt ?? Start;
            engine?.Invoke(memory);
        });
        configure?.Invoke(builder);
        _services = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        Billing = _services.GetRequiredService<IBilling>();
        Simulator = _services.GetRequiredService<BillingSimulator>();
    }

    public IBilling Billing { get; }

    public BillingSimulator Simulator { get; }

    public IBillingStore Store => _services.GetRequiredService<IBillingStore>();

    public IServiceProvider Services => _services;

    public CustomerRoad Road => _services.GetRequiredService<CustomerRoad>();

    public AccessCache Cache => _services.GetRequiredService<AccessCache>();

    public DateTimeOffset Now => Simulator.Now;

    /// <summary>What the application's hook was told, in order.</summary>
    public List<BillingEvent> Heard { get; } = [];

    public ICustomerBilling Acme => Billing.For("acme");

    public Task DaysAsync(double days) => Simulator.AdvanceAsync(TimeSpan.FromDays(days));

    public Task HoursAsync(double hours) => Simulator.AdvanceAsync(TimeSpan.FromHours(hours));

    /// <summary>A customer with a working card on a plan.</summary>
    public async Task<Subscription> SubscribedAsync(string plan = "pro", string customerId = "acme", SubscribeOptions? options = null)
    {
        var subscription = await Billing.For(customerId).SubscribeAsync(plan, (options ?? new SubscribeOptions()) with { PaymentMethodToken = TestPaymentMethods.Visa, SkipTrial = true });
        Assert.Equal(SubscriptionStatus.Active, subscription.Status);
        return subscription;
    }

    public async Task<CustomerState?> StateAsync(string customerId = "acme") => await Store.FindCustomerAsync(customerId, CancellationToken.None);

    /// <summary>Reconciles all customers.</summary>
    public async Task<(int Checked, int Repaired, int Failed)> ReconciledAsync()
    {
        var report = await Billing.ReconcileAsync();
        return (report.Checked, report.Repaired, report.Failed);
    }

    public async Task<IReadOnlyList<string>> HistoryAsync(string customerId = "acme") =>
        [.. (await Billing.For(customerId).GetHistoryAsync()).Select(billingEvent => billingEvent.GetType().Name)];

    /// <summary>What happened while something was done.</summary>
    public async Task<IReadOnlyList<string>> EventsOfAsync(Func<Task> act, string customerId = "acme")
    {
        var before = (await HistoryAsync(customerId)).Count;
        await act();
        return [.. (await HistoryAsync(customerId)).Skip(before)];
    }

    /// <summary>The command is refused with this code and this message, and nothing is changed by it.</summary>
    public async Task RefusedAsync(BillingErrorCode code, string message, Func<Task> act, string customerId = "acme")
    {
        var state = await StateAsync(customerId);
        var history = await HistoryAsync(customerId);
        var exception = await Assert.ThrowsAsync<BillingException>(act);
        Assert.Equal(message, exception.Message);
        Assert.Equal(code, exception.Code);
        Assert.Same(state, await StateAsync(customerId));
        Assert.Equal(history, await HistoryAsync(customerId));
    }

    /// <summary>The argument is refused with this message, and nothing is changed.</summary>
    public async Task RefusedAsync<TException>(string message, Func<Task> act, string customerId = "acme")
        where TException : ArgumentException
    {
        var state = await StateAsync(customerId);
        var exception = await Assert.ThrowsAsync<TException>(act);
        Assert.Equal(message, exception.Message);
        Assert.Same(state, await StateAsync(customerId));
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static void Sell(ISaasBillingBuilder builder) => builder
        .AddMeter("api_calls")
        .AddMeter("projects", UsageAggregation.Last)
        .AddPlan("free", plan => plan.Name("Free").Free().Feature("projects", limit: 3))
        .AddPlan("pro", plan => plan.Name("Pro")
            .Price(29m, "USD", BillingInterval.Monthly)
            .Price(290m, "USD", BillingInterval.Yearly)
            .Price(27m, "EUR", BillingInterval.Monthly)
            .Trial(days: 14)
            .Feature("export").Feature("projects", limit: 50))
        .AddPlan("team", plan => plan.Name("Team")
            .PricePerSeat(10m, "USD", BillingInterval.Monthly)
            .PricePerSeat(100m, "USD", BillingInterval.Yearly)
            .Feature("export").Feature("sso").Feature("seats_report").Feature("projects", limit: 500))
        .AddPlan("api", plan => plan.Name("API")
            .Price(20m, "USD", BillingInterval.Monthly)
            .Metered("api_calls", 0.01m, "USD", BillingInterval.Monthly)
            .Feature("api_calls", limit: 1_000))
        .AddPlan("careful", plan => plan.Price(49m, "USD", BillingInterval.Monthly).Trial(days: 7, requirePaymentMethod: true))
        .AddPlan("patient", plan => plan.Price(49m, "USD", BillingInterval.Monthly).Trial(days: 7, whenNoPaymentMethod: TrialEndBehavior.Pause))
        .AddPlan("trusting", plan => plan.Price(49m, "USD", BillingInterval.Monthly).Trial(days: 7, whenNoPaymentMethod: TrialEndBehavior.CreateInvoice))
        .AddPlan("euro", plan => plan.Price(9m, "EUR", BillingInterval.Monthly))
        .AddAddOn("storage", addOn => addOn.Price(5m, "USD", BillingInterval.Monthly).Feature("projects", limit: 10))
        .AddCoupon("half", coupon => coupon.PercentOff(50).Forever())
        .AddCoupon("welcome", coupon => coupon.AmountOff(5m, "USD").Once())
        .AddCoupon("bienvenue", coupon => coupon.AmountOff(5m, "EUR").Once())
        .AddCoupon("early", coupon => coupon.PercentOff(10).RedeemBy(Start.AddDays(10)))
        .AddCoupon("teams", coupon => coupon.PercentOff(10).OnlyFor("team"))
        .AddCoupon("first", coupon => coupon.PercentOff(10).MaxRedemptions(1));
}
