using Microsoft.Extensions.DependencyInjection;
using SaasBilling.DependencyInjection;
using SaasBilling.InMemory;
using SaasBilling.Providers;
using SaasBilling.Scheduling;

namespace SaasBilling;

/// <summary>
/// With <c>UseInMemory</c>: moves time, and runs all that falls due on the way, each at its own instant and in order: renewals, retries, trial ends,
/// reminders, hooks. A hook that fails is tried again at a later instant, as in production. Calls from several threads are run one after the other.
/// </summary>
public sealed class BillingSimulator
{
    private readonly InMemoryProvider _provider;
    private readonly IBillingRoad _road;
    private readonly BillingPump _pump;
    private readonly SimulationGate _gate;
    private readonly BillingClock _clock;

    private BillingSimulator(InMemoryProvider provider, IBillingRoad road, BillingPump pump, SimulationGate gate, BillingClock clock)
    {
        _provider = provider;
        _road = road;
        _pump = pump;
        _gate = gate;
        _clock = clock;
    }

    /// <summary>Billing's present, UTC, in whole seconds: simulated, or real when there is no <see cref="InMemoryBillingOptions.StartAt"/>.</summary>
    public DateTimeOffset Now => _clock.Now;

    /// <summary>
    /// The same time for the application's own code: give it to what takes a <see cref="System.TimeProvider"/>. Timers and delays made from it end while
    /// time is moved past their instant.
    /// </summary>
    public TimeProvider TimeProvider => _clock.Time;

    /// <summary>Moves time on, and runs what falls due on the way. Zero runs what is due now.</summary>
    /// <param name="by">How far. Not negative.</param>
    /// <param name="cancellationToken">Stops on the way: time stays where it has come to, and what was done stays done.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="by"/> is negative, or leads past the year 8999.</exception>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidState"/>: billing runs on real time, or the call came from within a hook.</exception>
    public Task AdvanceAsync(TimeSpan by, CancellationToken cancellationToken = default)
    {
        var simulated = Simulated();
        if (by < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(by), by, "Simulated time does not run backward. Advance by zero or more.");

        return _gate.RunAsync(
            token =>
            {
                var now = simulated.GetUtcNow();
                if (by > SimulatedClock.End - now)
                    throw new ArgumentOutOfRangeException(nameof(by), by, $"Simulated time ends at {SimulatedClock.End:yyyy-MM-dd'T'HH:mm:ss'Z'}, and it is {now:yyyy-MM-dd'T'HH:mm:ss'Z'}. Advance by less.");
                return MoveAsync(simulated, now + by, token);
            },
            cancellationToken);
    }

    /// <summary>Moves time to an instant, and runs what falls due on the way.</summary>
    /// <param name="to">The new present. Not in the past of the simulation.</param>
    /// <param name="cancellationToken">Stops on the way: time stays where it has come to, and what was done stays done.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="to"/> is in the past of the simulation, or past the year 8999.</exception>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidState"/>: billing runs on real time, or the call came from within a hook.</exception>
    public Task AdvanceToAsync(DateTimeOffset to, CancellationToken cancellationToken = default)
    {
        var simulated = Simulated();
        simulated.ThrowIfUnreachable(to, nameof(to));
        return _gate.RunAsync(
            token =>
            {
                // Somebody else may have moved time meanwhile.
                simulated.ThrowIfUnreachable(to, nameof(to));
                return MoveAsync(simulated, to, token);
            },
            cancellationToken);
    }

    /// <summary>Runs what is due now, and what that makes due now, without moving time: after it, the hooks of what commands did have run.</summary>
    /// <param name="cancellationToken">Stops on the way; what was done stays done.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidState"/>: the call came from within a hook.</exception>
    public Task RunUntilIdleAsync(CancellationToken cancellationToken = default) => _gate.RunAsync(_pump.RunDueAsync, cancellationToken);

    /// <summary>The customer answers the bank's question (3-D Secure) of the newest payment that waits for it, one-off charges included.</summary>
    /// <param name="customerId">The application's id of the customer.</param>
    /// <param name="authenticate">Yes, or no.</param>
    /// <param name="subscription">The subscription's name.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException">
    /// <see cref="BillingErrorCode.UnknownCustomer"/>, or <see cref="BillingErrorCode.InvalidState"/>: no payment waits for an answer.
    /// </exception>
    public async Task AnswerPaymentActionAsync(string customerId, bool authenticate, string subscription = "default", CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(customerId);
        ArgumentException.ThrowIfNullOrWhiteSpace(subscription);
        cancellationToken.ThrowIfCancellationRequested();
        await TellAsync(_provider.AnswerPaymentAction(customerId, subscription, authenticate)).ConfigureAwait(false);
    }

    /// <summary>The customer fills in a card form that <see cref="ICustomerBilling.CreateCheckoutAsync"/> opened, and sends it.</summary>
    /// <param name="checkoutSessionId">The session's id.</param>
    /// <param name="paymentMethodToken">The card: one of <see cref="TestPaymentMethods"/>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException">
    /// <see cref="BillingErrorCode.InvalidArgument"/>: no such session; <see cref="BillingErrorCode.InvalidState"/>: it is completed or has expired;
    /// <see cref="BillingErrorCode.ProviderRejected"/>: the card was refused, and the form stays open.
    /// </exception>
    public async Task SubmitCheckoutAsync(string checkoutSessionId, string paymentMethodToken, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(checkoutSessionId);
        ArgumentException.ThrowIfNullOrWhiteSpace(paymentMethodToken);
        cancellationToken.ThrowIfCancellationRequested();
        await TellAsync(_provider.SubmitCheckout(checkoutSessionId, paymentMethodToken)).ConfigureAwait(false);
    }

    internal static BillingSimulator Create(IServiceProvider services)
    {
        services.GetRequiredService<StartupChecks>().ThrowIfAnyFails();
        return new(
            services.GetRequiredService<InMemoryProvider>(),
            services.GetRequiredService<IBillingRoad>(),
            services.GetRequiredService<BillingPump>(),
            services.GetRequiredService<SimulationGate>(),
            services.GetRequiredService<BillingClock>());
    }

    private async Task MoveAsync(SimulatedClock simulated, DateTimeOffset to, CancellationToken cancellationToken)
    {
        while (true)
        {
            await _pump.RunDueAsync(cancellationToken).ConfigureAwait(false);
            if (await _pump.NextDueAsync(cancellationToken).ConfigureAwait(false) is not { } due || BillingClock.NextWholeSecond(due) is var next && next > to)
                break;
            if (next > simulated.GetUtcNow())
                simulated.MoveTo(next);
        }

        simulated.MoveTo(to);

        // A timer of the application's own may have called billing on the way to here.
        await _pump.RunDueAsync(cancellationToken).ConfigureAwait(false);
    }

    // The provider has changed: that is told, whatever becomes of the caller.
    private Task TellAsync(CustomerSnapshot snapshot) => _road.AbsorbAsync(snapshot, CancellationToken.None);

    private SimulatedClock Simulated() => _clock.Time as SimulatedClock ?? throw new BillingException(
        BillingErrorCode.InvalidState,
        "Billing runs on real time, which cannot be moved. Set InMemoryBillingOptions.StartAt, as in .UseInMemory(options => options.StartAt = ...), to simulate time.");
}
