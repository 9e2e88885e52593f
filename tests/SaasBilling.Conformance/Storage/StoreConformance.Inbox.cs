using SaasBilling.Storage;

namespace SaasBilling.Conformance.Storage;

public abstract partial class StoreConformance
{
    private IInbox Inbox => Store.Inbox;

    /// <summary>Verified, stored, and then handled.</summary>
    [Fact]
    public async Task A_webhook_that_came_in_is_a_job_until_it_was_handled()
    {
        var message = Given.Message("evt_1", 1);
        Assert.True(await Inbox.AddAsync(message, Cancellation));

        Assert.Equal(new InboxEntry(message, InboxStatus.Waiting), await FindAsync("evt_1"));
        Assert.Equal(Given.At(1), await Jobs.NextDueAsync(JobKind.Doorbell, Cancellation));
        Assert.Empty(await LeaseAsync(Given.At(1)));
        var entry = await RingOneAsync(Given.At(1));
        Assert.Equal((message, "cus_1", message.JobKey), (entry.Message, entry.Job.CustomerId, entry.Job.Key));
        Assert.Null(entry.Event);

        Assert.Equal([LeaseOutcome.Held], await Jobs.FinishAsync([JobResult.Done(entry, Given.At(2))], Cancellation));

        Assert.Equal(new InboxEntry(message, InboxStatus.Handled) { HandledAt = Given.At(2) }, await FindAsync("evt_1"));
        Assert.Equal(new JobFigures(0, 0, null), await Jobs.GetFiguresAsync(Cancellation));
        Assert.Null(await FindAsync("evt_2"));
    }

    /// <summary>B-3, R3: a redelivery is known, also long after it was handled.</summary>
    [Fact]
    public async Task A_webhook_that_comes_again_is_known_in_every_state()
    {
        Assert.True(await Inbox.AddAsync(Given.Message("evt_1"), Cancellation));
        Assert.False(await Inbox.AddAsync(Given.Message("evt_1", 5), Cancellation));
        var entry = await RingOneAsync(Given.Start);
        Assert.False(await Inbox.AddAsync(Given.Message("evt_1", 5), Cancellation));
        await Jobs.CompleteAsync(entry, Cancellation);
        Assert.False(await Inbox.AddAsync(Given.Message("evt_1", 5), Cancellation));
        Assert.Null(await Jobs.NextDueAsync(JobKind.Doorbell, Cancellation));

        Assert.True(await Inbox.AddAsync(Given.Message("evt_1") with { IsLive = false }, Cancellation));
        Assert.True(await Inbox.AddAsync(Given.Message("evt_1") with { Provider = "other" }, Cancellation));
    }

