using Microsoft.Extensions.DependencyInjection;
using SaasBilling.Providers;
using SaasBilling.Reconciliation;
using SaasBilling.Tests.Billing;

namespace SaasBilling.Tests.Reconciliation;

/// <summary>An application that is told nothing: what happens at the provider is found by reconciling alone.</summary>
public sealed class ReconcilerTests : IAsyncDisposable
{
    private readonly BillingApp _there = new();
    private readonly BillingApp _here;
    private readonly FeedProxy _feed;

    public ReconcilerTests()
    {
        (var provider, _feed) = FeedProxy.Of(_there.Services.GetRequiredService<IBillingProvider>());
        _here = new BillingApp(builder => builder.Services.AddSingleton(provider));
    }

    [Fact]
    public async Task Who_fails_is_reported_and_looked_at_again_and_the_others_are_repaired()
    {
        foreach (var id in new[] { "a", "b and c", "d" })
            await _there.SubscribedAsync(customerId: id);
        _feed.FaultOf = id => id == "b and c" ? new BillingException(BillingErrorCode.ProviderRejected, "It has no items.") : null;

        var report = await _here.Billing.ReconcileAsync();

        Assert.Equal((2, 2, 1, true), (report.Checked, report.Repaired, report.Failed, report.IsSweep));
        Assert.Equal([new ReconciliationFailure("b and c", BillingErrorCode.ProviderRejected, "It has no items.")], report.Failures);
        Assert.Equal(["a", "d"], report.Drift.Select(drift => drift.CustomerId).Distinct());

        _feed.FaultOf = _ => null;
        _feed.Changes = cursor => new("later", cursor == "now" ? [] : null);
        _feed.Read.Clear();
        var again = await _here.Billing.ReconcileAsync(new() { Cursor = report.Cursor });

        Assert.Equal((1, 1, 0, false, "later"), (again.Checked, again.Repaired, again.Failed, again.IsSweep, again.Cursor));
        Assert.Equal(["b and c"], _feed.Read);
        Assert.Equal("pro", (await _here.Billing.For("b and c").GetSubscriptionAsync())!.PlanKey);
    }

    [Fact]
    public async Task The_report_says_what_differed_and_each_missed_event_is_raised_once()
    {
        await _there.SubscribedAsync();
        await _here.Billing.ReconcileAsync();
        await _there.DaysAsync(3);
        await _there.Acme.CancelAsync(new() { Timing = CancelTiming.Immediately, Reason = "too dear" });
        await _there.Acme.EnsureCustomerAsync(new() { Name = "Acme" });
        await _here.DaysAsync(5);

        var report = await _here.Billing.ReconcileAsync();

        var at = BillingApp.Start.AddDays(3);
        var subscription = $"subscription {(await _there.Acme.GetSubscriptionAsync())!.Id}";
        Assert.Equal(
            [
                new Drift("acme", "customer", "Name", null, "Acme", null),
                new Drift("acme", subscription, "Status", "Active", "Canceled", at),
                new Drift("acme", subscription, "CanceledAt", null, "2026-01-04 00:00:00Z", at),
                new Drift("acme", subscription, "CancellationReason", null, "too dear", at),
                new Drift("acme", subscription, "EndedAt", null, "2026-01-04 00:00:00Z", at),
            ],
            report.Drift);
        Assert.Single(await _here.HistoryAsync(), "SubscriptionCanceled");
        Assert.Equal((1, 0, 0), await _here.ReconciledAsync());
        Assert.Single(await _here.HistoryAsync(), "SubscriptionCanceled");
    }

    [Fact]
    public async Task What_is_missing_altogether_is_named_once()
    {
        await _there.SubscribedAsync();

        var drift = (await _here.Billing.ReconcileAsync()).Drift;

        Assert.Equal(["CreatedAt", "Status", "Status", "Brand"], drift.Select(each => each.Field));
        Assert.All(drift, each => Assert.Equal((null, BillingApp.Start), (each.Ours, each.Since)));
        Assert.Equal(["Active", "Paid"], drift.Where(each => each.Field == "Status").Select(each => each.Theirs));
    }

