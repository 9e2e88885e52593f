using SaasBilling.Access;
using SaasBilling.Diagnostics;
using SaasBilling.Lifecycle;
using SaasBilling.Providers;
using SaasBilling.Scheduling;
using SaasBilling.Storage;
using SaasBilling.Subscriptions;

namespace SaasBilling.Road;

/// <summary>
/// The one writer of billing state. Whatever happened (a command, an engine step, a doorbell, the passing of time) takes this road: the provider's
/// snapshot, the pure transition, one commit. Work for one customer is serial within the process; between processes the version guards the commit, and
/// who comes second reads both the state and the provider anew.
/// </summary>
internal sealed partial class CustomerRoad(
    IBillingStore store,
    IBillingProvider provider,
    PlanCatalog catalog,
    SaasBillingOptions options,
    BillingClock clock,
    HookRegistry hooks,
    AccessCache access,
    WorkerSignal signal,
    BillingTelemetry telemetry) : IBillingRoad
{
    // Each round lost is a commit that somebody else won, so the work goes on; past this the load is the caller's to know.
    private const int MaxRounds = 10;

    // As many commits would have to come between losing one and reading it for a call to be forgotten.
    private const int RememberedCalls = 16;

    private readonly KeyedLock _locks = new();
    private readonly AsyncLocal<string?> _guarded = new();

    /// <summary>
    /// Runs a command: it sees the state, checks, calls the provider, and brings the answers; then they are committed. A command that throws
    /// changed nothing, except for what it said to keep. Once the provider has answered the command can no longer be canceled.
    /// </summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.Conflict"/>: others changed the same customer all the time.</exception>
    public async Task<RoadResult> ExecuteAsync(string operation, string customerId, Func<RoadTurn, CancellationToken, Task> command, CancellationToken cancellationToken)
    {
        RefuseFromGuard(customerId);
        using var activity = telemetry.StartCommand(operation, customerId);
        try
        {
            using var _ = await _locks.AcquireAsync(customerId, cancellationToken).ConfigureAwait(false);
            return await ExecuteAsync(customerId, command, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            BillingTelemetry.Fail(activity, exception);
            throw;
        }
    }

    private async Task<RoadResult> ExecuteAsync(string customerId, Func<RoadTurn, CancellationToken, Task> command, CancellationToken cancellationToken)
    {
        for (var round = 1; ; round++)
        {
            var state = await store.FindCustomerAsync(customerId, cancellationToken).ConfigureAwait(false);
            var turn = new RoadTurn(customerId, state, clock.Now);
            try
            {
                await command(turn, cancellationToken).ConfigureAwait(false);
            }
            catch when (turn.Kept > 0)
            {
                await SettleAsync(turn.WhatIsKept()).ConfigureAwait(false);
                throw;
            }

            if (!turn.HasAnything)
                return new(state, turn.ResultId, []);
            if (await SettleAsync(turn).ConfigureAwait(false) is { } result)
                return result;
            ThrowIfLast(round, customerId);
        }
    }

    /// <summary>Runs guards of the application; a command on the same customer from inside one is refused, because it would wait for itself.</summary>
    public async Task GuardAsync(string customerId, Func<Task> check)
    {
        _guarded.Value = customerId;
        await check().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task AbsorbAsync(CustomerSnapshot snapshot, CancellationToken cancellationToken)
    {
        var customerId = snapshot.Customer.Id;
        using var _ = await _locks.AcquireAsync(customerId, cancellationToken).ConfigureAwait(false);
        var state = await store.FindCustomerAsync(customerId, cancellationToken).ConfigureAwait(false);
        await SettleAsync(customerId, state, snapshot).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task RefreshAsync(string customerId, CancellationToken cancellationToken)
    {
        using var _ = await _locks.AcquireAsync(customerId, cancellationToken).ConfigureAwait(false);
        var state = await store.FindCustomerAsync(customerId, cancellationToken).ConfigureAwait(false);
        var snapshot = await ReadAsync(customerId, state?.ProviderCursor, cancellationToken).ConfigureAwait(false);
        if (snapshot is not null)
            await SettleAsync(customerId, state, snapshot).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task WakeAsync(string customerId, CancellationToken cancellationToken)
    {
        using var _ = await _locks.AcquireAsync(customerId, cancellationToken).ConfigureAwait(false);
        for (var round = 1; ; round++)
        {
            var state = await store.FindCustomerAsync(customerId, cancellationToken).ConfigureAwait(false);
            if (state is null)
                return;

            var now = clock.Now;
            var upcoming = await PreviewUpcomingAsync(state, now, cancellationToken).ConfigureAwait(false);
            var result = Transition.Apply(state, null, new TransitionInput { Catalog = catalog, Options = options, Now = now, Upcoming = upcoming });
            if (!result.Changed || await CommitAsync(state, result).ConfigureAwait(false))
                return;

            ThrowIfLast(round, customerId);
        }
    }

    private async Task<IReadOnlyList<Invoice>> PreviewUpcomingAsync(CustomerState state, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var due = Transition.UpcomingDue(state, options, now);
        if (due.Count == 0)
            return [];

        var previews = new List<Invoice>(due.Count);
        foreach (var subscription in due)
        {
            var preview = await telemetry.MeasureAsync(provider.Name, "preview", () => provider.PreviewAsync(new(state.Customer.Id, subscription.Id), null, cancellationToken)).ConfigureAwait(false);
            if (preview.NextInvoice is { } invoice)
                previews.Add(invoice);
        }

        return previews;
    }

    private static void ThrowIfLast(int round, string customerId)
    {
        if (round >= MaxRounds)
        {
            throw new BillingException(
                BillingErrorCode.Conflict,
                $"Customer '{customerId}' was changed by others {MaxRounds} times while this was being written. Try again; if it goes on, look for what changes this customer all the time.");
        }
    }

    private void RefuseFromGuard(string customerId)
    {
        if (_guarded.Value == customerId)
        {
            throw new BillingException(
                BillingErrorCode.InvalidState,
                $"A guard cannot change customer '{customerId}', whose command it is checking: that would wait for itself. Change it in a life-cycle hook, which runs afterwards.");
        }
    }
}

/// <summary>What a turn on the road led to.</summary>
/// <param name="State">The state as it is stored now.</param>
/// <param name="ResultId">The id of what the provider made.</param>
/// <param name="Events">What happened.</param>
internal sealed record RoadResult(CustomerState? State, string? ResultId, IReadOnlyList<BillingEvent> Events)
{
    /// <summary>The invoices that were written, as they are now.</summary>
    public IReadOnlyList<Invoice> Invoices { get; init; } = [];
}
