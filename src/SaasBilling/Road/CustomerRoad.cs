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
internal sealed class CustomerRoad(
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

        return turn.HasAnything ? await SettleAsync(turn).ConfigureAwait(false) : new(state, turn.ResultId, []);
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

    /// <summary>Compares the stored state with all that the provider knows of the customer, and mends it.</summary>
    /// <returns>Whether there was something to mend.</returns>
    public async Task<bool> ReconcileAsync(string customerId, CancellationToken cancellationToken)
    {
        using var _ = await _locks.AcquireAsync(customerId, cancellationToken).ConfigureAwait(false);
        var state = await store.FindCustomerAsync(customerId, cancellationToken).ConfigureAwait(false);
        var snapshot = await ReadAsync(customerId, null, cancellationToken).ConfigureAwait(false);
        if (snapshot is null)
            return false;

        var result = await SettleAsync(customerId, state, snapshot).ConfigureAwait(false);
        return result.State?.Version != state?.Version;
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

    // The way of engine steps: one snapshot, nothing local, and no allocation that the transition and the commit do not need.
    private async Task<RoadResult> SettleAsync(string customerId, CustomerState? state, CustomerSnapshot? snapshot)
    {
        for (var round = 1; ; round++)
        {
            if (snapshot is not null && MissesSomething(snapshot, state))
                snapshot = await ReadAsync(customerId, state?.ProviderCursor, CancellationToken.None).ConfigureAwait(false);
            if (snapshot is null)
                return new(state, null, []);

            var result = await ApplyAsync(state, snapshot, []).ConfigureAwait(false);
            if (!result.Changed)
                return new(state, null, []);
            if (await CommitAsync(state, result).ConfigureAwait(false))
                return new(result.After, null, result.Events);

            ThrowIfLast(round, customerId);
            (state, snapshot) = await ReadAgainAsync(customerId).ConfigureAwait(false);
        }
    }

    private async Task<RoadResult> SettleAsync(RoadTurn turn)
    {
        var state = turn.State;
        IReadOnlyList<CustomerSnapshot> snapshots = turn.Snapshots;
        var usage = turn.Usage;
        for (var round = 1; ; round++)
        {
            var result = await ApplyAsync(state, snapshots, turn.Milestone, usage).ConfigureAwait(false);
            if (result is null || !result.Changed)
                return new(state, turn.ResultId, []);
            if (await CommitAsync(state, result).ConfigureAwait(false))
                return new(result.After, turn.ResultId, result.Events) { Invoices = result.Invoices };

            ThrowIfLast(round, turn.CustomerId);
            (state, var snapshot) = await ReadAgainAsync(turn.CustomerId).ConfigureAwait(false);
            snapshots = snapshot is null ? [] : [snapshot];
            if (usage is not null && await store.HasUsageAsync(usage.CustomerId, usage.Meter, usage.Key, CancellationToken.None).ConfigureAwait(false))
                usage = null;
        }
    }

    private Task<CustomerSnapshot?> ReadAsync(string customerId, string? cursor, CancellationToken cancellationToken) =>
        telemetry.MeasureAsync(provider.Name, "read", () => provider.ReadCustomerAsync(customerId, cursor, cancellationToken));

    // From here on the provider has changed, so that nothing may be canceled any more.
    private async Task<(CustomerState? State, CustomerSnapshot? Snapshot)> ReadAgainAsync(string customerId)
    {
        var state = await store.FindCustomerAsync(customerId, CancellationToken.None).ConfigureAwait(false);
        return (state, await ReadAsync(customerId, state?.ProviderCursor, CancellationToken.None).ConfigureAwait(false));
    }

    private static bool MissesSomething(CustomerSnapshot snapshot, CustomerState? state) =>
        snapshot.Since is { } since && !string.Equals(since, state?.ProviderCursor, StringComparison.Ordinal);

    private async Task<TransitionResult?> ApplyAsync(CustomerState? state, IReadOnlyList<CustomerSnapshot> snapshots, string? milestone, UsageEntry? usage)
    {
        TransitionResult? sum = null;
        foreach (var snapshot in snapshots)
        {
            var before = sum?.After ?? state;
            if (!MissesSomething(snapshot, before))
            {
                sum = Join(sum, await ApplyAsync(before, snapshot, sum?.Invoices ?? []).ConfigureAwait(false), state);
                continue;
            }

            // What is read now tells of all the others too.
            if (await ReadAsync(snapshot.Customer.Id, before?.ProviderCursor, CancellationToken.None).ConfigureAwait(false) is { } rest)
                sum = Join(sum, await ApplyAsync(before, rest, sum?.Invoices ?? []).ConfigureAwait(false), state);
            break;
        }

        if (milestone is null && usage is null)
            return sum;

        var input = new TransitionInput { Catalog = catalog, Options = options, Now = clock.Now, Milestone = milestone, Usage = usage };
        return Join(sum, Transition.Apply(sum?.After ?? state, null, input), state);
    }

    private async Task<TransitionResult> ApplyAsync(CustomerState? state, CustomerSnapshot snapshot, IReadOnlyList<Invoice> unwritten)
    {
        var settled = MayBeSettledAlready(state, snapshot) is { } ids
            ? await store.GetInvoicesAsync(snapshot.Customer.Id, ids, CancellationToken.None).ConfigureAwait(false)
            : [];

        // What an earlier answer of the same command settled is not in the store yet.
        if (unwritten.Count > 0)
            settled = [.. settled.Where(stored => !unwritten.Any(invoice => invoice.Id == stored.Id)), .. unwritten.Where(invoice => invoice.Status is InvoiceStatus.Paid or InvoiceStatus.Void)];

        return Transition.Apply(state, snapshot, new TransitionInput { Catalog = catalog, Options = options, Now = clock.Now, Settled = settled });
    }

    // Only a final status can belong to an invoice that left the state long ago: an invoice that the state does not know and that is a draft, or
    // open, is new.
    private static List<string>? MayBeSettledAlready(CustomerState? state, CustomerSnapshot snapshot)
    {
        if (state is null)
            return null;

        List<string>? ids = null;
        var invoices = snapshot.Invoices;
        for (var i = 0; i < invoices.Count; i++)
        {
            if (invoices[i] is { Status: InvoiceStatus.Paid or InvoiceStatus.Void } invoice && !IsOpen(state, invoice.Id))
                (ids ??= []).Add(invoice.Id);
        }

        return ids;
    }

    private static bool IsOpen(CustomerState state, string invoiceId)
    {
        for (var i = 0; i < state.OpenInvoices.Count; i++)
        {
            if (state.OpenInvoices[i].Id == invoiceId)
                return true;
        }

        return false;
    }

    // Several answers of one command become one commit.
    private static TransitionResult Join(TransitionResult? earlier, TransitionResult later, CustomerState? before)
    {
        if (earlier is null || !earlier.Changed)
            return later;
        if (!later.Changed)
            return earlier with { After = earlier.After with { ProviderCursor = later.After.ProviderCursor } };

        var rewritten = later.Invoices.Select(invoice => invoice.Id).ToHashSet();
        return later with
        {
            After = later.After with { Version = (before?.Version ?? 0) + 1 },
            Events = [.. earlier.Events, .. later.Events],
            Invoices = [.. earlier.Invoices.Where(invoice => !rewritten.Contains(invoice.Id)), .. later.Invoices],
            Movements = [.. earlier.Movements, .. later.Movements],
            Usage = later.Usage ?? earlier.Usage,
        };
    }

    private async ValueTask<bool> CommitAsync(CustomerState? before, TransitionResult result)
    {
        var commit = new BillingCommit
        {
            Customer = result.After,
            ExpectedVersion = before?.Version ?? 0,
            Invoices = result.Invoices,
            Events = result.Events,
            Jobs = hooks.JobsFor(result.Events),
            Movements = result.Movements,
            Usage = result.Usage,
        };
        using var activity = telemetry.StartCommit(commit.Customer.Customer.Id);
        if (await store.CommitAsync(commit, CancellationToken.None).ConfigureAwait(false) != CommitOutcome.Committed)
        {
            telemetry.Conflicted(commit.Customer.Customer.Id);
            return false;
        }

        telemetry.Committed(commit);
        access.Update(result.After);
        signal.Set();
        return true;
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
