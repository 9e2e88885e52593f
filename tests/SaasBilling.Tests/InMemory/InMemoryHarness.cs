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
            new BillingClock(_time),
            NoTax.Instance);
    }

    public override IBillingProvider Provider => _provider;

    public override DateTimeOffset Now => _time.GetUtcNow();

    public override Task AdvanceAsync(TimeSpan by, CancellationToken cancellationToken)
    {
        Advance(Now + by, static _ => { });
        return Task.CompletedTask;
    }

    /// <summary>Runs what falls due until then, and tells of each step.</summary>
    public void Advance(DateTimeOffset target, Action<CustomerSnapshot> told)
    {
        while (_provider.NextDueAt is { } due && due <= target)
        {
            _time.MoveTo(due);
            told(Assert.IsType<CustomerSnapshot>(_provider.RunNext(due)));
        }

        _time.MoveTo(target);
    }

    public override async Task AnswerPaymentActionAsync(SubscriptionRef subscription, bool authenticate, CancellationToken cancellationToken)
    {
        var customer = await _provider.ReadCustomerAsync(subscription.CustomerId, cursor: null, cancellationToken);
        var name = customer!.Subscriptions.Single(candidate => candidate.Id == subscription.SubscriptionId).Name;
        _provider.AnswerPaymentAction(subscription.CustomerId, name, authenticate);
    }

    public override Task SubmitCheckoutAsync(string checkoutSessionId, string token, CancellationToken cancellationToken) =>
        Task.FromResult(_provider.SubmitCheckout(checkoutSessionId, token));
}
