using SaasBilling.Storage;

namespace SaasBilling.Conformance.Storage;

public abstract partial class StoreConformance
{
    /// <summary>A failed try.</summary>
    [Fact]
    public async Task A_job_that_failed_is_leased_again_when_its_next_try_is_due()
    {
        await CommitAsync(Given.Deliveries("acme", 1, [1], ["a"]));

        Assert.Equal(LeaseOutcome.Held, await Jobs.RetryAsync(await LeaseOneAsync(Given.Start), Given.At(2), "first", Cancellation));

        Assert.Equal(Given.At(2), await Jobs.NextDueAsync(JobKind.Hook, Cancellation));
        Assert.Empty(await LeaseAsync(Given.At(2).AddTicks(-1)));
        var second = await LeaseOneAsync(Given.At(2));
        Assert.Equal((1, "first"), (second.Attempts, second.LastError));

        await Jobs.RetryAsync(second, Given.At(4), "second", Cancellation);
        var third = await LeaseOneAsync(Given.At(4));
        Assert.Equal((2, "second"), (third.Attempts, third.LastError));
    }

    /// <summary>A failing hook holds up its own lane alone.</summary>
    [Fact]
    public async Task A_job_that_waits_for_its_next_try_holds_up_its_lane_alone()
    {
        await CommitAsync(Given.Deliveries("acme", 1, [1, 2], ["failing", "sound"]));
        await Jobs.RetryAsync(await LeaseOneAsync(Given.Start), Given.At(10), "broken", Cancellation);

        Assert.Equal(["acme/1 sound", "acme/2 sound"], await DrainAsync("acme", Given.At(1)));
        Assert.Equal(["acme/1 failing", "acme/2 failing"], await DrainAsync("acme", Given.At(10)));
    }

    /// <summary>B-28: a poisoned job is parked.</summary>
    [Fact]
    public async Task A_quarantined_job_is_listed_and_lets_its_lane_go_on()
    {
        await CommitAsync(Given.Deliveries("acme", 1, [1, 2], ["a"]));
        var poisoned = await LeaseOneAsync(Given.Start);
        await Jobs.RetryAsync(poisoned, Given.Start, "first", Cancellation);

        Assert.Equal(LeaseOutcome.Held, await Jobs.QuarantineAsync(await LeaseOneAsync(Given.Start), "last", Cancellation));

        var listed = Assert.Single(await Jobs.GetQuarantinedAsync(Cancellation));
        Assert.Equal(poisoned.Job, listed.Job);
        Assert.Equal(JobStatus.Quarantined, listed.Status);
        Assert.Equal((2, "last"), (listed.Attempts, listed.LastError));
        Assert.Null(listed.LeaseToken);
        Assert.Equal(poisoned.Event, listed.Event);
        Assert.Equal(["acme/2 a"], await DrainAsync("acme", Given.At(1)));
        Assert.Empty(await LeaseAsync(Given.At(100_000)));
    }

    /// <summary>B-28: and can be retried.</summary>
    [Fact]
    public async Task A_requeued_job_goes_back_to_its_place_as_if_it_had_never_been_tried()
    {
        await CommitAsync(Given.Deliveries("acme", 1, [1, 2, 3], ["a"]));
        await Jobs.QuarantineAsync(await LeaseOneAsync(Given.Start), "broken", Cancellation);
        await Jobs.QuarantineAsync(await LeaseOneAsync(Given.Start), "broken", Cancellation);

        Assert.True(await Jobs.RequeueAsync("hook:acme/2:a", Cancellation));
        Assert.True(await Jobs.RequeueAsync("hook:acme/1:a", Cancellation));
        Assert.False(await Jobs.RequeueAsync("hook:acme/1:a", Cancellation));
        Assert.False(await Jobs.RequeueAsync("hook:acme/3:a", Cancellation));
        Assert.False(await Jobs.RequeueAsync("unknown", Cancellation));

        Assert.Empty(await Jobs.GetQuarantinedAsync(Cancellation));
        var first = await LeaseOneAsync(Given.Start);
        Assert.Equal(("acme/1", 0, null), (first.Job.EventId, first.Attempts, first.LastError));
        await Jobs.CompleteAsync(first, Cancellation);
        Assert.Equal(["acme/2 a", "acme/3 a"], await DrainAsync("acme", Given.Start));
    }

