using Microsoft.Extensions.DependencyInjection;
using SaasBilling.Storage;

namespace SaasBilling.Tests.Docs;

public sealed class OperationSnippets
{
    private readonly List<string> _written = [];
    private bool _isHookBroken;

    [Fact]
    public async Task Lists_are_filtered_and_ordered()
    {
        await using var app = Start();
        var (billing, simulator) = app;
        await billing.For("acme").StartTrialAsync("pro");
        await billing.For("later").StartTrialAsync("pro");
        await simulator.AdvanceAsync(TimeSpan.FromDays(8));
        await billing.For("later").ExtendTrialAsync(simulator.Now.AddDays(20));

        #region list-trials
        var ending = await billing.Queries.ListSubscriptionsAsync(new() { TrialEndsBefore = simulator.Now.AddDays(7) });
        foreach (var subscription in ending.Items)      // soonest first
            Write($"{subscription.CustomerId} tries {subscription.PlanKey} until {subscription.Trial!.End:yyyy-MM-dd}");
        #endregion

        Assert.Equal(["acme tries pro until 2027-03-15"], _written);
    }

    [Fact]
    public async Task Lists_are_read_to_their_end()
    {
        await using var app = Start();
        var billing = app.Billing;
        for (var i = 0; i < 5; i++)
            await billing.For($"tenant{i}").SubscribeAsync("pro", new() { SkipTrial = true, PaymentMethodToken = TestPaymentMethods.Visa });

        #region list-pages
        var filter = new CustomerFilter { Status = SubscriptionStatus.Active, Search = "ten" };
        string? after = null;
        do
        {
            var page = await billing.Queries.ListCustomersAsync(filter, after, pageSize: 2);
            foreach (var (customer, subscriptions, hasAccess) in page.Items)
                Write($"{customer.Id}: {subscriptions[0].PlanKey}");
            after = page.Next;
        }
        while (after is not null);
        #endregion

        Assert.Equal(["tenant0: pro", "tenant1: pro", "tenant2: pro", "tenant3: pro", "tenant4: pro"], _written);
    }

    [Fact]
    public async Task What_was_missed_is_found_regularly()
    {
        await using var app = Start();
        var billing = app.Billing;
        await billing.For("acme").SubscribeAsync("pro", new() { SkipTrial = true, PaymentMethodToken = TestPaymentMethods.Visa });
        string? kept = null;

        #region reconcile
        var report = await billing.ReconcileAsync(new() { Cursor = kept });     // null: every customer
        kept = report.Cursor;                                                   // in a table or file of yours
        foreach (var drift in report.Drift)
            Write($"{drift.CustomerId}, {drift.Subject}: {drift.Field} was {drift.Ours}, is {drift.Theirs}, since {drift.Since}");
        foreach (var failure in report.Failures)
            Write($"{failure.CustomerId}: {failure.Message}");
        #endregion

        Assert.Equal((1, 0, 0, true), (report.Checked, report.Repaired, report.Failed, report.IsSweep));
        Assert.Empty(_written);
    }

    [Fact]
    public async Task The_queue_is_watched_and_mended()
    {
        await using var app = Start();
        var (billing, simulator) = app;
        _isHookBroken = true;
        await billing.For("acme").EnsureCustomerAsync();
        await simulator.AdvanceAsync(TimeSpan.FromDays(2));

        #region queue-figures
        var queue = await billing.Operations.GetFiguresAsync();
        var lag = simulator.Now - queue.OldestDueAt;        // null: nothing is due
        var isHealthy = queue.Quarantined == 0 && !(lag > TimeSpan.FromMinutes(1));
        #endregion

        Assert.False(isHealthy);
        Assert.Equal((0, 0, 1), (queue.Due, queue.Retrying, queue.Quarantined));
        _isHookBroken = false;

        #region retry-jobs
        var parked = await billing.Operations.ListJobsAsync(new() { Status = JobStatus.Quarantined, Kind = JobKind.Hook });
        foreach (var entry in parked.Items)
            Write($"{entry.Job.CustomerId}: {entry.LastError}");
        await billing.Operations.RetryJobsAsync(new() { CustomerId = "acme" });     // without a filter: all of them
        #endregion

        await simulator.RunUntilIdleAsync();
        Assert.Equal(["acme: InvalidOperationException: The mail server is down."], _written);
        Assert.Equal(0, (await billing.Operations.GetFiguresAsync()).Quarantined);
    }

    [Fact]
    public async Task Webhooks_are_replayed()
    {
        await using var app = Start();
        var billing = app.Billing;
        var store = app.Services.GetRequiredService<IBillingStore>();
        await store.Inbox.AddAsync(
            new InboxMessage { Provider = "stripe", EventId = "evt_1QYzdq", IsLive = true, Type = "invoice.paid", Subject = "cus_1", ReceivedAt = app.Simulator.Now, Body = "{}" },
            CancellationToken.None);
        var ring = await store.Jobs.LeaseAsync(new(JobKind.Doorbell, app.Simulator.Now, TimeSpan.FromMinutes(1), 1), CancellationToken.None);
        await store.Jobs.FinishAsync([JobResult.Quarantine(ring[0], app.Simulator.Now, "down")], CancellationToken.None);

        #region replay-webhooks
        var failed = await billing.Operations.ListWebhooksAsync(new() { Status = InboxStatus.Quarantined });
        foreach (var webhook in failed.Items)
            Write($"{webhook.Message.Type} {webhook.Message.EventId}: {webhook.LastError}");

        await billing.Operations.ReplayAsync(new() { EventId = "evt_1QYzdq" });
        await billing.Operations.ReplayAsync(new() { Status = InboxStatus.Quarantined });
        #endregion

        Assert.Equal(["invoice.paid evt_1QYzdq: down"], _written);
        Assert.Equal(InboxStatus.Waiting, (await billing.Operations.ListWebhooksAsync()).Items[0].Status);
    }

    [Fact]
    public async Task A_customer_is_erased()
    {
        await using var app = Start();
        var (billing, simulator) = app;
        await billing.For("acme").EnsureCustomerAsync(new() { Email = "Ann@acme.example", Name = "Ann" });
        await billing.For("acme").SubscribeAsync("pro", new() { SkipTrial = true, PaymentMethodToken = TestPaymentMethods.Visa });

        #region erase-customer
        var acme = billing.For("acme");
        await acme.DeleteCustomerAsync();       // ends every subscription, forgets the cards
        await acme.EraseAsync();                // forgets who they were
        var customer = await acme.GetCustomerAsync();
        Write($"{customer!.Id} {customer.Email}");
        #endregion

        DocsPage.Shows("docs/operations.md", "erased", _written);
        Assert.Single(await acme.GetInvoicesAsync());
        Assert.Equal(simulator.Now, customer.ErasedAt);
    }

    private void Write(string line) => _written.Add(line);

    private DocsApp Start() => DocsApp.Start("2027-03-01 09:00", builder => builder
        .AddPlan("pro", plan => plan.Price(29m, "USD", BillingInterval.Monthly).Trial(days: 14))
        .AddHook<CustomerCreated>("welcome-mail", (_, _, _) => _isHookBroken ? throw new InvalidOperationException("The mail server is down.") : Task.CompletedTask));
}
