using SaasBilling.Conformance.Providers;

namespace SaasBilling.Stripe.Tests.Provider;

/// <summary>The suite of every provider, against a local Stripe.</summary>
public sealed class StripeProviderConformance : ProviderConformance
{
    protected override async Task<ProviderHarness> CreateAsync(ConformanceSetup setup) => await StripeHarness.StartAsync(setup, TestContext.Current.CancellationToken);
}