    [Fact]
    public async Task A_card_that_is_gone_has_nothing_at_the_provider()
    {
        await _there.Acme.AddPaymentMethodAsync(TestPaymentMethods.Visa);
        await _here.Billing.ReconcileAsync();
        var card = Assert.Single(await _there.Acme.GetPaymentMethodsAsync());
        await _there.Acme.RemovePaymentMethodAsync(card.Id);

        var drift = Assert.Single((await _here.Billing.ReconcileAsync()).Drift);

        Assert.Equal(($"payment method {card.Id}", "Brand", "visa", null), (drift.Subject, drift.Field, drift.Ours, drift.Theirs));
        Assert.Empty(await _here.Acme.GetPaymentMethodsAsync());
    }

    [Fact]
    public async Task Only_who_changed_is_looked_at_where_the_provider_can_tell()
    {
        foreach (var id in new[] { "a", "b", "c" })
            await _there.SubscribedAsync(customerId: id);
        _feed.Changes = cursor => new("later", cursor == "then" ? ["b", "b", "nobody"] : null);

        var report = await _here.Billing.ReconcileAsync(new() { Cursor = "then" });

        Assert.Equal((2, 1, 0, false), (report.Checked, report.Repaired, report.Failed, report.IsSweep));
        Assert.Equal(["b", "nobody"], _feed.Read);
    }

    [Theory]
    [InlineData("too-old")]
    [InlineData(" ")]
    [InlineData(null)]
    public async Task Everybody_is_looked_at_where_it_cannot(string? cursor)
    {
        await _there.SubscribedAsync(customerId: "a");
        await _there.SubscribedAsync(customerId: "b");

        var report = await _here.Billing.ReconcileAsync(new() { Cursor = cursor });

        Assert.Equal((2, true, "now"), (report.Checked, report.IsSweep, report.Cursor));
    }

    [Fact]
    public async Task A_provider_that_cannot_tell_gives_no_cursor()
    {
        await _there.SubscribedAsync();

        var report = await _there.Billing.ReconcileAsync(new() { Cursor = "x" });

        Assert.Equal((1, 0, true, null), (report.Checked, report.Repaired, report.IsSweep, report.Cursor));
    }

    [Fact]
    public async Task An_outage_ends_it_and_single_refusals_do_not()
    {
        for (var i = 0; i < 30; i++)
            await _there.Billing.For($"customer-{i:00}").EnsureCustomerAsync();
        _feed.FaultOf = _ => new BillingException(BillingErrorCode.ProviderUnavailable, "Stripe is away.");

        var outage = await Assert.ThrowsAsync<BillingException>(() => _here.Billing.ReconcileAsync());
        Assert.Equal(("Stripe is away.", 10), (outage.Message, _feed.Read.Count));

        _feed.FaultOf = _ => new InvalidOperationException("That is a defect.");
        var report = await _here.Billing.ReconcileAsync();
        Assert.Equal((0, 0, 30), (report.Checked, report.Repaired, report.Failed));
        Assert.All(report.Failures, failure => Assert.Equal((null, "That is a defect."), (failure.Code, failure.Message)));
    }

    [Fact]
    public void With_very_many_failures_the_next_one_does_this_one_again()
    {
        ReconciliationFailure[] Failures(int count) => [.. Enumerable.Range(0, count).Select(number => new ReconciliationFailure($"ä {number}", null, ""))];

        var cursor = ReconciliationCursor.Read(ReconciliationCursor.Next("old", "a b", Failures(1000)));

        Assert.Equal(("a b", 1000, "ä 999"), (cursor!.Provider, cursor.Failed.Count, cursor.Failed[^1]));
        Assert.Equal("old", ReconciliationCursor.Next("old", "new", Failures(1001)));
        Assert.Null(ReconciliationCursor.Next("old", null, []));
    }

    public async ValueTask DisposeAsync()
    {
        await _here.DisposeAsync();
        await _there.DisposeAsync();
    }
}
