using SaasBilling.Storage;

namespace SaasBilling.Conformance.Storage;

public abstract partial class StoreConformance
{
    /// <summary>The order of invoices.</summary>
    [Fact]
    public async Task Invoices_are_listed_newest_first()
    {
        await CommitAsync(Given.Commit("acme") with { Invoices = [Given.Invoice("acme", "in_2", Given.At(2)), Given.Invoice("acme", "in_1", Given.At(1))] });
        await CommitAsync(Given.Commit("acme", 2) with { Invoices = [Given.Invoice("acme", "in_3", Given.At(3))] });
        await CommitAsync(Given.Commit("other") with { Invoices = [Given.Invoice("other", "in_9")] });

        var invoices = await Store.GetInvoicesAsync("acme", null, Cancellation);

        Assert.Equal(["in_3", "in_2", "in_1"], invoices.Select(invoice => invoice.Id));
    }

    /// <summary>Every member of an invoice, and overwriting.</summary>
    [Fact]
    public async Task An_invoice_comes_back_as_it_was_written_last()
    {
        var paid = Given.Invoice("acme", "in_1") with { Status = InvoiceStatus.Paid, LastDeclineCode = null };
        await CommitAsync(Given.Commit("acme") with { Invoices = [Given.Invoice("acme", "in_1"), Given.Invoice("acme", "in_2", Given.At(1))] });
        await CommitAsync(Given.Commit("acme", 2) with { Invoices = [paid] });

        var invoices = await Store.GetInvoicesAsync("acme", null, Cancellation);

        Assert.Equal([Given.Invoice("acme", "in_2", Given.At(1)), paid], invoices);
    }

    /// <summary>Some invoices.</summary>
    [Fact]
    public async Task Invoices_can_be_asked_for_by_id()
    {
        await CommitAsync(Given.Commit("acme") with { Invoices = [.. Enumerable.Range(1, 60).Select(i => Given.Invoice("acme", $"in_{i}", Given.At(i)))] });
        await CommitAsync(Given.Commit("other") with { Invoices = [Given.Invoice("other", "in_other")] });

        var invoices = await Store.GetInvoicesAsync("acme", ["in_7", "in_51", "in_7", "in_other", "unknown"], Cancellation);

        Assert.Equal(["in_51", "in_7"], invoices.Select(invoice => invoice.Id));
        Assert.Empty(await Store.GetInvoicesAsync("acme", [], Cancellation));
    }

    /// <summary>Every event type, every member.</summary>
    [Fact]
    public async Task Events_of_every_type_come_back_as_they_were_committed()
    {
        var events = Given.EventsOfEveryType("acme");
        await CommitAsync(Given.Commit("acme") with { Events = events });

        var found = await Store.GetEventsAsync("acme", Cancellation);

        Assert.Equal(events.Count, found.Count);
        foreach (var (expected, actual) in events.Zip(found))
        {
            Assert.IsType(expected.GetType(), actual);
            Assert.Equivalent(expected, actual, strict: true);
        }
    }

    /// <summary>The order of events.</summary>
    [Fact]
    public async Task Events_are_listed_in_the_order_in_which_they_were_committed()
    {
        await CommitAsync(Given.Commit("acme") with { Events = [Given.Event("acme", 1, Given.At(9)), Given.Event("acme", 2, Given.At(9))] });
        await CommitAsync(Given.Commit("other") with { Events = [Given.Event("other", 1)] });
        await CommitAsync(Given.Commit("acme", 2) with { Events = [Given.Event("acme", 3, Given.At(1))] });

        var events = await Store.GetEventsAsync("acme", Cancellation);

        Assert.Equal(["acme/1", "acme/2", "acme/3"], events.Select(billingEvent => billingEvent.Id));
    }

