namespace SaasBilling.Tests.Scheduling;

/// <summary>Bar R10: never early; late work once, in due order; simulated time refuses to run backward (for that see <see cref="BillingSimulatorTests"/>).</summary>
public sealed class TimeIsHardTests
{
    private static readonly string[] Customers = ["trial", "carded", "paying", "failing", "leaving"];

    /// <summary>R10: a clock that is set forward by 40 days, and a worker that was away as long.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Forty_days_that_were_missed_are_told_as_if_they_had_not_been(bool workerWasRunning)
    {
        var expected = await HistoryOfSimulationAsync(TimeSpan.FromDays(40));
        var time = new ManualTimeProvider(RuntimeApp.Start);
        await using var app = RuntimeApp.On(time, RuntimeApp.Record);
        await PrepareAsync(app);
        if (workerWasRunning)
        {
            await app.StartWorkerAsync();
            await app.UntilIdleAsync(time);
        }

        time.SetWallClock(RuntimeApp.Start.AddDays(40));
        if (workerWasRunning)
            time.Advance(TimeSpan.FromSeconds(5));
        else
            await app.StartWorkerAsync();
        await app.Deliveries.UntilAsync(expected.Count);
        await app.UntilIdleAsync(time);

        Assert.Equal(expected, await app.HistoryAsync(Customers));
        AssertDeliveredOnceAndInOrder(app, expected);
    }

