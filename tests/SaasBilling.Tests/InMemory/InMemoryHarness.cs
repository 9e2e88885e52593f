using SaasBilling.Conformance.Providers;
using SaasBilling.InMemory;
using SaasBilling.Providers;
using SaasBilling.Scheduling;

namespace SaasBilling.Tests.InMemory;

/// <summary>The in-memory provider on a simulated clock, run step by step as the worker runs it.</summary>
internal sealed class InMemoryHarness : ProviderHarness
{
    private readonly SimulatedClock _time;
    private readonly InMemoryProvider _provider;

    public InMemoryHarness(ConformanceSetup setup)
    {
        _time = new SimulatedClock(setup.StartAt);
        _provider = new InMemoryProvider(
            setup.Catalog,
            new InMemoryBillingOptions { StartAt = setup.StartAt, WhenRetriesExhausted = setup.WhenRetriesExhausted },
            new SaasBillingOptions(),
            new BillingClock(_time),
            NoTax.Instance);
    }

    public override IBillingProvider Provider => _provider;

    public override DateTimeOffset Now => _time.GetUtcNow();

    public override Task AdvanceAsync(TimeSpan by, CancellationToken cancellationToken)
    {
        var target = Now + by;
        while (_provider.NextDueAt is { } due && due <= target)
        {
            _time.MoveTo(due);
            Assert.NotNull(_provider.RunNext(due));
        }

        _time.MoveTo(target);
        return Task.CompletedTask;
    }

    public override Task AnswerPaymentActionAsync(SubscriptionRef subscription, bool authenticate, CancellationToken cancellationToken) =>
        Task.FromResult(_provider.AnswerPaymentAction(subscription.CustomerId, "default", authenticate));

    public override Task SubmitCheckoutAsync(string checkoutSessionId, string token, CancellationToken cancellationToken) =>
        Task.FromResult(_provider.SubmitCheckout(checkoutSessionId, token));
}
