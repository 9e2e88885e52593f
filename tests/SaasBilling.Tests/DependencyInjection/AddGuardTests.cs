using Microsoft.Extensions.DependencyInjection;
using SaasBilling.Tests.Scheduling;

namespace SaasBilling.Tests.DependencyInjection;

public sealed class AddGuardTests
{
    [Fact]
    public void AddGuard_with_a_class_that_is_none_says_what_to_implement()
    {
        var exception = Assert.Throws<ArgumentException>(() => new ServiceCollection().AddSaasBilling().AddGuard<Deliveries>());

        Assert.StartsWith(
            "Deliveries is no life-cycle guard. Implement ILifecycleGuard<TCommand> for each command that it is to check: ILifecycleGuard<StartTrialCommand>, <SubscribeCommand>, <ChangeCommand> or <CancelCommand>; ILifecycleGuard<BillingCommand> takes them all.",
            exception.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guards_are_asked_in_the_order_of_registration_up_to_the_first_that_refuses()
    {
        var asked = new List<string>();
        await using var app = RuntimeApp.Simulated(builder => builder
            .AddGuard<BillingCommand>((command, _, _) => Ask("all", command, GuardResult.Allow))
            .AddGuard<CancelCommand>((command, _, _) => Ask("not asked", command, GuardResult.Allow))
            .AddGuard<StartTrialCommand>((command, _, _) => Ask("refuses", command, GuardResult.Refuse("One trial a company.")))
            .AddGuard<StartTrialCommand>((command, _, _) => Ask("too late", command, GuardResult.Allow)));

        var exception = await Assert.ThrowsAsync<BillingException>(() => app.Billing.For("acme").StartTrialAsync("pro"));

        Assert.Equal(BillingErrorCode.Refused, exception.Code);
        Assert.Equal("One trial a company.", exception.Message);
        Assert.Equal(["all StartTrialCommand", "refuses StartTrialCommand"], asked);
        Assert.Null(await app.Billing.For("acme").GetCustomerAsync());

        ValueTask<GuardResult> Ask(string name, BillingCommand command, GuardResult result)
        {
            asked.Add($"{name} {command.GetType().Name}");
            return new(result);
        }
    }

    [Fact]
    public async Task A_class_guards_each_command_whose_interface_it_implements()
    {
        await using var app = RuntimeApp.Simulated(builder => builder.AddGuard<AskForReason>().AddGuard<AskForReason>());
        await app.PayAsync("acme");
        var before = await app.Billing.For("acme").GetSubscriptionAsync();

        var cancel = await Assert.ThrowsAsync<BillingException>(() => app.Billing.For("acme").CancelAsync());
        var change = await Assert.ThrowsAsync<BillingException>(() => app.Billing.For("acme").ChangeAsync(new SubscriptionChange { PlanKey = "pro" }));

        Assert.Equal("Say why.", cancel.Message);
        Assert.Equal("Nobody changes to pro.", change.Message);
        Assert.Equal(before, await app.Billing.For("acme").GetSubscriptionAsync());
        Assert.NotNull((await app.Billing.For("acme").CancelAsync(new() { Reason = "Too dear" })).CancelsAt);
        Assert.Equal(["cancel", "change", "cancel"], app.Deliveries.All);
    }

    [Fact]
    public async Task What_a_guard_throws_reaches_the_caller()
    {
        await using var app = RuntimeApp.Simulated(builder => builder.AddGuard<SubscribeCommand>((_, _, _) => throw new TimeoutException("The directory is away.")));

        var exception = await Assert.ThrowsAsync<TimeoutException>(() => app.PayAsync("acme"));

        Assert.Equal("The directory is away.", exception.Message);
        Assert.Null(await app.Billing.For("acme").GetCustomerAsync());
    }

    [Fact]
    public async Task A_refusal_without_a_reason_says_so()
    {
        await using var app = RuntimeApp.Simulated(builder => builder.AddGuard<BillingCommand>((_, _, _) => default));

        var exception = await Assert.ThrowsAsync<BillingException>(() => app.PayAsync("acme"));

        Assert.Equal(BillingErrorCode.Refused, exception.Code);
        Assert.Equal("A life-cycle guard refused this, and gave no reason. Return GuardResult.Refuse with one.", exception.Message);
    }

    [Fact]
    public async Task Guards_get_the_callers_token()
    {
        using var source = new CancellationTokenSource();
        var seen = CancellationToken.None;
        await using var app = RuntimeApp.Simulated(builder => builder.AddGuard<BillingCommand>((_, _, token) =>
        {
            seen = token;
            return new(GuardResult.Allow);
        }));

        await app.Billing.For("acme").StartTrialAsync("pro", cancellationToken: source.Token);

        Assert.Equal(source.Token, seen);
    }

    private sealed class AskForReason(Deliveries asked) : ILifecycleGuard<CancelCommand>, ILifecycleGuard<ChangeCommand>
    {
        public ValueTask<GuardResult> CheckAsync(CancelCommand command, CancellationToken cancellationToken)
        {
            asked.Add("cancel");
            return new(command.Options.Reason is null ? GuardResult.Refuse("Say why.") : GuardResult.Allow);
        }

        public ValueTask<GuardResult> CheckAsync(ChangeCommand command, CancellationToken cancellationToken)
        {
            asked.Add("change");
            return new(command.Change.PlanKey == "pro" ? GuardResult.Refuse("Nobody changes to pro.") : GuardResult.Allow);
        }
    }
}