    /// <summary>A job is requeued while another of its lane runs.</summary>
    [Fact]
    public async Task A_requeued_job_waits_for_the_one_of_its_customer_that_is_leased()
    {
        await CommitAsync(Given.Deliveries("acme", 1, [1, 2, 3], ["a"]));
        await Jobs.QuarantineAsync(await LeaseOneAsync(Given.Start), "broken", Cancellation);
        var running = await LeaseOneAsync(Given.Start);

        await Jobs.RequeueAsync("hook:acme/1:a", Cancellation);

        Assert.Empty(await LeaseAsync(Given.Start));
        Assert.Equal(LeaseOutcome.Held, await Jobs.CompleteAsync(running, Cancellation));
        Assert.Equal(["acme/1 a", "acme/3 a"], await DrainAsync("acme", Given.Start));
    }

    /// <summary>What a dashboard shows.</summary>
    [Fact]
    public async Task Figures_tell_how_much_waits_and_since_when()
    {
        Assert.Equal(new JobFigures(0, 0, null), await Jobs.GetFiguresAsync(Cancellation));

        await CommitAsync(Given.Deliveries("acme", 1, [1, 2], ["a"], Given.At(1)));
        await CommitAsync(Given.Deliveries("other", 1, [1], ["a"], Given.At(2)));
        await CommitAsync(Given.Commit("sleeper", 1, Given.At(500)));
        Assert.Equal(new JobFigures(4, 0, Given.At(1)), await Jobs.GetFiguresAsync(Cancellation));

        // Held up is not done: it has been due since then.
        var entries = await LeaseAsync(Given.At(3));
        Assert.Equal(new JobFigures(4, 0, Given.At(1)), await Jobs.GetFiguresAsync(Cancellation));
        await Jobs.RetryAsync(entries[0], Given.At(90), "broken", Cancellation);
        Assert.Equal(new JobFigures(4, 0, Given.At(1)), await Jobs.GetFiguresAsync(Cancellation));

        foreach (var entry in await LeaseAllAsync(Given.At(90)))
            await Jobs.QuarantineAsync(entry, "broken", Cancellation);
        Assert.Equal(new JobFigures(2, 2, Given.At(1)), await Jobs.GetFiguresAsync(Cancellation));
        Assert.Equal(["acme/2 a"], await DrainAsync("acme", Given.At(90)));
        Assert.Equal(new JobFigures(1, 2, Given.At(500)), await Jobs.GetFiguresAsync(Cancellation));
    }

    /// <summary>When a worker has to look again.</summary>
    [Fact]
    public async Task The_next_due_instant_is_that_of_the_job_that_can_be_leased_first()
    {
        Assert.Null(await Jobs.NextDueAsync(JobKind.Hook, Cancellation));

        await CommitAsync(Given.Deliveries("acme", 1, [1], ["a"], Given.At(1)));
        await CommitAsync(Given.Deliveries("other", 1, [1], ["a"], Given.At(2)));
        Assert.Equal(Given.At(1), await Jobs.NextDueAsync(JobKind.Hook, Cancellation));

        var acme = await LeaseOneAsync(Given.At(1));
        Assert.Equal(Given.At(1) + Lease, await Jobs.NextDueAsync(JobKind.Hook, Cancellation));

        await Jobs.RenewAsync(acme, Given.At(10), Cancellation);
        Assert.Equal(Given.At(2), await Jobs.NextDueAsync(JobKind.Hook, Cancellation));

        await Jobs.CompleteAsync(await LeaseOneAsync(Given.At(2)), Cancellation);
        await Jobs.QuarantineAsync(acme, "broken", Cancellation);
        Assert.Null(await Jobs.NextDueAsync(JobKind.Hook, Cancellation));
    }
}