    /// <summary>The borders of a span.</summary>
    [Fact]
    public async Task Events_are_counted_by_type_from_the_first_instant_up_to_the_second()
    {
        await CommitAsync(Given.Commit("acme") with { Events = [Given.Event("acme", 1, Given.At(10)), Given.Event("acme", 2, Given.At(20)), Given.Event("acme", 3, Given.At(30))] });
        await CommitAsync(Given.Commit("other") with { Events = [Given.Event("other", 1, Given.At(5)), new CustomerCreated { Id = "other/2", CustomerId = "other", OccurredAt = Given.At(15) }] });

        Assert.Equal(2, await Store.CountEventsAsync(nameof(MilestoneReached), Given.At(10), Given.At(30), Cancellation));
        Assert.Equal(4, await Store.CountEventsAsync(nameof(MilestoneReached), Given.At(0), Given.At(31), Cancellation));
        Assert.Equal(1, await Store.CountEventsAsync(nameof(CustomerCreated), Given.At(0), Given.At(31), Cancellation));
        Assert.Equal(0, await Store.CountEventsAsync(nameof(TrialStarted), Given.At(0), Given.At(31), Cancellation));
        Assert.Equal(0, await Store.CountEventsAsync(nameof(MilestoneReached), Given.At(10), Given.At(10), Cancellation));
    }

    /// <summary>The borders of a span, and trials that run.</summary>
    [Fact]
    public async Task Trials_are_counted_by_their_end_and_by_their_conversion()
    {
        TrialRecord Trial(string id, double? ended, double? converted) =>
            new(id, "pro", Given.Start, converted is { } minute ? Given.At(minute) : null) { EndedAt = ended is { } end ? Given.At(end) : null };
        await CommitAsync(Given.Commit("acme") with { Customer = Given.State("acme") with { Trials = [Trial("sub_1", 10, 12), Trial("sub_2", 20, null)] } });
        await CommitAsync(Given.Commit("other") with { Customer = Given.State("other") with { Trials = [Trial("sub_3", 30, null), Trial("sub_4", null, null)] } });

        Assert.Equal(new TrialCounts(Ended: 2, Converted: 1), await Store.CountTrialsAsync(Given.At(10), Given.At(30), Cancellation));
        Assert.Equal(new TrialCounts(Ended: 2, Converted: 0), await Store.CountTrialsAsync(Given.At(13), Given.At(31), Cancellation));
        Assert.Equal(new TrialCounts(Ended: 0, Converted: 0), await Store.CountTrialsAsync(Given.At(10), Given.At(10), Cancellation));
    }

    /// <summary>Movements of all customers.</summary>
    [Fact]
    public async Task Movements_are_listed_in_the_order_of_time_up_to_an_instant()
    {
        MrrMovement Movement(string customer, double minute, long delta) => new(customer, "USD", Given.At(minute), MrrMovementKind.Expansion, delta);
        await CommitAsync(Given.Commit("acme") with { Movements = [Movement("acme", 10, 1), Movement("acme", 30, -2)] });
        await CommitAsync(Given.Commit("other") with { Movements = [Movement("other", 20, 3), Movement("other", 40, 4), Movement("other", 50, 5)] });

        var movements = await ListAsync(Store.GetMovementsAsync(Given.At(40), Cancellation));

        Assert.Equal([Movement("acme", 10, 1), Movement("other", 20, 3), Movement("acme", 30, -2)], movements);
    }

    /// <summary>Keys of usage.</summary>
    [Fact]
    public async Task Usage_is_known_by_customer_meter_and_key()
    {
        await CommitAsync(Given.Commit("acme") with { Usage = new UsageEntry("acme", "api_calls", "key", 1.25m, Given.Start) });

        Assert.True(await Store.HasUsageAsync("acme", "api_calls", "key", Cancellation));
        Assert.False(await Store.HasUsageAsync("acme", "api_calls", "KEY", Cancellation));
        Assert.False(await Store.HasUsageAsync("acme", "seats", "key", Cancellation));
        Assert.False(await Store.HasUsageAsync("other", "api_calls", "key", Cancellation));
    }

    /// <summary>Usage counts once.</summary>
    [Fact]
    public async Task Usage_with_a_known_key_is_a_conflict_that_writes_nothing()
    {
        await CommitAsync(Given.Commit("acme") with { Usage = new UsageEntry("acme", "api_calls", "key", 1, Given.Start) });

        var outcome = await Store.CommitAsync(Given.Commit("acme", 2) with { Usage = new UsageEntry("acme", "api_calls", "key", 1, Given.Start) }, Cancellation);

        Assert.Equal(CommitOutcome.Conflict, outcome);
        Assert.Equal(1, (await Store.FindCustomerAsync("acme", Cancellation))!.Version);
    }
}
