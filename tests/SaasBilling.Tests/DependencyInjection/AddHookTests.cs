using Microsoft.Extensions.DependencyInjection;
using Moq;
using SaasBilling.Lifecycle;
using SaasBilling.Tests.Scheduling;

namespace SaasBilling.Tests.DependencyInjection;

public sealed class AddHookTests
{
    [Fact]
    public void AddHook_with_a_class_that_is_none_says_what_to_implement()
    {
        var exception = Assert.Throws<ArgumentException>(() => new ServiceCollection().AddSaasBilling().AddHook<Deliveries>());

        Assert.StartsWith(
            "Deliveries is no life-cycle hook. Implement ILifecycleHook<TEvent> for each event that it is to handle, such as ILifecycleHook<TrialStarted>; ILifecycleHook<BillingEvent> takes them all.",
            exception.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void AddHook_with_nothing_is_refused()
    {
        var builder = new ServiceCollection().AddSaasBilling();

        Assert.Throws<ArgumentNullException>(() => builder.AddHook<TrialStarted>(null!));
        Assert.Throws<ArgumentException>(() => builder.AddHook<TrialStarted>(" ", (_, _, _) => Task.CompletedTask));
    }

    [Fact]
    public void AddHook_with_a_name_that_is_taken_is_refused()
    {
        var builder = new ServiceCollection().AddSaasBilling().AddHook<TrialStarted>("welcome", (_, _, _) => Task.CompletedTask);

        var exception = Assert.Throws<ArgumentException>(() => builder.AddHook<TrialEnding>("welcome", (_, _, _) => Task.CompletedTask));

        Assert.StartsWith("There is a hook 'welcome' already. Give each hook a name of its own.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_of_hooks_are_the_same_after_a_restart()
    {
        var services = new ServiceCollection();
        services.AddSaasBilling()
            .AddHook<Both>()
            .AddHook<TrialStarted>((_, _, _) => Task.CompletedTask)
            .AddHook<TrialEnding>((_, _, _) => Task.CompletedTask)
            .AddHook<TrialStarted>("named", (_, _, _) => Task.CompletedTask)
            .AddHook<TrialStarted>((_, _, _) => Task.CompletedTask)
            .AddHook<Generic<string>>();

        Assert.Equal(
            [
                "SaasBilling.Tests.DependencyInjection.AddHookTests+Both",
                "delegate:TrialStarted:0",
                "delegate:TrialEnding:0",
                "named",
                "delegate:TrialStarted:1",
                "SaasBilling.Tests.DependencyInjection.AddHookTests+Generic`1[System.String]",
            ],
            LifecycleDeclarations.In(services).Hooks.Select(hook => hook.Key));
    }

    [Fact]
    public async Task A_class_that_is_added_twice_hears_of_each_event_once()
    {
        await using var app = RuntimeApp.Simulated(builder => builder.AddHook<Every>().AddHook<Every>());
        await app.Billing.For("acme").RecordMilestoneAsync("first");

        await app.Simulator.RunUntilIdleAsync();

        Assert.Equal(["every acme/1 CustomerCreated", "every acme/2 MilestoneReached"], app.Deliveries.All);
    }

    /// <summary>Contravariance: the interface of a base event takes all of its events, each once.</summary>
    [Fact]
    public async Task A_hook_of_a_base_event_hears_of_all_of_its_events()
    {
        await using var app = RuntimeApp.Simulated(builder => builder.AddHook<Every>().AddHook<OfSubscriptions>());
        await app.Billing.For("acme").StartTrialAsync("pro");

        await app.Simulator.RunUntilIdleAsync();

        Assert.Equal(
            ["every acme/1 CustomerCreated", "every acme/2 TrialStarted", "subscription acme/2 TrialStarted", "every acme/3 InvoiceFinalized", "every acme/4 InvoicePaid", "every acme/5 AccessGranted"],
            app.Deliveries.All);
    }

    [Fact]
    public async Task A_class_with_the_interfaces_of_an_event_and_of_its_base_is_called_through_both()
    {
        await using var app = RuntimeApp.Simulated(builder => builder.AddHook<Both>());
        await app.Billing.For("acme").StartTrialAsync("pro");

        await app.Simulator.RunUntilIdleAsync();

        Assert.Equal(["narrow acme/2 TrialStarted", "wide acme/2 TrialStarted"], app.Deliveries.All);
    }

    [Fact]
    public async Task A_hook_is_made_anew_in_a_scope_of_its_own_for_each_delivery()
    {
        await using var app = RuntimeApp.Simulated(builder =>
        {
            builder.Services.AddScoped<Scoped>();
            return builder.AddHook<Numbered>();
        });
        await app.Billing.For("acme").RecordMilestoneAsync("first");
        await app.Billing.For("acme").RecordMilestoneAsync("second");

        await app.Simulator.RunUntilIdleAsync();

        Assert.Equal(3, app.Deliveries.All.Distinct().Count());
    }

    [Fact]
    public async Task A_hook_that_the_application_registered_itself_is_used_as_it_is()
    {
        var hook = new Mock<ILifecycleHook<MilestoneReached>>();
        await using var app = RuntimeApp.Simulated(builder =>
        {
            builder.Services.AddSingleton(hook.Object);
            return builder.AddHook<ILifecycleHook<MilestoneReached>>();
        });
        await app.Billing.For("acme").RecordMilestoneAsync("imported-data");

        await app.Simulator.RunUntilIdleAsync();

        hook.Verify(mock => mock.HandleAsync(It.Is<MilestoneReached>(billingEvent => billingEvent.Milestone == "imported-data"), It.IsAny<CancellationToken>()), Times.Once);
        hook.VerifyNoOtherCalls();
    }

    private sealed class Every(Deliveries deliveries) : ILifecycleHook<BillingEvent>
    {
        public Task HandleAsync(BillingEvent billingEvent, CancellationToken cancellationToken)
        {
            deliveries.Add($"every {billingEvent.Id} {billingEvent.GetType().Name}");
            return Task.CompletedTask;
        }
    }

    private sealed class OfSubscriptions(Deliveries deliveries) : ILifecycleHook<SubscriptionEvent>
    {
        public Task HandleAsync(SubscriptionEvent billingEvent, CancellationToken cancellationToken)
        {
            deliveries.Add($"subscription {billingEvent.Id} {billingEvent.GetType().Name}");
            return Task.CompletedTask;
        }
    }

    private sealed class Both(Deliveries deliveries) : ILifecycleHook<TrialStarted>, ILifecycleHook<SubscriptionEvent>
    {
        public Task HandleAsync(TrialStarted billingEvent, CancellationToken cancellationToken)
        {
            deliveries.Add($"narrow {billingEvent.Id} {billingEvent.GetType().Name}");
            return Task.CompletedTask;
        }

        public Task HandleAsync(SubscriptionEvent billingEvent, CancellationToken cancellationToken)
        {
            deliveries.Add($"wide {billingEvent.Id} {billingEvent.GetType().Name}");
            return Task.CompletedTask;
        }
    }

    private sealed class Numbered(Deliveries deliveries, Scoped scoped) : ILifecycleHook<BillingEvent>
    {
        public Task HandleAsync(BillingEvent billingEvent, CancellationToken cancellationToken)
        {
            deliveries.Add($"{GetHashCode()} {scoped.GetHashCode()}");
            return Task.CompletedTask;
        }
    }

    private sealed class Scoped;

    private sealed class Generic<T> : ILifecycleHook<TrialStarted>
    {
        public Task HandleAsync(TrialStarted billingEvent, CancellationToken cancellationToken) => Task.FromResult(typeof(T));
    }
}
