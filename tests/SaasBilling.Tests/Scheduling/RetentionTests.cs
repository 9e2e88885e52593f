using Microsoft.Extensions.DependencyInjection;
using Moq;
using SaasBilling.InMemory;
using SaasBilling.Storage;

namespace SaasBilling.Tests.Scheduling;

/// <summary>What was kept long enough is forgotten by the worker.</summary>
public sealed class RetentionTests
{
    private readonly ManualTimeProvider _time = new(RuntimeApp.Start);
    private readonly InMemoryBillingStore _inner = new();
    private readonly Mock<IBillingStore> _store = new();
    private readonly Mock<IInbox> _inbox = new();
    private readonly List<(DateTimeOffset At, DateTimeOffset Bodies, DateTimeOffset Messages)> _purges = [];

    public RetentionTests()
    {
        _store.SetupGet(store => store.Jobs).Returns(_inner.Jobs);
        _store.SetupGet(store => store.Inbox).Returns(_inbox.Object);
        _inbox
            .Setup(inbox => inbox.PurgeAsync(It.IsAny<DateTimeOffset>(), It.IsAny<DateTimeOffset>(), It.IsAny<CancellationToken>()))
            .Returns((DateTimeOffset bodies, DateTimeOffset messages, CancellationToken token) =>
            {
                lock (_purges)
                    _purges.Add((_time.GetUtcNow(), bodies, messages));
                return _inner.Inbox.PurgeAsync(bodies, messages, token);
            });
    }

    [Fact]
    public async Task The_worker_forgets_when_it_starts_and_then_once_an_hour()
    {
        await using var app = App(options => (options.Retention.WebhookBodies, options.Retention.Webhooks) = (TimeSpan.FromDays(2), TimeSpan.FromDays(31)));
        await app.StartWorkerAsync();
        await app.PassAsync(_time, TimeSpan.FromHours(3), TimeSpan.FromMinutes(1));

        Assert.Equal([0d, 1d, 2d, 3d], _purges.Select(purge => (purge.At - RuntimeApp.Start).TotalHours));
        Assert.All(_purges, purge => Assert.Equal((TimeSpan.FromDays(2), TimeSpan.FromDays(31)), (purge.At - purge.Bodies, purge.At - purge.Messages)));
    }

    [Fact]
    public async Task Bodies_are_forgotten_after_30_days_and_webhooks_after_90()
    {
        await using var app = App();
        await _inner.Inbox.AddAsync(Message(RuntimeApp.Start), CancellationToken.None);
        var entry = Assert.Single(await _inner.Jobs.LeaseAsync(new(JobKind.Doorbell, RuntimeApp.Start, TimeSpan.FromMinutes(1), 1), CancellationToken.None));
        await _inner.Jobs.FinishAsync([JobResult.Done(entry, RuntimeApp.Start)], CancellationToken.None);
        await app.StartWorkerAsync();

        foreach (var (days, isKnown, hasBody) in new[] { (30d, true, true), (30.1, true, false), (90, true, false), (90.1, false, false) })
        {
            var step = RuntimeApp.Start.AddDays(days) - _time.GetUtcNow();
            await app.PassAsync(_time, step, step);
            var found = await _inner.Inbox.FindAsync("stripe", "evt_1", true, CancellationToken.None);
            Assert.Equal((days, isKnown, hasBody), (days, found is not null, found?.Message.Body is not null));
        }

        Assert.Equal(
            [
                "The bodies of 1 webhooks, and 0 webhooks, were kept long enough and are forgotten",
                "The bodies of 0 webhooks, and 1 webhooks, were kept long enough and are forgotten",
            ],
            app.Logs.Entries.Where(logged => logged.Id.Id == 206).Select(logged => logged.Message));
    }

    [Fact]
    public async Task A_failure_stops_nothing_else_and_is_tried_again_in_an_hour()
    {
        var failures = 0;
        _inbox
            .Setup(inbox => inbox.PurgeAsync(It.IsAny<DateTimeOffset>(), It.IsAny<DateTimeOffset>(), It.IsAny<CancellationToken>()))
            .Returns(() =>
            {
                Interlocked.Increment(ref failures);
                return Task.FromException<InboxPurge>(new InvalidOperationException("down"));
            });
        await using var app = App();
        await app.StartWorkerAsync();
        await app.PassAsync(_time, TimeSpan.FromMinutes(90), TimeSpan.FromMinutes(1));

        Assert.Equal(2, failures);
        Assert.Equal(2, app.Logs.Entries.Count(logged => logged.Id.Id == 207));
        Assert.DoesNotContain(app.Logs.Entries, logged => logged.Id.Id == 101);
    }

    [Theory]
    [InlineData(30, 29, "- SaasBillingOptions.Retention.Webhooks is 29.00:00:00; it must be from 30.00:00:00 to 3650.00:00:00.\n- SaasBillingOptions.Retention.Webhooks is 29.00:00:00; it must not be shorter than WebhookBodies, 30.00:00:00.")]
    [InlineData(91, 90, "- SaasBillingOptions.Retention.Webhooks is 90.00:00:00; it must not be shorter than WebhookBodies, 91.00:00:00.")]
    [InlineData(-1, 90, "- SaasBillingOptions.Retention.WebhookBodies is -1.00:00:00; it must be from 00:00:00 to 3650.00:00:00.")]
    public async Task Wrong_times_are_refused_at_the_start(int bodies, int webhooks, string faults)
    {
        await using var app = RuntimeApp.Simulated(options: options => (options.Retention.WebhookBodies, options.Retention.Webhooks) = (TimeSpan.FromDays(bodies), TimeSpan.FromDays(webhooks)));

        var refused = Assert.Throws<BillingException>(() => app.Billing);

        Assert.EndsWith(faults, refused.Message, StringComparison.Ordinal);
    }

    private static InboxMessage Message(DateTimeOffset at) => new()
    {
        Provider = "stripe",
        EventId = "evt_1",
        IsLive = true,
        Type = "invoice.paid",
        Subject = "cus_1",
        ReceivedAt = at,
        Body = "{}",
    };

    private RuntimeApp App(Action<SaasBillingOptions>? options = null) => RuntimeApp.On(
        _time,
        builder =>
        {
            builder.Services.AddSingleton(_store.Object);
            return builder;
        },
        options);
}