    /// <summary>R10: a worker that was off for 5 minutes while a trial and a period ended.</summary>
    [Fact]
    public async Task Five_minutes_that_were_missed_are_made_good_once_and_in_order()
    {
        var expected = await HistoryOfSimulationAsync(TimeSpan.FromDays(14) + TimeSpan.FromMinutes(3));
        var time = new ManualTimeProvider(RuntimeApp.Start);
        await using var app = RuntimeApp.On(time, RuntimeApp.Record);
        await PrepareAsync(app);
        await app.StartWorkerAsync();
        await app.PassAsync(time, TimeSpan.FromDays(14) - TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        var before = app.Deliveries.All.Count;
        time.Advance(TimeSpan.FromMinutes(58));
        await app.UntilIdleAsync(time);
        await app.StopWorkersAsync();
        Assert.Equal(before, app.Deliveries.All.Count);

        time.Advance(TimeSpan.FromMinutes(5));
        await app.StartWorkerAsync();
        await app.Deliveries.UntilAsync(expected.Count);
        await app.UntilIdleAsync(time);

        Assert.True(app.Deliveries.All.Count > before);
        Assert.Equal(expected, await app.HistoryAsync(Customers));
        AssertDeliveredOnceAndInOrder(app, expected);
    }

    /// <summary>R10: the clock is set back by an hour just before a trial ends.</summary>
    [Fact]
    public async Task A_clock_that_is_set_back_makes_nothing_early_and_nothing_twice()
    {
        var time = new ManualTimeProvider(RuntimeApp.Start);
        await using var app = RuntimeApp.On(time, RuntimeApp.Record);
        await app.Billing.For("trial").StartTrialAsync("pro");
        await app.StartWorkerAsync();
        await app.Deliveries.UntilAsync(5);
        var trialEnd = RuntimeApp.Start.AddDays(14);
        await app.PassAsync(time, TimeSpan.FromDays(14) - TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        await app.Deliveries.UntilAsync("hook trial/6 TrialEnding");
        time.Advance(TimeSpan.FromMinutes(55));
        await app.UntilIdleAsync(time);
        time.SetWallClock(trialEnd.AddMinutes(-65));
        Assert.Equal(trialEnd.AddMinutes(-5), app.Simulator.Now);

        // The customer goes on working meanwhile, and nobody sees time run backward.
        await app.Billing.For("trial").RecordMilestoneAsync("meanwhile");
        await app.PassAsync(time, TimeSpan.FromMinutes(64), TimeSpan.FromMinutes(1));
        Assert.Equal("hook trial/7 MilestoneReached", app.Deliveries.All[^1]);
        Assert.Equal(trialEnd.AddMinutes(-1), time.GetUtcNow());
        Assert.Equal(7, app.Deliveries.All.Count);
        Assert.StartsWith("The system clock was set back; billing waits at ", Assert.Single(app.Logs.Named("ClockWentBack")).Message, StringComparison.Ordinal);

        time.Advance(TimeSpan.FromMinutes(1));
        await app.Deliveries.UntilAsync("hook trial/10 AccessRestricted");
        await app.UntilIdleAsync(time);
        var history = await app.HistoryAsync("trial");
        Assert.Equal(10, history.Count);
        Assert.Equal(history.Order(StringComparer.Ordinal).Select(line => line[..19]), history.Select(line => line[..19]));
        Assert.Equal($"{trialEnd:yyyy-MM-dd HH:mm:ss} trial/8 TrialExpired", history[7]);
    }

    /// <summary>R10: daylight saving in 3 zones changes nothing: billing counts in UTC.</summary>
    [Theory]
    [InlineData("Europe/Vienna")]
    [InlineData("America/New_York")]
    [InlineData("Australia/Lord_Howe")]
    public async Task Daylight_saving_of_the_machines_zone_moves_nothing(string zone)
    {
        var expected = await HistoryOfSimulationAsync(TimeSpan.FromDays(110));
        var time = new ManualTimeProvider(RuntimeApp.Start) { Zone = TimeZoneInfo.FindSystemTimeZoneById(zone) };
        Assert.NotEqual(time.Zone.GetUtcOffset(RuntimeApp.Start), time.Zone.GetUtcOffset(RuntimeApp.Start.AddDays(109)));
        await using var app = RuntimeApp.On(time, RuntimeApp.Record);
        await PrepareAsync(app);
        await app.StartWorkerAsync();

        await app.PassAsync(time, TimeSpan.FromDays(110), TimeSpan.FromHours(12));

        Assert.Equal(expected, await app.HistoryAsync(Customers));
        AssertDeliveredOnceAndInOrder(app, expected);
    }

    /// <summary>What is given in another offset is the same instant.</summary>
    [Fact]
    public async Task Instants_are_utc_whatever_offset_they_are_given_in()
    {
        await using var app = RuntimeApp.Simulated();
        var inVienna = new DateTimeOffset(2026, 3, 29, 3, 30, 0, TimeSpan.FromHours(2));
        var trial = await app.Billing.For("acme").StartTrialAsync("pro", new() { EndsAt = inVienna });

        await app.Simulator.AdvanceToAsync(inVienna.ToOffset(TimeSpan.FromHours(-5)));

        Assert.Equal(TimeSpan.Zero, trial.Trial!.End.Offset);
        Assert.Equal(new DateTimeOffset(2026, 3, 29, 1, 30, 0, TimeSpan.Zero), app.Simulator.Now);
        Assert.Contains("2026-03-29 01:30:00 acme/7 TrialExpired", await app.HistoryAsync("acme"));
    }

    private static async Task<List<string>> HistoryOfSimulationAsync(TimeSpan length)
    {
        await using var app = RuntimeApp.Simulated();
        await PrepareAsync(app);
        await app.Simulator.AdvanceAsync(length);
        return await app.HistoryAsync(Customers);
    }

    // A trial that expires, one that converts, renewals that are paid, renewals that fail into dunning, and a scheduled end.
    private static async Task PrepareAsync(RuntimeApp app)
    {
        await app.Billing.For("trial").StartTrialAsync("pro");
        await app.Billing.For("carded").StartTrialAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });
        await app.PayAsync("paying");
        await app.PayAsync("failing");
        await app.Billing.For("failing").AddPaymentMethodAsync(TestPaymentMethods.DeclinedAfterAttaching);
        await app.PayAsync("leaving");
        await app.Billing.For("leaving").CancelAsync();
    }

    private static void AssertDeliveredOnceAndInOrder(RuntimeApp app, List<string> history)
    {
        foreach (var id in Customers)
            Assert.Equal(history.Where(line => line[20..].StartsWith($"{id}/", StringComparison.Ordinal)).Select(line => $"hook {line[20..]}"), app.Deliveries.Of(id));
    }
}
