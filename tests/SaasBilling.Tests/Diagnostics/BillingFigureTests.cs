using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using SaasBilling.Diagnostics;
using SaasBilling.InMemory;
using SaasBilling.Storage;
using SaasBilling.Tests.Billing;
using SaasBilling.Tests.Road;
using static SaasBilling.SaasBillingDiagnostics;

namespace SaasBilling.Tests.Diagnostics;

public sealed class BillingFigureTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_instruments_are_those_that_have_a_public_name()
    {
        await using var app = App();
        using var figures = Listen(app);
        await app.Acme.EnsureCustomerAsync();

        var names = typeof(SaasBillingDiagnostics).GetFields().Where(field => field.Name.EndsWith("Instrument", StringComparison.Ordinal));
        Assert.Equal(names.Select(field => (string)field.GetRawConstantValue()!).Order(), figures.Instruments.Order());
    }

    [Fact]
    public async Task Counters_count_what_happened()
    {
        await using var app = App();
        using var figures = Listen(app);
        await app.SubscribedAsync();
        var invoice = (await app.Acme.GetInvoicesAsync())[0];
        await app.Acme.RefundAsync(invoice.Id, Money.Of(9m, "USD"));

        Assert.Equal(await app.HistoryAsync(), figures.Of(EventsInstrument).Select(figure => (string)figure.Tags[EventTypeTag]!));
        Assert.Equal((await app.StateAsync())!.Version, figures.Sum(CommitsInstrument));
        Assert.All(figures.Of(CommitsInstrument), figure => Assert.Equal("committed", figure.Tags[OutcomeTag]));
        Assert.Equal((2900, "USD"), Single(PaidAmountInstrument, CurrencyTag));
        Assert.Equal((900, "USD"), Single(RefundedAmountInstrument, CurrencyTag));
        Assert.Equal((2900, "New"), Single(RecurringRevenueInstrument, MovementTag));
        Assert.Empty(figures.Of(PaymentFailuresInstrument));

        (double Value, object? Tag) Single(string instrument, string tag) =>
            Assert.Single(figures.Of(instrument)) is var figure ? (figure.Value, figure.Tags[tag]) : default;
    }

    [Fact]
    public async Task Revenue_that_is_lost_is_taken_off_again()
    {
        await using var app = App();
        using var figures = Listen(app);
        await app.SubscribedAsync();
        await app.Acme.CancelAsync(new() { Timing = CancelTiming.Immediately });

        Assert.Equal(["New", "Churn"], figures.Of(RecurringRevenueInstrument).Select(figure => figure.Tags[MovementTag]));
        Assert.Equal(0, figures.Sum(RecurringRevenueInstrument));
    }

    [Fact]
    public async Task A_payment_that_fails_counts_with_the_banks_reason()
    {
        await using var app = App();
        using var figures = Listen(app);
        await app.Acme.SubscribeAsync("pro", new() { SkipTrial = true, PaymentMethodToken = TestPaymentMethods.DeclinedAfterAttaching });

        var failed = Assert.Single(figures.Of(PaymentFailuresInstrument));
        Assert.Equal((1d, "generic_decline"), (failed.Value, failed.Tags[DeclineCodeTag]));
    }

    [Fact]
    public async Task Commits_that_lost_against_another_count_as_conflicts()
    {
        var store = new FaultyStore();
        await using var app = App(builder => builder.Services.AddSingleton<IBillingStore>(store));
        await app.SubscribedAsync();
        using var figures = Listen(app);
        var lost = 0;
        store.BeforeCommit = async _ =>
        {
            if (++lost <= 3)
                await store.OvertakeAsync("acme");
        };
        await app.Acme.CancelAsync();

        Assert.Equal(["conflict", "conflict", "conflict", "committed"], figures.Of(CommitsInstrument).Select(figure => figure.Tags[OutcomeTag]));
    }

    [Fact]
    public async Task Each_provider_call_is_measured_with_how_it_went()
    {
        var isDown = false;
        await using var app = App(builder => builder.Services.AddSingleton(services => ProviderProxy.Of(
            services.GetRequiredService<InMemoryProvider>(),
            (_, call) => isDown ? throw new BillingException(BillingErrorCode.ProviderUnavailable, "Down.") : call())));
        using var figures = Listen(app);
        await app.Acme.EnsureCustomerAsync();
        isDown = true;
        await Assert.ThrowsAsync<BillingException>(() => app.Acme.AddPaymentMethodAsync(TestPaymentMethods.Visa));

        var calls = figures.Of(ProviderDurationInstrument).ToList();
        Assert.Equal(["ensure ok", "read ok", "attach ProviderUnavailable"], calls.Select(call => $"{call.Tags[OperationTag]} {call.Tags[OutcomeTag]}"));
        Assert.All(calls, call => Assert.Equal("in-memory", call.Tags[ProviderTag]));
        Assert.All(calls, call => Assert.InRange(call.Value, 0, 60));
    }

    [Fact]
    public async Task Each_delivery_is_measured_and_those_that_fail_are_counted()
    {
        var tries = 0;
        await using var app = App(builder => builder.AddHook<TrialStarted>("provision", (_, _, _) =>
            ++tries == 1 ? throw new InvalidOperationException("Not today.") : Task.CompletedTask));
        using var figures = Listen(app);
        await app.Acme.StartTrialAsync("pro");
        await app.HoursAsync(1);

        var deliveries = figures.Of(HookDurationInstrument).Where(figure => Equals(figure.Tags[HookTag], "provision")).ToList();
        Assert.Equal(["TrialStarted error", "TrialStarted ok"], deliveries.Select(figure => $"{figure.Tags[EventTypeTag]} {figure.Tags[OutcomeTag]}"));
        Assert.All(deliveries, figure => Assert.InRange(figure.Value, 0, 60));
        var failure = Assert.Single(figures.Of(HookFailuresInstrument));
        Assert.Equal((1d, "provision", "TrialStarted"), (failure.Value, failure.Tags[HookTag], failure.Tags[EventTypeTag]));
    }

    [Fact]
    public async Task Gauges_show_how_the_queue_stands()
    {
        await using var app = App(
            builder => builder.AddHook<TrialStarted>("provision", (_, _, _) => throw new InvalidOperationException("Never.")),
            options => options.Worker.MaxAttempts = 2);
        using var figures = Listen(app);
        Assert.Empty(figures.Gauges());

        await app.Acme.StartTrialAsync("pro");
        await app.Simulator.RunUntilIdleAsync();
        var trying = figures.Gauges();
        await app.HoursAsync(1);
        var quarantined = figures.Gauges();

        // The trial's wake-up waits all the time.
        Assert.Equal((2, 0), (trying[PendingJobsInstrument], trying[QuarantinedJobsInstrument]));
        Assert.Equal((1, 1), (quarantined[PendingJobsInstrument], quarantined[QuarantinedJobsInstrument]));
    }

    [Theory]
    [InlineData(-90, 90)]
    [InlineData(0, 0)]
    [InlineData(90, 0)]
    [InlineData(null, 0)]
    public void The_oldest_job_is_as_old_as_it_has_been_due(int? dueInSeconds, double age)
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        using var telemetry = new BillingTelemetry(null, meters);
        Assert.False(telemetry.WantsQueue);
        using var figures = new Figures(meters);
        Assert.True(telemetry.WantsQueue);

        telemetry.Queue(new JobFigures(3, 2, dueInSeconds is { } seconds ? Noon.AddSeconds(seconds) : null), Noon);

        var gauges = figures.Gauges();
        Assert.Equal((3, 2, age), (gauges[PendingJobsInstrument], gauges[QuarantinedJobsInstrument], gauges[OldestJobAgeInstrument]));
    }

    private static BillingApp App(Action<ISaasBillingBuilder>? configure = null, Action<SaasBillingOptions>? options = null) => new(
        builder =>
        {
            builder.Services.AddMetrics();
            configure?.Invoke(builder);
        },
        options);

    private static Figures Listen(BillingApp app) => new(app.Services.GetRequiredService<IMeterFactory>());
}