    /// <summary>Deliveries race each other.</summary>
    [Fact]
    public async Task Of_webhooks_that_come_at_the_same_time_one_is_new()
    {
        var added = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Inbox.AddAsync(Given.Message("evt_1"), Cancellation), Cancellation)));

        Assert.Equal(1, added.Count(isNew => isNew));
        await RingOneAsync(Given.Start);
    }

    /// <summary>One customer's webhooks are handled in order, others beside them.</summary>
    [Fact]
    public async Task Webhooks_of_one_subject_are_leased_one_at_a_time_in_the_order_in_which_they_came()
    {
        foreach (var (id, minutes, subject) in new[] { ("evt_1", 1, "cus_1"), ("evt_2", 2, "cus_1"), ("evt_3", 3, "cus_2") })
            await Inbox.AddAsync(Given.Message(id, minutes, subject), Cancellation);

        var held = await RingAsync(Given.At(3));
        Assert.Equal(["evt_1", "evt_3"], held.Select(entry => entry.Message!.EventId));
        await Jobs.CompleteAsync(held[0], Cancellation);
        Assert.Equal("evt_2", (await RingOneAsync(Given.At(3))).Message!.EventId);
    }

    /// <summary>B-28: poison is parked for its customer alone, and can be retried.</summary>
    [Fact]
    public async Task A_webhook_that_fails_too_often_is_quarantined_and_can_be_replayed()
    {
        await Inbox.AddAsync(Given.Message("evt_1"), Cancellation);
        await Inbox.AddAsync(Given.Message("evt_2", 1), Cancellation);
        await Jobs.RetryAsync(await RingOneAsync(Given.Start), Given.Start, "first", Cancellation);
        Assert.Equal((InboxStatus.Waiting, 1, "first"), Told(await FindAsync("evt_1")));
        await Jobs.QuarantineAsync(await RingOneAsync(Given.Start), "last", Cancellation);

        Assert.Equal((InboxStatus.Quarantined, 2, "last"), Told(await FindAsync("evt_1")));
        Assert.Equal("evt_1", Assert.Single(await Jobs.GetQuarantinedAsync(Cancellation)).Message!.EventId);
        await Jobs.CompleteAsync(await RingOneAsync(Given.At(1)), Cancellation);

        Assert.Equal(1, await Inbox.ReplayAsync(new InboxFilter { Status = InboxStatus.Quarantined }, Given.At(2), Cancellation));
        Assert.Equal((InboxStatus.Waiting, 0, null), Told(await FindAsync("evt_1")));
        await Jobs.CompleteAsync(await RingOneAsync(Given.At(2)), Cancellation);
        Assert.Equal(InboxStatus.Handled, (await FindAsync("evt_1"))!.Status);
    }

    /// <summary>Replay by id and by time.</summary>
    [Fact]
    public async Task Handled_webhooks_are_replayed_once_each_and_waiting_ones_are_left()
    {
        for (var i = 1; i <= 4; i++)
            await Inbox.AddAsync(Given.Message($"evt_{i}", i, $"cus_{i}"), Cancellation);
        foreach (var entry in (await RingAsync(Given.At(4))).Where(entry => entry.Message!.EventId != "evt_4"))
            await Jobs.CompleteAsync(entry, Cancellation);

        Assert.Equal(1, await Inbox.ReplayAsync(new InboxFilter { Provider = "stripe", EventId = "evt_1", IsLive = true }, Given.At(10), Cancellation));
        Assert.Equal(2, await Inbox.ReplayAsync(new InboxFilter { ReceivedFrom = Given.At(1), ReceivedBefore = Given.At(9) }, Given.At(10), Cancellation));
        Assert.Equal(0, await Inbox.ReplayAsync(new InboxFilter(), Given.At(10), Cancellation));

        Assert.Equal(["evt_1", "evt_2", "evt_3"], (await RingAsync(Given.At(10))).Select(entry => entry.Message!.EventId));
        Assert.Equal((InboxStatus.Waiting, 0, null), Told(await FindAsync("evt_2")));
        Assert.NotNull((await FindAsync("evt_2"))!.HandledAt);
    }

    /// <summary>What a dashboard shows.</summary>
    [Fact]
    public async Task Webhooks_are_listed_newest_first_as_asked_for()
    {
        for (var i = 1; i <= 3; i++)
            await Inbox.AddAsync(Given.Message($"evt_{i}", i, $"cus_{i}"), Cancellation);
        await Inbox.AddAsync(Given.Message("evt_4", 4, "cus_4") with { IsLive = false }, Cancellation);
        await Jobs.CompleteAsync((await RingAsync(Given.At(4)))[0], Cancellation);

        Assert.Equal(["evt_4", "evt_3", "evt_2", "evt_1"], await ListAsync(new InboxFilter()));
        Assert.Equal(["evt_4", "evt_3"], await ListAsync(new InboxFilter(), 2));
        Assert.Equal(["evt_1"], await ListAsync(new InboxFilter { Status = InboxStatus.Handled }));
        Assert.Equal(["evt_4", "evt_3", "evt_2"], await ListAsync(new InboxFilter { Status = InboxStatus.Waiting }));
        Assert.Equal(["evt_3", "evt_2"], await ListAsync(new InboxFilter { ReceivedFrom = Given.At(2), ReceivedBefore = Given.At(4) }));
        Assert.Equal(["evt_4"], await ListAsync(new InboxFilter { IsLive = false }));
        Assert.Equal(["evt_2"], await ListAsync(new InboxFilter { EventId = "evt_2" }));
        Assert.Empty(await ListAsync(new InboxFilter { Provider = "other" }));
    }

    /// <summary>An inbox row outlives its body.</summary>
    [Fact]
    public async Task Bodies_of_handled_webhooks_are_forgotten_first_and_the_webhooks_later()
    {
        for (var i = 1; i <= 4; i++)
            await Inbox.AddAsync(Given.Message($"evt_{i}", i, $"cus_{i}"), Cancellation);
        foreach (var entry in (await RingAsync(Given.At(4))).Where(entry => entry.Message!.EventId != "evt_2"))
            await Jobs.CompleteAsync(entry, Cancellation);

        Assert.Equal(new InboxPurge(1, 1), await Inbox.PurgeAsync(Given.At(4), Given.At(2), Cancellation));
        Assert.Equal(new InboxPurge(0, 0), await Inbox.PurgeAsync(Given.At(4), Given.At(2), Cancellation));

        Assert.Null(await FindAsync("evt_1"));
        Assert.NotNull((await FindAsync("evt_2"))!.Message.Body);
        Assert.Null((await FindAsync("evt_3"))!.Message.Body);
        Assert.NotNull((await FindAsync("evt_4"))!.Message.Body);
        Assert.False(await Inbox.AddAsync(Given.Message("evt_3"), Cancellation));
        Assert.Equal(1, await Inbox.ReplayAsync(new InboxFilter { EventId = "evt_3" }, Given.At(10), Cancellation));
    }

    private static (InboxStatus Status, int Attempts, string? Error) Told(InboxEntry? entry) => (entry!.Status, entry.Attempts, entry.LastError);

    private Task<InboxEntry?> FindAsync(string eventId) => Inbox.FindAsync("stripe", eventId, true, Cancellation);

    private async Task<IEnumerable<string>> ListAsync(InboxFilter filter, int count = 100) => (await Inbox.ListAsync(filter, count, Cancellation)).Select(entry => entry.Message.EventId);

    private Task<IReadOnlyList<JobEntry>> RingAsync(DateTimeOffset now) => Jobs.LeaseAsync(JobKind.Doorbell, now, Lease, 100, Cancellation);

    private async Task<JobEntry> RingOneAsync(DateTimeOffset now) => Assert.Single(await RingAsync(now));
}
