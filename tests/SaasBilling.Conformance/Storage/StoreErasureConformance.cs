using SaasBilling.Storage;

namespace SaasBilling.Conformance.Storage;

/// <summary>What every <see cref="IBillingStore"/> that is an <see cref="IStoreErasure"/> must do besides <see cref="StoreConformance"/>.</summary>
public abstract class StoreErasureConformance : StoreSuite
{
    private IStoreErasure Erasing => Assert.IsType<IStoreErasure>(Store, exactMatch: false);

    /// <summary>State and events, and nothing else.</summary>
    [Fact]
    public async Task Erasing_overwrites_the_state_and_the_events_that_it_names()
    {
        var events = Given.EventsOfEveryType("acme");
        var invoice = Given.Invoice("acme", "in_1");
        var movement = new MrrMovement("acme", "USD", Given.Start, MrrMovementKind.New, 1);
        await CommitAsync(new BillingCommit { Customer = Given.FullState("acme"), ExpectedVersion = 0, Events = events, Invoices = [invoice], Movements = [movement] });
        await CommitAsync(Given.Deliveries("other", 1, [1], ["a"]));
        var card = new PaymentMethodAdded { Id = "acme/19", CustomerId = "acme", OccurredAt = Given.At(18), PaymentMethod = Given.Card with { Last4 = "" } };
        var erased = Erased("acme", 2);

        var outcome = await Erasing.EraseAsync(new BillingErasure { Customer = erased, ExpectedVersion = 1, Events = [card] }, Cancellation);

        Assert.Equal(CommitOutcome.Committed, outcome);
        Assert.Equivalent(erased, await Store.FindCustomerAsync("acme", Cancellation), strict: true);
        Assert.Equivalent(events.Select(told => told.Id == card.Id ? card : told).ToList(), await Store.GetEventsAsync("acme", Cancellation), strict: true);
        Assert.Equal([invoice], await Store.GetInvoicesAsync("acme", null, Cancellation));
        Assert.Equal(1, await Store.CountEventsAsync(nameof(PaymentMethodAdded), Given.At(0), Given.At(60), Cancellation));
        Assert.Equal("other/1", Assert.Single(await Store.GetEventsAsync("other", Cancellation)).Id);
        Assert.Equal(CommitOutcome.Committed, await Store.CommitAsync(Given.Commit("acme", 3), Cancellation));
    }

    /// <summary>A lost race.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Erasing_another_version_writes_nothing(long expectedVersion)
    {
        var events = new[] { Given.Event("acme", 1) };
        await CommitAsync(Given.Commit("acme"));
        await CommitAsync(Given.Commit("acme", 2) with { Events = events });

        var outcome = await Erasing.EraseAsync(
            new BillingErasure { Customer = Erased("acme", expectedVersion + 1), ExpectedVersion = expectedVersion, Events = [events[0] with { Milestone = "" }] },
            Cancellation);

        Assert.Equal(CommitOutcome.Conflict, outcome);
        Assert.Equivalent(Given.State("acme", 2), await Store.FindCustomerAsync("acme", Cancellation), strict: true);
        Assert.Equal(events, await Store.GetEventsAsync("acme", Cancellation));
        Assert.Equal(CommitOutcome.Conflict, await Erasing.EraseAsync(new BillingErasure { Customer = Erased("unknown", 2), ExpectedVersion = 1 }, Cancellation));
        Assert.Null(await Store.FindCustomerAsync("unknown", Cancellation));
    }

    /// <summary>What still waits is erased too.</summary>
    [Fact]
    public async Task An_event_that_waits_for_its_delivery_is_delivered_erased()
    {
        await CommitAsync(Given.Deliveries("acme", 1, [1, 2, 3], ["a", "b"]));
        var first = (await Store.Jobs.LeaseAsync(JobKind.Hook, Given.Start, TimeSpan.FromMinutes(5), 1, Cancellation))[0];
        await Store.Jobs.QuarantineAsync(first, "poisoned", Cancellation);
        BillingEvent[] erased = [Given.Event("acme", 1) with { Milestone = "erased" }, Given.Event("acme", 2) with { Milestone = "erased" }];

        Assert.Equal(CommitOutcome.Committed, await Erasing.EraseAsync(new BillingErasure { Customer = Given.State("acme", 2), ExpectedVersion = 1, Events = erased }, Cancellation));

        Assert.True(await Store.Jobs.RequeueAsync(first.Job.Key, Cancellation));
        var delivered = new List<string>();
        while (await Store.Jobs.LeaseAsync(JobKind.Hook, Given.Start, TimeSpan.FromMinutes(5), 1, Cancellation) is [var entry])
        {
            delivered.Add($"{entry.Job.EventId} {entry.Job.Lane} {((MilestoneReached)entry.Event!).Milestone}");
            await Store.Jobs.CompleteAsync(entry, Cancellation);
        }

        Assert.Equal(
            ["acme/1 a erased", "acme/1 b erased", "acme/2 a erased", "acme/2 b erased", "acme/3 a milestone 3", "acme/3 b milestone 3"],
            delivered.Order(StringComparer.Ordinal));
    }

    /// <summary>Webhooks name the provider's ids.</summary>
    [Fact]
    public async Task Bodies_of_webhooks_are_found_by_object_and_by_the_subject_of_one_that_was_found()
    {
        await Store.Inbox.AddAsync(Given.Message("evt_1", 1) with { ObjectId = "in_1" }, Cancellation);
        await Store.Inbox.AddAsync(Given.Message("evt_2", 2) with { ObjectId = null }, Cancellation);
        await Store.Inbox.AddAsync(Given.Message("evt_3", 3, "sub_1") with { ObjectId = "re_1" }, Cancellation);
        await Store.Inbox.AddAsync(Given.Message("evt_4", 4, "cus_2") with { ObjectId = "in_9" }, Cancellation);
        await Store.Inbox.AddAsync(Given.Message("evt_5", 5, "cus_2") with { ObjectId = null }, Cancellation);
        var waiting = (await Store.Jobs.LeaseAsync(JobKind.Doorbell, Given.At(9), TimeSpan.FromMinutes(5), 1, Cancellation))[0];
        await Store.Jobs.ReleaseAsync(waiting, Cancellation);

        Assert.Equal(3, await Erasing.ForgetWebhooksAsync(["in_1", "sub_1", "nothing"], Cancellation));
        Assert.Equal(0, await Erasing.ForgetWebhooksAsync(["in_1", "sub_1", "nothing"], Cancellation));
        Assert.Equal(0, await Erasing.ForgetWebhooksAsync([], Cancellation));

        foreach (var (id, isKept) in new[] { ("evt_1", false), ("evt_2", false), ("evt_3", false), ("evt_4", true), ("evt_5", true) })
            Assert.Equal(isKept, (await Store.Inbox.FindAsync("stripe", id, true, Cancellation))!.Message.Body is not null);
        Assert.Null((await Store.Jobs.LeaseAsync(JobKind.Doorbell, Given.At(9), TimeSpan.FromMinutes(5), 1, Cancellation))[0].Message!.Body);
    }

    private static CustomerState Erased(string customerId, long version) => Given.FullState(customerId) with
    {
        Customer = new Customer { Id = customerId, Email = "sha256:1", Name = "sha256:2", CreatedAt = Given.At(-20), DeletedAt = Given.At(99), ErasedAt = Given.At(100) },
        Version = version,
        PaymentMethods = [],
    };
}
