using SaasBilling.Storage;

namespace SaasBilling.Conformance.Storage;

public abstract partial class StoreConformance
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>What a worker gets.</summary>
    [Fact]
    public async Task A_leased_job_comes_with_its_event_and_the_holders_token()
    {
        var billingEvent = Given.Event("acme", 1);
        var job = Given.Hook(billingEvent, "a");
        await CommitAsync(Given.Commit("acme") with { Events = [billingEvent], Jobs = [job] });

        var entry = await LeaseOneAsync(Given.Start);

        Assert.Equal(job, entry.Job);
        Assert.Equal(billingEvent, entry.Event);
        Assert.Equal(JobStatus.Leased, entry.Status);
        Assert.Equal(0, entry.Attempts);
        Assert.Null(entry.LastError);
        Assert.False(string.IsNullOrEmpty(entry.LeaseToken));
        Assert.Equal(Given.Start + Lease, entry.LeasedUntil);
    }

    /// <summary>What is due is due by whole seconds; a lease of one second is not as short as the rest of this one.</summary>
    [Fact]
    public async Task A_lease_lasts_from_the_exact_present_until_the_exact_present()
    {
        var (now, second) = (Given.Start, TimeSpan.FromSeconds(1));
        await CommitAsync(Given.Deliveries("acme", 1, [1], ["a"], now));
        var request = new LeaseRequest(JobKind.Hook, now, second, 1);

        var leased = Assert.Single(await Jobs.LeaseAsync(request with { LeasedAt = now.AddSeconds(0.75) }, CancellationToken.None));

        Assert.Equal(now.AddSeconds(1.75), leased.LeasedUntil);
        var next = request with { Now = now + second, Suspects = true };
        Assert.Empty(await Jobs.LeaseAsync(next with { LeasedAt = now.AddSeconds(1.5) }, CancellationToken.None));
        Assert.Single(await Jobs.LeaseAsync(next with { LeasedAt = now.AddSeconds(1.75) }, CancellationToken.None));
    }

    /// <summary>R10: never early.</summary>
    [Fact]
    public async Task A_job_is_leased_from_the_instant_on_at_which_it_is_due()
    {
        await CommitAsync(Given.Deliveries("acme", 1, [1], ["a"], Given.At(10)));

        Assert.Empty(await LeaseAsync(Given.At(10).AddTicks(-1)));
        Assert.Equal(["acme/1 a"], Names(await LeaseAsync(Given.At(10))));
    }

    /// <summary>The order over customers.</summary>
    [Fact]
    public async Task Due_jobs_are_leased_oldest_first_and_not_more_than_asked_for()
    {
        await CommitAsync(Given.Deliveries("third", 1, [1], ["a"], Given.At(3)));
        await CommitAsync(Given.Deliveries("first", 1, [1], ["a"], Given.At(1)));
        await CommitAsync(Given.Deliveries("fourth", 1, [1], ["a"], Given.At(4)));
        await CommitAsync(Given.Deliveries("second", 1, [1], ["a"], Given.At(2)));

        Assert.Equal(["first/1 a", "second/1 a"], Names(await LeaseAsync(Given.At(3), 2)));
        Assert.Equal(["third/1 a"], Names(await LeaseAsync(Given.At(3), 2)));
        Assert.Empty(await LeaseAsync(Given.At(3), 2));
    }

    /// <summary>The order within a customer.</summary>
    [Fact]
    public async Task One_job_of_a_customer_is_leased_at_a_time_in_the_order_of_the_events()
    {
        await CommitAsync(Given.Deliveries("acme", 1, [1, 2], ["a", "b"]));
        await CommitAsync(Given.Deliveries("other", 1, [1], ["a"], Given.At(0.5)));

        Assert.Equal(["acme/1 a", "other/1 a"], Names(await LeaseAsync(Given.At(1))));
        Assert.Empty(await LeaseAsync(Given.At(1)));

        Assert.Equal(["acme/1 a", "acme/1 b", "acme/2 a", "acme/2 b"], await DrainAsync("acme", Given.At(2)));
    }

    /// <summary>The clock of the process that committed later may have been behind.</summary>
    [Fact]
    public async Task The_events_order_holds_in_a_lane_even_if_the_later_one_is_due_first()
    {
        await CommitAsync(Given.Deliveries("acme", 1, [1], ["a"], Given.At(10)));
        await CommitAsync(Given.Deliveries("acme", 2, [2], ["a"], Given.At(5)));

        Assert.Empty(await LeaseAsync(Given.At(9)));
        Assert.Equal(["acme/1 a", "acme/2 a"], await DrainAsync("acme", Given.At(10)));
    }

    /// <summary>Done is done.</summary>
    [Fact]
    public async Task A_completed_job_is_gone()
    {
        await CommitAsync(Given.Deliveries("acme", 1, [1], ["a"]));
        var entry = await LeaseOneAsync(Given.Start);

        Assert.Equal(LeaseOutcome.Held, await Jobs.CompleteAsync(entry, Cancellation));

        Assert.Equal(LeaseOutcome.Lost, await Jobs.CompleteAsync(entry, Cancellation));
        Assert.Null(await Jobs.NextDueAsync(JobKind.Hook, Cancellation));
        Assert.Empty(await LeaseAsync(Given.At(1000)));
    }

    /// <summary>B-3: the same thing is not enqueued twice.</summary>
    [Fact]
    public async Task A_job_whose_key_exists_is_left_as_it_is()
    {
        var (pending, leased, quarantined) = (Given.Event("pending", 1), Given.Event("leased", 1), Given.Event("quarantined", 1));
        foreach (var billingEvent in new[] { pending, leased, quarantined })
            await CommitAsync(Given.Commit(billingEvent.CustomerId) with { Events = [billingEvent], Jobs = [Given.Hook(billingEvent, "a", Given.At(billingEvent == pending ? 10 : 0))] });
        foreach (var entry in await LeaseAsync(Given.Start))
        {
            if (entry.Job.CustomerId == "quarantined")
                await Jobs.QuarantineAsync(entry, "broken", Cancellation);
        }

        foreach (var billingEvent in new[] { pending, leased, quarantined })
            await CommitAsync(Given.Commit(billingEvent.CustomerId, 2) with { Jobs = [Given.Hook(billingEvent, "a", Given.At(1))] });

        Assert.Equal(new JobFigures(2, 1, Given.Start), await Jobs.GetFiguresAsync(Cancellation));
        Assert.Empty(await LeaseAsync(Given.At(0.25)));
        Assert.Equal("quarantined/1", Assert.Single(await Jobs.GetQuarantinedAsync(Cancellation)).Job.EventId);
        Assert.Equal(["leased/1 a", "pending/1 a"], Names(await LeaseAllAsync(Given.At(10))).Order(StringComparer.Ordinal));
    }

    /// <summary>A worker that died.</summary>
    [Fact]
    public async Task A_lease_that_ran_out_is_free_again_and_its_holder_can_change_nothing()
    {
        await CommitAsync(Given.Deliveries("acme", 1, [1], ["a"]));
        var dead = await LeaseOneAsync(Given.Start);

        Assert.Empty(await LeaseSuspectAsync(Given.Start + Lease - TimeSpan.FromTicks(1)));
        Assert.Equal(Given.Start + Lease, await Jobs.NextDueAsync(JobKind.Hook, Cancellation));
        Assert.Empty(await LeaseAsync(Given.Start + Lease));
        var entry = Assert.Single(await LeaseSuspectAsync(Given.Start + Lease));

        Assert.True(entry.IsSuspect);
        Assert.NotNull(entry.LastError);
        Assert.NotEqual(dead.LeaseToken, entry.LeaseToken);
        Assert.Equal(LeaseOutcome.Lost, await Jobs.RenewAsync(dead, Given.At(60), Cancellation));
        Assert.Equal(LeaseOutcome.Lost, await Jobs.CompleteAsync(dead, Cancellation));
        Assert.Equal(LeaseOutcome.Lost, await Jobs.RetryAsync(dead, Given.At(60), "late", Cancellation));
        Assert.Equal(LeaseOutcome.Lost, await Jobs.QuarantineAsync(dead, "late", Cancellation));
        Assert.Equal(LeaseOutcome.Lost, await Jobs.ReleaseAsync(dead, Cancellation));
        Assert.Equal(LeaseOutcome.Held, await Jobs.CompleteAsync(entry, Cancellation));
        Assert.Equal(new JobFigures(0, 0, null), await Jobs.GetFiguresAsync(Cancellation));
    }

    /// <summary>R12: what was leased beside the job that killed the worker is not blamed for it.</summary>
    [Fact]
    public async Task Jobs_whose_worker_did_not_come_back_are_leased_apart_and_only_a_second_loss_counts()
    {
        foreach (var customer in new[] { "first", "second", "third" })
            await CommitAsync(Given.Deliveries(customer, 1, [1, 2], ["a"]));
        var held = await LeaseAsync(Given.Start);
        Assert.Equal((3, false), (held.Count, held.Any(entry => entry.IsSuspect)));
        var later = Given.Start + Lease;

        var guilty = Assert.Single(await LeaseSuspectAsync(later));
        var innocent = Assert.Single(await LeaseSuspectAsync(later));
        Assert.Equal((0, 0), (guilty.Attempts, innocent.Attempts));
        await Jobs.CompleteAsync(innocent, Cancellation);
        var next = Assert.Single(await LeaseAsync(later));
        Assert.Equal((innocent.Job.CustomerId, 2L, false), (next.Job.CustomerId, next.Job.Sequence, next.IsSuspect));

        var keys = new List<string>();
        while (await LeaseSuspectAsync(later + Lease) is [var entry])
        {
            Assert.Equal(entry.Job.Key == guilty.Job.Key ? 1 : 0, entry.Attempts);
            Assert.True(entry.IsSuspect);
            keys.Add(entry.Job.Key);
        }

        Assert.Contains(guilty.Job.Key, keys);
        Assert.Equal(3, keys.Count);
    }

    /// <summary>R12: many may wait beside the one that kills, which is soon alone.</summary>
    [Fact]
    public async Task A_suspect_that_lost_a_second_holder_is_leased_by_itself()
    {
        foreach (var customer in new[] { "first", "second", "third" })
            await CommitAsync(Given.Deliveries(customer, 1, [1], ["a"]));
        var suspects = new LeaseRequest(JobKind.Hook, Given.Start + Lease, Lease, 2) { Suspects = true };
        await LeaseAsync(Given.Start);

        var together = await Jobs.LeaseAsync(suspects, Cancellation);
        Assert.InRange(together.Count, 1, 2);
        Assert.All(together, entry => Assert.Equal((true, 0), (entry.IsSuspect, entry.Attempts)));
        var later = suspects with { Now = Given.Start + Lease + Lease, LeasedAt = Given.Start + Lease + Lease };
        for (var left = 3; left > 0; left--)
        {
            var leased = await Jobs.LeaseAsync(later, Cancellation);
            Assert.Single(leased.Select(entry => entry.Attempts).Distinct());
            Assert.True(leased.Count == 1 || leased[0].Attempts == 0);
            foreach (var entry in leased)
                Assert.Equal(LeaseOutcome.Held, await Jobs.CompleteAsync(entry, Cancellation));
            left -= leased.Count - 1;
        }

        Assert.Equal(new JobFigures(0, 0, null), await Jobs.GetFiguresAsync(Cancellation));
    }

    /// <summary>A worker that came back is no longer suspected.</summary>
    [Fact]
    public async Task A_suspect_that_was_finished_in_whatever_way_is_none_any_more()
    {
        await CommitAsync(Given.Deliveries("acme", 1, [1], ["a"]));
        await LeaseOneAsync(Given.Start);
        var suspect = Assert.Single(await LeaseSuspectAsync(Given.Start + Lease));

        await Jobs.RetryAsync(suspect, Given.At(10), "broken", Cancellation);

        var entry = await LeaseOneAsync(Given.At(10));
        Assert.Equal((false, 1, "broken"), (entry.IsSuspect, entry.Attempts, entry.LastError));
        var again = Assert.Single(await LeaseSuspectAsync(Given.At(10) + Lease));
        await Jobs.ReleaseAsync(again, Cancellation);
        Assert.False((await LeaseOneAsync(Given.At(20))).IsSuspect);
    }

    /// <summary>Many at once, each by itself.</summary>
    [Fact]
    public async Task Results_are_told_together_and_each_stands_by_itself()
    {
        foreach (var customer in new[] { "done", "failed", "broken", "released", "lost" })
            await CommitAsync(Given.Deliveries(customer, 1, [1], ["a"]));
        var held = (await LeaseAsync(Given.Start)).ToDictionary(entry => entry.Job.CustomerId);
        await Jobs.CompleteAsync(held["lost"], Cancellation);

        JobResult[] results =
        [
            JobResult.Done(held["lost"], Given.At(1)),
            JobResult.Done(held["done"], Given.At(1)),
            JobResult.Retry(held["failed"], Given.At(1), Given.At(5), "again"),
            JobResult.Quarantine(held["broken"], Given.At(1), "for good"),
            JobResult.Release(held["released"], Given.At(1)),
        ];
        Assert.Equal(
            [LeaseOutcome.Lost, LeaseOutcome.Held, LeaseOutcome.Held, LeaseOutcome.Held, LeaseOutcome.Held],
            await Jobs.FinishAsync(results, Cancellation));

        Assert.Equal(["released/1 a"], Names(await LeaseAsync(Given.At(1))));
        Assert.Equal(["failed/1 a"], Names(await LeaseAsync(Given.At(5))));
        Assert.Equal("broken", Assert.Single(await Jobs.GetQuarantinedAsync(Cancellation)).Job.CustomerId);
        Assert.Empty(await Jobs.FinishAsync([], Cancellation));
    }

    /// <summary>Leases are kept together.</summary>
    [Fact]
    public async Task Leases_are_renewed_together_and_each_says_whether_it_was_still_held()
    {
        await CommitAsync(Given.Deliveries("acme", 1, [1], ["a"]));
        await CommitAsync(Given.Deliveries("other", 1, [1], ["a"]));
        var held = await LeaseAsync(Given.Start);
        await Jobs.CompleteAsync(held[0], Cancellation);

        Assert.Equal([LeaseOutcome.Lost, LeaseOutcome.Held], await Jobs.RenewAsync(held, Given.At(5), Cancellation));
        Assert.Equal(Given.At(5), await Jobs.NextDueAsync(JobKind.Hook, Cancellation));
    }

    /// <summary>A long job.</summary>
    [Fact]
    public async Task A_renewed_lease_lasts_longer()
    {
        await CommitAsync(Given.Deliveries("acme", 1, [1], ["a"]));
        var entry = await LeaseOneAsync(Given.Start);

        Assert.Equal(LeaseOutcome.Held, await Jobs.RenewAsync(entry, Given.At(5), Cancellation));

        Assert.Equal(Given.At(5), await Jobs.NextDueAsync(JobKind.Hook, Cancellation));
        Assert.Empty(await LeaseAsync(Given.At(5).AddTicks(-1)));
        Assert.Equal(LeaseOutcome.Held, await Jobs.CompleteAsync(entry, Cancellation));
    }

    /// <summary>A worker that stops.</summary>
    [Fact]
    public async Task A_released_job_is_free_at_once_and_counts_as_untried()
    {
        await CommitAsync(Given.Deliveries("acme", 1, [1], ["a"]));
        var entry = await LeaseOneAsync(Given.Start);

        Assert.Equal(LeaseOutcome.Held, await Jobs.ReleaseAsync(entry, Cancellation));

        Assert.Equal(0, (await LeaseOneAsync(Given.Start)).Attempts);
    }

    /// <summary>R9: each lease one holder.</summary>
    [Fact]
    public async Task Workers_that_lease_at_the_same_time_get_every_job_once()
    {
        const int Customers = 40;
        const int Workers = 8;
        for (var i = 0; i < Customers; i++)
            await CommitAsync(Given.Deliveries($"customer {i}", 1, [1, 2], ["a", "b"]));

        var done = await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(WorkAsync, Cancellation)));

        Assert.Equal(Customers * 4, done.Sum(keys => keys.Count));
        Assert.Equal(Customers * 4, done.SelectMany(keys => keys).Distinct().Count());
        Assert.Equal(new JobFigures(0, 0, null), await Jobs.GetFiguresAsync(Cancellation));

        async Task<List<string>> WorkAsync()
        {
            var keys = new List<string>();
            while ((await Jobs.GetFiguresAsync(Cancellation)).Pending > 0)
            {
                foreach (var entry in await LeaseAsync(Given.At(1), 3))
                {
                    Assert.Equal(LeaseOutcome.Held, await Jobs.CompleteAsync(entry, Cancellation));
                    keys.Add(entry.Job.Key);
                }
            }

            return keys;
        }
    }

    private Task<IReadOnlyList<JobEntry>> LeaseAsync(DateTimeOffset now, int count = 100) => Jobs.LeaseAsync(JobKind.Hook, now, Lease, count, Cancellation);

    private Task<IReadOnlyList<JobEntry>> LeaseSuspectAsync(DateTimeOffset now) =>
        Jobs.LeaseAsync(new LeaseRequest(JobKind.Hook, now, Lease, 1) { Suspects = true }, Cancellation);

    private async Task<IReadOnlyList<JobEntry>> LeaseAllAsync(DateTimeOffset now)
    {
        var leased = new List<JobEntry>(await LeaseAsync(now));
        while (await LeaseSuspectAsync(now) is [var suspect])
            leased.Add(suspect);
        return leased;
    }

    private async Task<JobEntry> LeaseOneAsync(DateTimeOffset now) => Assert.Single(await LeaseAsync(now));

    /// <summary>Runs a customer's jobs one after the other.</summary>
    private async Task<List<string>> DrainAsync(string customerId, DateTimeOffset now)
    {
        var names = new List<string>();
        while (true)
        {
            var leased = (await LeaseAllAsync(now)).Where(entry => entry.Job.CustomerId == customerId).ToList();
            if (leased.Count == 0)
                return names;
            names.AddRange(Names(leased));
            await Jobs.CompleteAsync(Assert.Single(leased), Cancellation);
        }
    }

    private static IEnumerable<string> Names(IEnumerable<JobEntry> entries) => entries.Select(entry => $"{entry.Job.EventId} {entry.Job.Lane}");
}
