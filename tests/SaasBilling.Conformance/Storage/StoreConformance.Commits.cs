using SaasBilling.Storage;

namespace SaasBilling.Conformance.Storage;

public abstract partial class StoreConformance
{
    /// <summary>A customer that was never committed.</summary>
    [Fact]
    public async Task A_customer_that_was_never_committed_is_not_found()
    {
        Assert.Null(await Store.FindCustomerAsync("acme", Cancellation));
        Assert.Empty(await Store.GetInvoicesAsync("acme", null, Cancellation));
        Assert.Empty(await Store.GetEventsAsync("acme", Cancellation));
        Assert.False(await Store.HasUsageAsync("acme", "api_calls", "key", Cancellation));
        Assert.Empty(await ListAsync(Store.ListCustomersAsync(Cancellation)));
    }

    /// <summary>Every member of a state.</summary>
    [Fact]
    public async Task A_state_comes_back_as_it_was_committed()
    {
        var state = Given.FullState("acme");

        await CommitAsync(new BillingCommit { Customer = state, ExpectedVersion = 0 });

        Assert.Equivalent(state, await Store.FindCustomerAsync("acme", Cancellation), strict: true);
    }

    /// <summary>The newer state.</summary>
    [Fact]
    public async Task A_later_commit_replaces_the_state()
    {
        await CommitAsync(Given.Commit("acme"));
        await CommitAsync(Given.Commit("acme", 2) with { Customer = Given.State("acme", 2) with { Milestones = ["second"] } });

        var found = await Store.FindCustomerAsync("acme", Cancellation);

        Assert.Equal(2, found!.Version);
        Assert.Equal(["second"], found.Milestones);
    }

    /// <summary>B-1: a lost race writes nothing.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_commit_that_expects_another_version_writes_nothing(long expectedVersion)
    {
        await CommitAsync(Given.Commit("acme"));
        await CommitAsync(Given.Commit("acme", 2));
        var billingEvent = Given.Event("acme", 1);

        var outcome = await Store.CommitAsync(
            new BillingCommit
            {
                Customer = Given.State("acme", expectedVersion + 1, Given.At(5)) with { Milestones = ["lost"] },
                ExpectedVersion = expectedVersion,
                Invoices = [Given.Invoice("acme", "in_1")],
                Events = [billingEvent],
                Jobs = [Given.Hook(billingEvent, "a")],
                Movements = [new MrrMovement("acme", "USD", Given.Start, MrrMovementKind.New, 1)],
                Usage = new UsageEntry("acme", "api_calls", "key", 1, Given.Start),
            },
            Cancellation);

        Assert.Equal(CommitOutcome.Conflict, outcome);
        Assert.Equivalent(Given.State("acme", 2), await Store.FindCustomerAsync("acme", Cancellation), strict: true);
        Assert.Empty(await Store.GetInvoicesAsync("acme", null, Cancellation));
        Assert.Empty(await Store.GetEventsAsync("acme", Cancellation));
        Assert.Empty(await ListAsync(Store.GetMovementsAsync(Given.At(1), Cancellation)));
        Assert.False(await Store.HasUsageAsync("acme", "api_calls", "key", Cancellation));
        Assert.Equal(0, await Store.CountEventsAsync(nameof(MilestoneReached), Given.At(-1), Given.At(1), Cancellation));
        Assert.Null(await Jobs.NextDueAsync(JobKind.Hook, Cancellation));
    }

    /// <summary>A commit of an unknown customer that expects a version.</summary>
    [Fact]
    public async Task A_commit_that_expects_a_state_where_there_is_none_writes_nothing()
    {
        Assert.Equal(CommitOutcome.Conflict, await Store.CommitAsync(Given.Commit("acme", 2), Cancellation));
        Assert.Null(await Store.FindCustomerAsync("acme", Cancellation));
    }

    /// <summary>B-1: of several writers one wins.</summary>
    [Fact]
    public async Task Of_commits_that_race_for_a_version_exactly_one_is_written()
    {
        const int Writers = 8;
        const int Rounds = 10;
        for (var version = 1L; version <= Rounds; version++)
        {
            var commits = Enumerable.Range(1, Writers).Select(writer =>
                Given.Commit("acme", version) with { Events = [Given.Event("acme", (int)version) with { Milestone = $"writer {writer}" }] });

            var outcomes = await Task.WhenAll(commits.Select(commit => Task.Run(() => Store.CommitAsync(commit, Cancellation), Cancellation)));

            Assert.Equal(1, outcomes.Count(outcome => outcome == CommitOutcome.Committed));
        }

        Assert.Equal(Rounds, (await Store.GetEventsAsync("acme", Cancellation)).Count);
    }

    /// <summary>A token that was canceled before.</summary>
    [Fact]
    public async Task A_commit_that_was_canceled_before_it_began_writes_nothing()
    {
        using var canceled = new CancellationTokenSource();
        await canceled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.CommitAsync(Given.Commit("acme"), canceled.Token));

        Assert.Null(await Store.FindCustomerAsync("acme", Cancellation));
    }

    /// <summary>B-15: ids are the application's own.</summary>
    [Fact]
    public async Task Customer_ids_are_any_text_and_differ_by_case()
    {
        string[] ids = ["acme", "Acme", "ACME ", "kunde/ünïcode 客户 🙂", "'; drop table customers; --", new string('x', 200)];
        foreach (var id in ids)
            await CommitAsync(Given.Commit(id) with { Events = [Given.Event(id, 1)], Invoices = [Given.Invoice(id, $"in of {id}")] });

        foreach (var id in ids)
        {
            Assert.Equal(id, (await Store.FindCustomerAsync(id, Cancellation))!.Customer.Id);
            Assert.Equal($"{id}/1", Assert.Single(await Store.GetEventsAsync(id, Cancellation)).Id);
            Assert.Equal($"in of {id}", Assert.Single(await Store.GetInvoicesAsync(id, null, Cancellation)).Id);
        }

        Assert.Equal(ids.Order(StringComparer.Ordinal), (await ListAsync(Store.ListCustomersAsync(Cancellation))).Order(StringComparer.Ordinal));
    }
}
