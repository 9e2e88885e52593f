using SaasBilling.Storage;
using SaasBilling.Tests.Billing;
using SaasBilling.Tests.Scheduling;

namespace SaasBilling.Tests.Operations;

public sealed class BillingOperationsTests
{
    [Fact]
    public async Task Quarantined_jobs_are_seen_and_retried_by_key_by_customer_and_all()
    {
        var isBroken = true;
        await using var app = RuntimeApp.Simulated(
            builder => builder.AddHook<CustomerCreated>("mail", (_, _, _) => isBroken ? throw new InvalidOperationException("The mail server is down.") : Task.CompletedTask),
            options => options.Worker.MaxAttempts = 1);
        foreach (var id in new[] { "a", "b", "c", "d" })
            await app.Billing.For(id).EnsureCustomerAsync();
        await app.Simulator.RunUntilIdleAsync();
        var operations = app.Billing.Operations;

        var figures = await operations.GetFiguresAsync();
        Assert.Equal((0, 0, 0, 4, null), (figures.Due, figures.Leased, figures.Retrying, figures.Quarantined, figures.OldestDueAt));
        Assert.Equal(4, figures.Kinds.Single(kind => kind.Kind == JobKind.Hook).Quarantined);
        var parked = await operations.ListJobsAsync(new() { Status = JobStatus.Quarantined });
        Assert.Equal(["a", "b", "c", "d"], parked.Items.Select(entry => entry.Job.CustomerId));
        Assert.All(parked.Items, entry => Assert.Equal("InvalidOperationException: The mail server is down.", entry.LastError));

        isBroken = false;
        Assert.True(await operations.RetryJobAsync(parked.Items[0].Job.Key));
        Assert.False(await operations.RetryJobAsync(parked.Items[0].Job.Key));
        figures = await operations.GetFiguresAsync();
        Assert.Equal((1, 3, app.Simulator.Now), (figures.Due, figures.Quarantined, figures.OldestDueAt));
        Assert.Equal(0, await operations.RetryJobsAsync(new() { Kind = JobKind.Wake }));
        Assert.Equal(1, await operations.RetryJobsAsync(new() { CustomerId = "c", Kind = JobKind.Hook }));
        Assert.Equal(2, await operations.RetryJobsAsync());
        Assert.Equal(0, await operations.RetryJobsAsync());

        await app.Simulator.RunUntilIdleAsync();
        Assert.Empty((await operations.ListJobsAsync(new() { Kind = JobKind.Hook })).Items);
    }

    [Fact]
    public async Task Jobs_that_failed_are_told_from_those_that_are_due()
    {
        await using var app = RuntimeApp.Simulated(builder => builder.AddHook<CustomerCreated>("mail", (_, _, _) => throw new InvalidOperationException("down")));
        await app.Billing.For("a").EnsureCustomerAsync();
        var figures = await app.Billing.Operations.GetFiguresAsync();
        Assert.Equal((1, 0, app.Simulator.Now), (figures.Due, figures.Retrying, figures.OldestDueAt));
        await app.Simulator.RunUntilIdleAsync();

        figures = await app.Billing.Operations.GetFiguresAsync();
        Assert.Equal((0, 1, null), (figures.Due, figures.Retrying, figures.OldestDueAt));
        var failing = Assert.Single((await app.Billing.Operations.ListJobsAsync(new() { HasFailed = true })).Items);
        Assert.Equal((1, failing.NotBefore), (failing.Attempts, failing.ReadyAt));
    }

    [Fact]
    public async Task Webhooks_are_listed_replayed_and_forgotten()
    {
        await using var app = new BillingApp();
        var inbox = app.Store.Inbox;
        for (var i = 1; i <= 3; i++)
            await inbox.AddAsync(Message($"evt_{i}", BillingApp.Start.AddDays(i)), CancellationToken.None);
        foreach (var _ in new[] { 1, 2 })
        {
            var entry = Assert.Single(await app.Store.Jobs.LeaseAsync(new(JobKind.Doorbell, BillingApp.Start.AddDays(9), TimeSpan.FromMinutes(1), 1), CancellationToken.None));
            await app.Store.Jobs.FinishAsync([JobResult.Done(entry, BillingApp.Start.AddDays(9))], CancellationToken.None);
        }

        var operations = app.Billing.Operations;
        Assert.Equal(["evt_3", "evt_2", "evt_1"], (await operations.ListWebhooksAsync()).Items.Select(entry => entry.Message.EventId));
        Assert.Equal(["evt_2", "evt_1"], (await operations.ListWebhooksAsync(new() { Status = InboxStatus.Handled })).Items.Select(entry => entry.Message.EventId));
        Assert.Equal(1, await operations.ReplayAsync(new() { EventId = "evt_1" }));
        Assert.Equal(1, await operations.ReplayAsync(new() { Status = InboxStatus.Handled }));
        Assert.Equal(0, await operations.ReplayAsync(new()));

        foreach (var _ in new[] { 1, 2, 3 })
        {
            var entry = Assert.Single(await app.Store.Jobs.LeaseAsync(new(JobKind.Doorbell, BillingApp.Start.AddDays(9), TimeSpan.FromMinutes(1), 1), CancellationToken.None));
            await app.Store.Jobs.FinishAsync([JobResult.Done(entry, BillingApp.Start.AddDays(9))], CancellationToken.None);
        }

        Assert.Equal(new InboxPurge(1, 1), await operations.PurgeWebhooksAsync(BillingApp.Start.AddDays(3), BillingApp.Start.AddDays(2)));
        Assert.Equal([true, false], (await operations.ListWebhooksAsync()).Items.Select(entry => entry.Message.Body is not null));
    }

    [Fact]
    public async Task Wrong_filters_are_refused()
    {
        await using var app = new BillingApp();
        var operations = app.Billing.Operations;

        await app.RefusedAsync(BillingErrorCode.InvalidArgument, "Jobs that are Leased cannot be taken out of quarantine. Leave Status out.", () => operations.RetryJobsAsync(new() { Status = JobStatus.Leased }));
        await app.RefusedAsync(BillingErrorCode.InvalidArgument, "7 is not a JobKind. Use JobKind.Wake, JobKind.Hook or JobKind.Doorbell.", () => operations.ListJobsAsync(new() { Kind = (JobKind)7 }));
        await app.RefusedAsync(BillingErrorCode.InvalidArgument, "7 is not a InboxStatus. Use InboxStatus.Waiting, InboxStatus.Handled or InboxStatus.Quarantined.", () => operations.ReplayAsync(new() { Status = (InboxStatus)7 }));
        await Assert.ThrowsAsync<ArgumentException>(() => operations.RetryJobAsync(" "));
        await Assert.ThrowsAsync<ArgumentNullException>(() => operations.ReplayAsync(null!));
    }

    private static InboxMessage Message(string id, DateTimeOffset at) => new()
    {
        Provider = "stripe",
        EventId = id,
        IsLive = true,
        Type = "invoice.paid",
        Subject = "cus_1",
        ReceivedAt = at,
        Body = "{}",
    };
}
