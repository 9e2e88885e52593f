using SaasBilling.Providers;

namespace SaasBilling.Conformance.Providers;

/// <summary>
/// What applications rely on, whichever billing provider they run on. Derive it in an xunit v3 test project, implement <see cref="CreateAsync"/>,
/// and every test runs against your provider.
/// </summary>
/// <remarks>
/// The tests speak to <see cref="IBillingProvider"/> alone and expect of it what the documentation of that interface promises; the rules of billing
/// are Stripe's (https://docs.stripe.com/billing). Optional abilities are tested where the provider implements their interface
/// (<see cref="ICheckoutProvider"/>, <see cref="IPortalProvider"/>, <see cref="ICatalogProvider"/>, <see cref="IClockedProvider"/>,
/// <see cref="IForecastProvider"/>), and skipped where it does not.
/// </remarks>
public abstract partial class ProviderConformance
{
    private const string CustomerId = "acme";

    // A month of 31 days follows, so that shares of it can be checked by hand.
    private static readonly DateTimeOffset StartAt = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Makes a fresh provider that knows no customer, with its clock at <see cref="ConformanceSetup.StartAt"/>.</summary>
    /// <param name="setup">What the test wants.</param>
    protected abstract Task<ProviderHarness> CreateAsync(ConformanceSetup setup);

    private static Money Usd(decimal amount) => Money.Of(amount, "USD");

    private static IEnumerable<Money> Amounts(IEnumerable<InvoiceLine> lines) => lines.Select(line => line.Amount);

    private static Task<BillingException> RefusedAsync(Func<Task> command) => Assert.ThrowsAnyAsync<BillingException>(command);

    private async Task<Scene> StartAsync(DateTimeOffset? startAt = null, RetriesExhausted whenRetriesExhausted = RetriesExhausted.Cancel)
    {
        var scene = await OpenAsync(startAt, whenRetriesExhausted);
        await scene.EnsureCustomerAsync();
        return scene;
    }

    // Without a customer.
    private async Task<Scene> OpenAsync(DateTimeOffset? startAt = null, RetriesExhausted whenRetriesExhausted = RetriesExhausted.Cancel)
    {
        var catalog = ConformanceCatalog.Build();
        var harness = await CreateAsync(new ConformanceSetup { Catalog = catalog, StartAt = startAt ?? StartAt, WhenRetriesExhausted = whenRetriesExhausted });
        Assert.Equal(startAt ?? StartAt, harness.Now);
        return new Scene(harness, catalog, CustomerId);
    }
}
