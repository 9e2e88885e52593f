using SaasBilling.Providers;
using SaasBilling.Storage;
using SaasBilling.Subscriptions;

namespace SaasBilling.Forecasting;

/// <summary>
/// Runs a customer ahead: the provider's copy gives the steps, the transition tells what follows from them. Nothing is stored, and no hook runs.
/// </summary>
internal sealed class Forecaster
{
    private readonly PlanCatalog _catalog;
    private readonly SaasBillingOptions _options;
    private readonly ICustomerFuture _future;
    private readonly List<TimelineEntry> _entries = [];
    private readonly Dictionary<string, Invoice> _invoices = new(StringComparer.Ordinal);
    private CustomerState _state;

    private Forecaster(PlanCatalog catalog, SaasBillingOptions options, ICustomerFuture future, CustomerState state)
    {
        _catalog = catalog;
        _options = options;
        _future = future;
        _state = state;
    }

    /// <param name="services">Where the customer and the provider are.</param>
    /// <param name="customerId">The customer.</param>
    /// <param name="until">The last instant that is looked at.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.NotSupportedByProvider"/>.</exception>
    public static async Task<Forecast> RunAsync(BillingServices services, string customerId, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var provider = services.Ability<IForecastProvider>("way to run a customer ahead");
        var state = await services.Store.FindCustomerAsync(customerId, cancellationToken).ConfigureAwait(false);
        if (state is null || provider.Fork(customerId) is not { } future)
            return new(until, [], []);

        var forecaster = new Forecaster(services.Catalog, services.Options, future, state);
        forecaster.Run(until, cancellationToken);
        return new(
            until,
            [.. forecaster._entries.OrderBy(entry => entry.At)],
            [.. forecaster._invoices.Values.Where(invoice => invoice.FinalizedAt is not null).OrderBy(invoice => invoice.FinalizedAt)]);
    }

    private void Run(DateTimeOffset until, CancellationToken cancellationToken)
    {
        DateTimeOffset? wokenAt = null;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var wakeAt = _state.WakeAt == wokenAt ? null : _state.WakeAt;
            if (_future.NextDueAt is { } due && due <= until && (wakeAt is null || due <= wakeAt))
            {
                // What one step changes can be due again at the same instant: a draft without a delay is finalized at once.
                if (_future.RunNext(due) is { } snapshot)
                    Take(Transition.Apply(_state, snapshot, At(due) with { Settled = SettledIn(snapshot) }));
            }
            else if (wakeAt <= until)
            {
                // A wake-up that leads to nothing new must not be run again for ever.
                wokenAt = wakeAt;
                var now = wakeAt.Value;
                Take(Transition.Apply(_state, null, At(now) with { Upcoming = Previews(now) }));
            }
            else
            {
                return;
            }
        }
    }

    private TransitionInput At(DateTimeOffset now) => new() { Catalog = _catalog, Options = _options, Now = now };

    private List<Invoice> SettledIn(CustomerSnapshot snapshot) =>
        [.. snapshot.Invoices.Select(invoice => _invoices.GetValueOrDefault(invoice.Id)).OfType<Invoice>().Where(known => known.Status is InvoiceStatus.Paid or InvoiceStatus.Void)];

    private List<Invoice> Previews(DateTimeOffset now) =>
        [.. Transition.UpcomingDue(_state, _options, now).Select(subscription => _future.PreviewNextInvoice(subscription.Id)).OfType<Invoice>()];

    private void Take(TransitionResult result)
    {
        _state = result.After;
        foreach (var invoice in result.Invoices)
            _invoices[invoice.Id] = invoice;
        foreach (var billingEvent in result.Events)
            _entries.Add(TimelineEntry.Of(billingEvent, _catalog));
    }
}
