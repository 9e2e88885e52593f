using SaasBilling.Diagnostics;
using SaasBilling.Providers;
using SaasBilling.Storage;
using SaasBilling.Subscriptions;

namespace SaasBilling.Road;

/// <content>From what the provider answered to one commit: nothing missing, nothing twice, and again where somebody else was first.</content>
internal sealed partial class CustomerRoad
{
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

    /// <returns>Null: the same command of another process won, and the provider took this one for its repetition. It is still to be done.</returns>
    private async Task<RoadResult?> SettleAsync(RoadTurn turn)
    {
        var state = turn.State;
        IReadOnlyList<CustomerSnapshot> snapshots = turn.Snapshots;
        var usage = turn.Usage;
        for (var round = 1; ; round++)
        {
            var result = await ApplyAsync(state, snapshots, turn.Milestone, usage).ConfigureAwait(false);
            if (result is null || !result.Changed)
                return new(state, turn.ResultId, []);
            if (await CommitAsync(state, Noting(turn.Calls, result)).ConfigureAwait(false))
                return new(result.After, turn.ResultId, result.Events) { Invoices = result.Invoices };

            ThrowIfLast(round, turn.CustomerId);
            (state, var snapshot) = await ReadAgainAsync(turn.CustomerId).ConfigureAwait(false);
            if (WasTakenForAnother(turn, state))
                return null;

            snapshots = snapshot is null ? [] : [snapshot];
            if (usage is not null && await store.HasUsageAsync(usage.CustomerId, usage.Meter, usage.Key, CancellationToken.None).ConfigureAwait(false))
                usage = null;
        }
    }

    // In one process the commands of a customer are serial, and no two have one key.
    private TransitionResult Noting(IReadOnlyList<string> calls, TransitionResult result)
    {
        if (!store.IsShared || calls.Count == 0)
            return result;

        var recent = result.After.RecentCalls.Concat(calls).ToList();
        return result with { After = result.After with { RecentCalls = [.. recent.Skip(Math.Max(0, recent.Count - RememberedCalls))] } };
    }

    private static bool WasTakenForAnother(RoadTurn turn, CustomerState? state) =>
        turn.Calls.Count > 0 && state is not null && turn.Calls.All(state.RecentCalls.Contains);

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
        var settled = await SettledAsync(state, snapshot).ConfigureAwait(false);

        // What an earlier answer of the same command settled is not in the store yet.
        if (unwritten.Count > 0)
            settled = [.. settled.Where(stored => !unwritten.Any(invoice => invoice.Id == stored.Id)), .. unwritten.Where(invoice => invoice.Status is InvoiceStatus.Paid or InvoiceStatus.Void)];

        return Transition.Apply(state, snapshot, new TransitionInput { Catalog = catalog, Options = options, Now = clock.Now, Settled = settled });
    }

    private async ValueTask<IReadOnlyList<Invoice>> SettledAsync(CustomerState? state, CustomerSnapshot snapshot) => MayBeSettledAlready(state, snapshot) is { } ids
        ? await store.GetInvoicesAsync(snapshot.Customer.Id, ids, CancellationToken.None).ConfigureAwait(false)
        : [];

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
        try
        {
            if (await store.CommitAsync(commit, CancellationToken.None).ConfigureAwait(false) != CommitOutcome.Committed)
            {
                access.Drop(commit.Customer.Customer.Id);
                telemetry.Conflicted(commit.Customer.Customer.Id);
                return false;
            }
        }
        catch (Exception exception)
        {
            // It may be written all the same.
            access.Drop(commit.Customer.Customer.Id);
            BillingTelemetry.Fail(activity, exception);
            throw;
        }

        access.Update(result.After);
        telemetry.Committed(commit);
        signal.Set();
        return true;
    }
}
