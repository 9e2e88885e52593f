using SaasBilling.Storage;

namespace SaasBilling.Conformance.Storage;

public abstract partial class StoreQueryConformance
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    /// <summary>The figures of a health check.</summary>
    [Fact]
    public async Task Jobs_are_counted_by_kind_and_by_what_they_wait_for()
    {
        await JobsAsync();

        Assert.Equal(
            [
                new JobKindFigures(JobKind.Wake, Due: 2, Leased: 1, Retrying: 0, Quarantined: 1, Given.At(20)),
                new JobKindFigures(JobKind.Hook, Due: 3, Leased: 0, Retrying: 1, Quarantined: 1, Given.At(2)),
                new JobKindFigures(JobKind.Doorbell, Due: 1, Leased: 1, Retrying: 0, Quarantined: 0, Given.At(7)),
            ],
            await Queries.GetKindFiguresAsync(Given.At(30), Cancellation));
        Assert.Equal(new JobKindFigures(JobKind.Hook, Due: 4, Leased: 0, Retrying: 0, Quarantined: 1, Given.At(1)), (await Queries.GetKindFiguresAsync(Given.At(45), Cancellation))[1]);
        Assert.Equal(new JobKindFigures(JobKind.Wake, Due: 0, Leased: 1, Retrying: 0, Quarantined: 1, null), (await Queries.GetKindFiguresAsync(Given.At(19), Cancellation))[0]);
    }

    /// <summary>An empty queue.</summary>
    [Fact]
    public async Task Every_kind_is_counted_also_when_it_has_no_jobs() => Assert.Equal(
        Enum.GetValues<JobKind>().Select(kind => new JobKindFigures(kind, 0, 0, 0, 0, null)),
        await Queries.GetKindFiguresAsync(Given.Start, Cancellation));

    /// <summary>Every filter, page by page.</summary>
    [Fact]
    public async Task Jobs_are_listed_by_when_their_turn_is()
    {
        await JobsAsync();

        var all = await JobsAsync(new JobFilter());
        Assert.Equal(12, all.Count);
        Assert.Equal(all.OrderBy(entry => entry.ReadyAt).ThenBy(entry => entry.Job.Key, StringComparer.Ordinal).Select(entry => entry.Job.Key), all.Select(entry => entry.Job.Key));

        foreach (var status in (JobStatus?[])[null, .. Enum.GetValues<JobStatus>()])
        {
            foreach (var kind in (JobKind?[])[null, .. Enum.GetValues<JobKind>()])
            {
                foreach (var (customer, failed, before) in new (string?, bool?, double?)[] { (null, null, null), ("acme", null, null), ("cus_1", null, 30), (null, true, null), (null, false, 30), (null, null, 5) })
                {
                    var expected = all
                        .Where(entry => status is null || entry.Status == status)
                        .Where(entry => kind is null || entry.Job.Kind == kind)
                        .Where(entry => customer is null || entry.Job.CustomerId == customer)
                        .Where(entry => failed is null || failed == (entry.Attempts > 0))
                        .Where(entry => before is null || entry.ReadyAt < Given.At(before.Value));
                    var filter = new JobFilter { Status = status, Kind = kind, CustomerId = customer, HasFailed = failed, ReadyBefore = before is { } minutes ? Given.At(minutes) : null };
                    Assert.Equal(expected.Select(Told), (await JobsAsync(filter)).Select(Told));
                }
            }
        }
    }

    /// <summary>What an operator is told of a job.</summary>
    [Fact]
    public async Task A_listed_job_says_how_it_is()
    {
        await JobsAsync();

        var retrying = Assert.Single(await JobsAsync(new JobFilter { Status = JobStatus.Pending, HasFailed = true }));
        Assert.Equal(("hook:acme/1:a", 1, Given.At(45), "broken"), (retrying.Job.Key, retrying.Attempts, retrying.NotBefore, retrying.LastError));
        var parked = await JobsAsync(new JobFilter { Status = JobStatus.Quarantined });
        Assert.Equal(["wake:poisoned poisoned", "hook:poisoned/1:a poisoned"], parked.Select(entry => $"{entry.Job.Key} {entry.LastError}").Order().Reverse());
        var leased = await JobsAsync(new JobFilter { Status = JobStatus.Leased });
        Assert.All(leased, entry => Assert.Equal(Given.At(10) + Lease, entry.LeasedUntil));
        Assert.Equal([JobKind.Doorbell, JobKind.Wake], leased.Select(entry => entry.Job.Kind));
    }

    /// <summary>Every filter, page by page.</summary>
    /// <param name="seed">What the webhooks are made from.</param>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Webhooks_are_listed_newest_first_page_by_page(int seed)
    {
        var world = new RandomWorld(seed);
        for (var i = 0; i < 60; i++)
            await Store.Inbox.AddAsync(Given.Message($"evt{i:000}", world.Number(8), $"cus{world.Number(10)}") with { IsLive = world.Number(2) == 0, Provider = world.One("stripe", "other") }, Cancellation);
        foreach (var entry in await Store.Jobs.LeaseAsync(JobKind.Doorbell, Given.At(60), Lease, 100, Cancellation))
        {
            if (world.Number(2) == 0)
                await Store.Jobs.CompleteAsync(entry, Cancellation);
            else
                await Store.Jobs.QuarantineAsync(entry, "poisoned", Cancellation);
        }

        var all = await WebhooksAsync(new InboxFilter());
        Assert.Equal(60, all.Count);
        Assert.Equal(
            all.OrderByDescending(entry => entry.Message.ReceivedAt).ThenByDescending(entry => entry.Message.JobKey, StringComparer.Ordinal).Select(entry => entry.Message.JobKey),
            all.Select(entry => entry.Message.JobKey));
        for (var round = 0; round < Rounds; round++)
        {
            var filter = new InboxFilter
            {
                Provider = world.MaybeText(world.One("stripe", "other")),
                EventId = world.MaybeText($"evt{world.Number(60):000}"),
                IsLive = world.Maybe(world.Number(2) == 0),
                Status = world.Maybe(world.One(Enum.GetValues<InboxStatus>())),
                ReceivedFrom = world.Maybe(Given.At(world.Number(8))),
                ReceivedBefore = world.Maybe(Given.At(world.Number(8))),
            };
            var expected = all
                .Where(entry => filter.Provider is null || entry.Message.Provider == filter.Provider)
                .Where(entry => filter.EventId is null || entry.Message.EventId == filter.EventId)
                .Where(entry => filter.IsLive is null || entry.Message.IsLive == filter.IsLive)
                .Where(entry => filter.Status is null || entry.Status == filter.Status)
                .Where(entry => filter.ReceivedFrom is null || entry.Message.ReceivedAt >= filter.ReceivedFrom)
                .Where(entry => filter.ReceivedBefore is null || entry.Message.ReceivedAt < filter.ReceivedBefore);
            Assert.Equal(expected, await WebhooksAsync(filter));
        }
    }

    private static (string Key, JobStatus Status, int Attempts, DateTimeOffset ReadyAt) Told(JobEntry entry) => (entry.Job.Key, entry.Status, entry.Attempts, entry.ReadyAt);

    /// <summary>Jobs of every kind in every state, as of minute 30.</summary>
    private async Task JobsAsync()
    {
        await CommitAsync(Given.Deliveries("acme", 1, [1], ["a"], Given.At(1)) with { Customer = Given.State("acme", 1, Given.At(3)) });
        await CommitAsync(Given.Deliveries("other", 1, [1, 2], ["a"], Given.At(2)) with { Customer = Given.State("other", 1, Given.At(20)) });
        await CommitAsync(Given.Deliveries("poisoned", 1, [1, 2], ["a"], Given.At(4)) with { Customer = Given.State("poisoned", 1, Given.At(4)) });
        await CommitAsync(Given.Commit("third", 1, Given.At(25)));
        await CommitAsync(Given.Commit("later", 1, Given.At(5000)));
        await Store.Inbox.AddAsync(Given.Message("evt_1", 6), Cancellation);
        await Store.Inbox.AddAsync(Given.Message("evt_2", 7), Cancellation);

        var now = Given.At(10);
        var hooks = (await Store.Jobs.LeaseAsync(JobKind.Hook, now, Lease, 100, Cancellation)).ToDictionary(entry => entry.Job.CustomerId);
        await Store.Jobs.RetryAsync(hooks["acme"], Given.At(45), "broken", Cancellation);
        await Store.Jobs.ReleaseAsync(hooks["other"], Cancellation);
        await Store.Jobs.QuarantineAsync(hooks["poisoned"], "poisoned", Cancellation);
        var wakes = (await Store.Jobs.LeaseAsync(JobKind.Wake, now, Lease, 100, Cancellation)).ToDictionary(entry => entry.Job.CustomerId);
        await Store.Jobs.QuarantineAsync(wakes["poisoned"], "poisoned", Cancellation);
        Assert.Single(await Store.Jobs.LeaseAsync(JobKind.Doorbell, now, Lease, 100, Cancellation));
    }

    private Task<List<JobEntry>> JobsAsync(JobFilter filter) => PagesAsync(2, JobFilter.PositionOf, (after, count) => Queries.ListJobsAsync(filter, after, count, Cancellation));

    private Task<List<InboxEntry>> WebhooksAsync(InboxFilter filter) => PagesAsync(3, InboxFilter.PositionOf, (after, count) => Queries.ListWebhooksAsync(filter, after, count, Cancellation));
}
