using SaasBilling.Storage;

namespace SaasBilling.Conformance.Storage;

public abstract partial class StoreConformance
{
    /// <summary>One wake-up for each customer that has an instant for it.</summary>
    [Fact]
    public async Task A_state_with_a_wake_up_makes_a_job_for_that_instant()
    {
        await CommitAsync(Given.Commit("acme", 1, Given.At(10)));
        await CommitAsync(Given.Commit("other"));

        Assert.Equal(Given.At(10), await Jobs.NextDueAsync(JobKind.Wake, Cancellation));
        var entry = await WakeOneAsync(Given.At(10));
        Assert.Equal((JobKind.Wake, "acme", Given.At(10)), (entry.Job.Kind, entry.Job.CustomerId, entry.Job.DueAt));
        Assert.Null(entry.Event);
        Assert.Equal(LeaseOutcome.Held, await Jobs.CompleteAsync(entry, Cancellation));
        Assert.Null(await Jobs.NextDueAsync(JobKind.Wake, Cancellation));
    }

    /// <summary>A wake-up is moved, never doubled.</summary>
    [Fact]
    public async Task A_later_commit_moves_the_wake_up_or_removes_it()
    {
        await CommitAsync(Given.Commit("acme", 1, Given.At(10)));

        await CommitAsync(Given.Commit("acme", 2, Given.At(30)));
        Assert.Equal(Given.At(30), await Jobs.NextDueAsync(JobKind.Wake, Cancellation));
        Assert.Empty(await WakeAsync(Given.At(29)));

        await CommitAsync(Given.Commit("acme", 3, Given.At(20)));
        Assert.Equal(new JobFigures(1, 0, Given.At(20)), await Jobs.GetFiguresAsync(Cancellation));

        await CommitAsync(Given.Commit("acme", 4));
        Assert.Equal(new JobFigures(0, 0, null), await Jobs.GetFiguresAsync(Cancellation));
        Assert.Null(await Jobs.NextDueAsync(JobKind.Wake, Cancellation));
    }

    /// <summary>The usual case: waking up makes the next wake-up.</summary>
    [Fact]
    public async Task A_wake_up_that_was_moved_while_it_ran_stays_for_its_new_instant()
    {
        await CommitAsync(Given.Commit("acme", 1, Given.At(10)));
        var entry = await WakeOneAsync(Given.At(10));
        await CommitAsync(Given.Commit("acme", 2, Given.At(40)));

        Assert.Equal(LeaseOutcome.Held, await Jobs.CompleteAsync(entry, Cancellation));

        Assert.Equal(Given.At(40), await Jobs.NextDueAsync(JobKind.Wake, Cancellation));
        var next = await WakeOneAsync(Given.At(40));
        Assert.Equal((Given.At(40), 0), (next.Job.DueAt, next.Attempts));
    }

    /// <summary>What was due for another reason is not late.</summary>
    [Fact]
    public async Task A_wake_up_that_was_moved_while_it_ran_and_failed_starts_afresh()
    {
        await CommitAsync(Given.Commit("acme", 1, Given.At(10)));
        await Jobs.RetryAsync(await WakeOneAsync(Given.At(10)), Given.At(12), "broken", Cancellation);
        var entry = await WakeOneAsync(Given.At(12));
        await CommitAsync(Given.Commit("acme", 2, Given.At(40)));

        Assert.Equal(LeaseOutcome.Held, await Jobs.RetryAsync(entry, Given.At(90), "broken", Cancellation));

        var next = await WakeOneAsync(Given.At(40));
        Assert.Equal((Given.At(40), 0, null), (next.Job.DueAt, next.Attempts, next.LastError));
    }

    /// <summary>Nothing to wake up for any more.</summary>
    [Fact]
    public async Task A_wake_up_that_was_removed_while_it_ran_is_gone_however_it_ends()
    {
        foreach (var customer in new[] { "completed", "failed", "released", "quarantined" })
            await CommitAsync(Given.Commit(customer, 1, Given.At(10)));
        var entries = (await WakeAsync(Given.At(10))).ToDictionary(entry => entry.Job.CustomerId);
        foreach (var customer in entries.Keys)
            await CommitAsync(Given.Commit(customer, 2));

        await Jobs.CompleteAsync(entries["completed"], Cancellation);
        await Jobs.RetryAsync(entries["failed"], Given.At(11), "broken", Cancellation);
        await Jobs.ReleaseAsync(entries["released"], Cancellation);
        await Jobs.QuarantineAsync(entries["quarantined"], "broken", Cancellation);

        Assert.Equal(new JobFigures(0, 0, null), await Jobs.GetFiguresAsync(Cancellation));
    }

    /// <summary>A hook that is slow, or fails, does not keep its customer from waking up.</summary>
    [Fact]
    public async Task Wake_ups_and_hooks_of_a_customer_do_not_wait_for_each_other()
    {
        await CommitAsync(Given.Deliveries("acme", 1, [1], ["a"], Given.At(10)) with { Customer = Given.State("acme", 1, Given.At(10)) });

        var hook = await LeaseOneAsync(Given.At(10));
        var wake = await WakeOneAsync(Given.At(10));

        Assert.Equal((JobKind.Hook, JobKind.Wake), (hook.Job.Kind, wake.Job.Kind));
        Assert.Equal(LeaseOutcome.Held, await Jobs.CompleteAsync(hook, Cancellation));
        Assert.Equal(LeaseOutcome.Held, await Jobs.CompleteAsync(wake, Cancellation));
        Assert.Equal(new JobFigures(0, 0, null), await Jobs.GetFiguresAsync(Cancellation));
    }

    /// <summary>B-28: quarantine is for one occurrence.</summary>
    [Fact]
    public async Task A_quarantined_wake_up_stays_until_it_is_requeued_or_its_instant_moves()
    {
        foreach (var customer in new[] { "requeued", "moved", "kept", "removed" })
            await CommitAsync(Given.Commit(customer, 1, Given.At(10)));
        foreach (var entry in await WakeAsync(Given.At(10)))
            await Jobs.QuarantineAsync(entry, "broken", Cancellation);
        var key = (await Jobs.GetQuarantinedAsync(Cancellation)).Single(entry => entry.Job.CustomerId == "requeued").Job.Key;

        Assert.True(await Jobs.RequeueAsync(key, Cancellation));
        await CommitAsync(Given.Commit("moved", 2, Given.At(20)));
        await CommitAsync(Given.Commit("kept", 2, Given.At(10)));
        await CommitAsync(Given.Commit("removed", 2));

        Assert.Equal("kept", Assert.Single(await Jobs.GetQuarantinedAsync(Cancellation)).Job.CustomerId);
        Assert.Equal(new JobFigures(2, 1, Given.At(10)), await Jobs.GetFiguresAsync(Cancellation));
        var requeued = await WakeOneAsync(Given.At(10));
        Assert.Equal(("requeued", 0), (requeued.Job.CustomerId, requeued.Attempts));
        await Jobs.CompleteAsync(requeued, Cancellation);
        var moved = await WakeOneAsync(Given.At(20));
        Assert.Equal(("moved", 0), (moved.Job.CustomerId, moved.Attempts));
    }

    private Task<IReadOnlyList<JobEntry>> WakeAsync(DateTimeOffset now) => Jobs.LeaseAsync(JobKind.Wake, now, Lease, 100, Cancellation);

    private async Task<JobEntry> WakeOneAsync(DateTimeOffset now) => Assert.Single(await WakeAsync(now));
}
