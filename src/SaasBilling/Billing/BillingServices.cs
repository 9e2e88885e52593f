using SaasBilling.Access;
using SaasBilling.Diagnostics;
using SaasBilling.Lifecycle;
using SaasBilling.Providers;
using SaasBilling.Road;
using SaasBilling.Scheduling;
using SaasBilling.Storage;

namespace SaasBilling;

/// <summary>What every handle works with: one for the process.</summary>
internal sealed record BillingServices(
    PlanCatalog Catalog,
    SaasBillingOptions Options,
    IBillingProvider Provider,
    IBillingStore Store,
    CustomerRoad Road,
    GuardRunner Guards,
    AccessCache Access,
    BillingClock Clock,
    WorkerSignal Signal,
    BillingTelemetry Telemetry)
{
    /// <summary>An ability that not every provider has.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.NotSupportedByProvider"/>.</exception>
    public TAbility Ability<TAbility>(string ability)
        where TAbility : class =>
        Provider as TAbility ?? throw new BillingException(
            BillingErrorCode.NotSupportedByProvider,
            $"The billing provider '{Provider.Name}' has no {ability} ({typeof(TAbility).Name}). Use a provider that has one, or do without.");
}
