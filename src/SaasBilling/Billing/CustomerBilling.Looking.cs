using SaasBilling.Forecasting;

namespace SaasBilling;

internal sealed partial class CustomerBilling
{
    public Task<IReadOnlyList<BillingEvent>> GetHistoryAsync(CancellationToken cancellationToken = default) =>
        services.Store.GetEventsAsync(CustomerId, cancellationToken);

    public Task<Forecast> ForecastAsync(DateTimeOffset until, CancellationToken cancellationToken = default) =>
        Forecaster.RunAsync(services, CustomerId, Checks.Ahead(until, services.Clock.Now, "The end of a forecast"), cancellationToken);
}
