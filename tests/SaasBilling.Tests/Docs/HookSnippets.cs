using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using SaasBilling.Storage;

namespace SaasBilling.Tests.Docs;

public sealed class HookSnippets
{
    [Fact]
    public async Task A_hook_reacts_to_what_happened()
    {
        var workspaces = new Workspaces();
        var services = new ServiceCollection();
        services.AddSingleton(workspaces);
        #region add-hook
        services.AddSaasBilling()
            .AddPlan("pro", plan => plan.Price(29m, "USD", BillingInterval.Monthly).Trial(days: 14))
            .AddHook<ProvisionWorkspace>()
            .AddHook<PaymentFailed>("tell-sales", async (failed, services, cancellationToken) =>
                await services.GetRequiredService<Workspaces>().NoteAsync(failed.CustomerId, failed.Invoice.LastDeclineCode, cancellationToken))
            .UseInMemory(options => options.StartAt = new(2027, 3, 1, 9, 0, 0, TimeSpan.Zero));
        #endregion
        await using var app = new DocsApp(services);
        var (billing, simulator) = app;

        await billing.For("acme").StartTrialAsync("pro");
        await simulator.RunUntilIdleAsync();
        Assert.Equal(["acme open"], workspaces.Done);
        await simulator.AdvanceAsync(TimeSpan.FromDays(14));
        Assert.Equal(["acme open", "acme read-only"], workspaces.Done);
    }

    [Fact]
    public async Task A_hook_that_throws_is_tried_again_later()
    {
        var attempts = new List<string>();
        BillingSimulator? clock = null;
        var services = new ServiceCollection();
        services.AddSaasBilling()
            .AddPlan("free", plan => plan.Free())
            .AddHook<CustomerCreated>("fragile", (created, _, _) =>
            {
                attempts.Add($"{clock!.Now:HH:mm:ss}");
                return attempts.Count < 4 ? throw new InvalidOperationException("The mail server is down.") : Task.CompletedTask;
            })
            .UseInMemory(options => options.StartAt = DocsApp.At("2027-03-01 09:00"));
        await using var app = new DocsApp(services);
        clock = app.Simulator;

        await app.Billing.For("acme").EnsureCustomerAsync();
        await app.Simulator.AdvanceAsync(TimeSpan.FromMinutes(5));

        DocsPage.Shows("docs/hooks.md", "retries", attempts);
    }

    [Fact]
    public async Task A_hook_that_never_succeeds_is_quarantined_alone()
    {
        var welcomed = new List<string>();
        var mailServerIsDown = true;
        var services = new ServiceCollection();
        services.AddSaasBilling()
            .AddPlan("free", plan => plan.Free())
            .AddHook<CustomerCreated>("welcome-mail", (created, _, _) =>
            {
                if (mailServerIsDown)
                    throw new InvalidOperationException("The mail server is down.");
                welcomed.Add(created.CustomerId);
                return Task.CompletedTask;
            })
            .UseInMemory(options => options.StartAt = DocsApp.At("2027-03-01 09:00"));
        await using var app = new DocsApp(services);
        await app.Billing.For("acme").EnsureCustomerAsync();
        await app.Simulator.AdvanceAsync(TimeSpan.FromDays(2));

        #region quarantine
        var operations = app.Billing.Operations;
        foreach (var entry in (await operations.ListJobsAsync(new() { Status = JobStatus.Quarantined })).Items)
        {
            Console.WriteLine($"{entry.Job.Key}: {entry.Attempts} attempts, {entry.LastError}");
            await operations.RetryJobAsync(entry.Job.Key);      // once the cause is mended
        }
        #endregion

        Assert.Equal(0, (await operations.GetFiguresAsync()).Quarantined);
        mailServerIsDown = false;
        await app.Simulator.RunUntilIdleAsync();
        Assert.Equal(["acme"], welcomed);
    }

    [Fact]
    public async Task A_guard_may_refuse()
    {
        var services = new ServiceCollection();
        #region add-guard
        services.AddSaasBilling()
            .AddPlan("pro", plan => plan.Price(29m, "USD", BillingInterval.Monthly))
            .AddGuard<AskWhy>()
            .UseInMemory(options => options.StartAt = new(2027, 3, 1, 9, 0, 0, TimeSpan.Zero));
        #endregion
        await using var app = new DocsApp(services);
        var acme = app.Billing.For("acme");
        await acme.SubscribeAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });
        string? message = null;

        #region guard-refuses
        try
        {
            await acme.CancelAsync();
        }
        catch (BillingException exception) when (exception.Code == BillingErrorCode.Refused)
        {
            message = exception.Message;        // "Please tell us why."
        }
        #endregion

        Assert.Equal("Please tell us why.", message);
        Assert.Null((await acme.GetSubscriptionAsync())?.CancelsAt);
        Assert.NotNull((await acme.CancelAsync(new() { Reason = "too expensive" })).CancelsAt);
    }

    [Fact]
    public void The_page_names_every_event()
    {
        var events = typeof(BillingEvent).Assembly.GetTypes().Where(type => type is { IsPublic: true, IsAbstract: false } && type.IsAssignableTo(typeof(BillingEvent))).Select(type => type.Name);
        var rows = DocsPage.Table("docs/hooks.md", "event", "raised when");

        Assert.Equal(events.Order(), rows.Select(row => row[0]).Order());
    }
}

#region hook
public sealed class ProvisionWorkspace(Workspaces workspaces) : ILifecycleHook<AccessGranted>, ILifecycleHook<AccessRestricted>
{
    public Task HandleAsync(AccessGranted billingEvent, CancellationToken cancellationToken) =>
        workspaces.OpenAsync(billingEvent.CustomerId, billingEvent.Id, cancellationToken);

    public Task HandleAsync(AccessRestricted billingEvent, CancellationToken cancellationToken) =>
        workspaces.MakeReadOnlyAsync(billingEvent.CustomerId, billingEvent.Id, cancellationToken);
}
#endregion

#region guard
public sealed class AskWhy : ILifecycleGuard<CancelCommand>
{
    public ValueTask<GuardResult> CheckAsync(CancelCommand command, CancellationToken cancellationToken) =>
        new(string.IsNullOrWhiteSpace(command.Options.Reason) ? GuardResult.Refuse("Please tell us why.") : GuardResult.Allow);
}
#endregion

/// <summary>What the snippets' application does with its workspaces. A repeated delivery has the same id, and changes nothing.</summary>
public sealed class Workspaces
{
    private readonly ConcurrentDictionary<string, string> _seen = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _done = new();

    public IReadOnlyList<string> Done => [.. _done];

    public Task OpenAsync(string customerId, string deliveryId, CancellationToken cancellationToken) => DoAsync($"{customerId} open", deliveryId, cancellationToken);

    public Task MakeReadOnlyAsync(string customerId, string deliveryId, CancellationToken cancellationToken) => DoAsync($"{customerId} read-only", deliveryId, cancellationToken);

    public Task NoteAsync(string customerId, string? text, CancellationToken cancellationToken) => DoAsync($"{customerId} {text}", text ?? "", cancellationToken);

    private Task DoAsync(string what, string deliveryId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_seen.TryAdd(deliveryId, what))
            _done.Enqueue(what);
        return Task.CompletedTask;
    }
}
