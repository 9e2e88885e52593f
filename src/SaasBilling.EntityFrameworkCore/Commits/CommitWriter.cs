using Microsoft.EntityFrameworkCore;
using SaasBilling.EntityFrameworkCore.Database;
using SaasBilling.EntityFrameworkCore.Model;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Commits;

/// <summary>Writes a commit with nothing but what every relational provider can do.</summary>
internal static class CommitWriter
{
    /// <summary>In a transaction: the customer's row first, so that commits of one customer wait for each other.</summary>
    public static async Task<CommitOutcome> WriteAsync(BillingDbContext context, BillingCommit commit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var state = commit.Customer;
        var isNew = commit.ExpectedVersion == 0;
        var row = CommitRows.Customer(state);
        if (isNew)
            context.Add(row);
        else if (!await UpdateAsync(context, row, commit.ExpectedVersion, cancellationToken).ConfigureAwait(false))
            return CommitOutcome.Conflict;

        await ProjectAsync(context, state, isNew, cancellationToken).ConfigureAwait(false);
        await AddInvoicesAsync(context, commit, isNew, cancellationToken).ConfigureAwait(false);
        await AddJobsAsync(context, commit, isNew, cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < commit.Events.Count; i++)
            context.Add(CommitRows.Event(commit.Events[i], state.Version, i, now));
        foreach (var movement in commit.Movements)
            context.Add(CommitRows.Movement(movement));
        if (commit.Usage is { } usage)
            context.Add(CommitRows.Usage(usage));

        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return CommitOutcome.Committed;
    }

    /// <summary>Writes the customer's row over that of another version.</summary>
    /// <returns>Whether it had that version.</returns>
    public static async Task<bool> UpdateAsync(BillingDbContext context, CustomerRow row, long expectedVersion, CancellationToken cancellationToken) =>
        await context.Customers
            .Where(customer => customer.Id == row.Id && customer.Version == expectedVersion)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(customer => customer.Version, row.Version)
                    .SetProperty(customer => customer.Email, row.Email)
                    .SetProperty(customer => customer.Name, row.Name)
                    .SetProperty(customer => customer.Currency, row.Currency)
                    .SetProperty(customer => customer.CreatedAt, row.CreatedAt)
                    .SetProperty(customer => customer.DeletedAt, row.DeletedAt)
                    .SetProperty(customer => customer.WakeAt, row.WakeAt)
                    .SetProperty(customer => customer.State, row.State),
                cancellationToken).ConfigureAwait(false) > 0;

    private static async Task ProjectAsync(BillingDbContext context, CustomerState state, bool isNew, CancellationToken cancellationToken)
    {
        var id = state.Customer.Id;
        var subscriptions = new Dictionary<string, SubscriptionRow>();
        if (!isNew && state.Subscriptions.Count > 0)
        {
            var ids = state.Subscriptions.Select(subscription => subscription.Id).ToArray();
            subscriptions = await context.Subscriptions.AsTracking()
                .Where(row => row.CustomerId == id && ids.Contains(row.Id))
                .ToDictionaryAsync(row => row.Id, cancellationToken).ConfigureAwait(false);
        }

        foreach (var subscription in state.Subscriptions.DistinctBy(subscription => subscription.Id))
            Put(context, subscriptions.GetValueOrDefault(subscription.Id), CommitRows.Subscription(subscription));

        var trials = new Dictionary<int, TrialRow>();
        if (!isNew)
            trials = await context.Trials.AsTracking().Where(row => row.CustomerId == id).ToDictionaryAsync(row => row.Position, cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < state.Trials.Count; i++)
            Put(context, trials.GetValueOrDefault(i), CommitRows.Trial(id, state.Trials[i], i));
        foreach (var (_, gone) in trials.Where(trial => trial.Key >= state.Trials.Count))
            context.Remove(gone);
    }

    private static async Task AddInvoicesAsync(BillingDbContext context, BillingCommit commit, bool isNew, CancellationToken cancellationToken)
    {
        if (commit.Invoices.Count == 0)
            return;

        var id = commit.Customer.Customer.Id;
        var known = new Dictionary<string, (long Version, int Position)>();
        if (!isNew)
        {
            var ids = commit.Invoices.Select(invoice => invoice.Id).ToArray();
            var places = await context.Invoices
                .Where(row => row.CustomerId == id && ids.Contains(row.Id))
                .Select(row => new { row.Id, row.Version, row.Position })
                .ToListAsync(cancellationToken).ConfigureAwait(false);
            known = places.ToDictionary(place => place.Id, place => (place.Version, place.Position));
        }

        // Of an invoice that is written twice in one commit, the last one counts, at the place of the first.
        foreach (var (position, group) in commit.Invoices.GroupBy(invoice => invoice.Id).Index())
        {
            if (known.TryGetValue(group.Key, out var place))
                context.Update(CommitRows.Invoice(group.Last(), place.Version, place.Position));
            else
                context.Add(CommitRows.Invoice(group.Last(), commit.Customer.Version, position));
        }
    }

    private static async Task AddJobsAsync(BillingDbContext context, BillingCommit commit, bool isNew, CancellationToken cancellationToken)
    {
        var (customerId, wakeAt) = (commit.Customer.Customer.Id, commit.Customer.WakeAt);
        var mustWake = wakeAt is not null;
        if (!isNew)
            mustWake = await MoveWakeAsync(context, customerId, wakeAt, cancellationToken).ConfigureAwait(false);
        if (mustWake)
            context.Add(CommitRows.Job(Job.Wake(customerId, wakeAt!.Value)));

        var jobs = CommitRows.Hooks(commit).ToList();
        if (jobs.Count == 0)
            return;

        var keys = jobs.ConvertAll(job => job.Key);
        var known = isNew ? [] : await context.Jobs.Where(row => keys.Contains(row.Key)).Select(row => row.Key).ToListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var job in jobs.Where(job => !known.Contains(job.Key)))
            context.Add(CommitRows.Job(job));
    }

    /// <summary>Moves or removes the wake-up. One that a worker holds only learns of it: what becomes of it is settled when its holder is done.</summary>
    /// <returns>Whether there is none and must be one.</returns>
    private static async Task<bool> MoveWakeAsync(BillingDbContext context, string customerId, DateTimeOffset? wakeAt, CancellationToken cancellationToken)
    {
        var key = Job.WakeKey(customerId);
        var wakes = context.Jobs.Where(job => job.Key == key);
        if (wakeAt is not { } instant)
        {
            var unneeded = await wakes.Where(job => job.DueAt != null)
                .ExecuteUpdateAsync(set => set.SetProperty(job => job.DueAt, (UtcInstant?)null), cancellationToken).ConfigureAwait(false);
            if (unneeded > 0)
                await wakes.Where(job => job.Status != JobStatus.Leased).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
            return false;
        }

        // In one statement: a worker may lease it or end its lease at any moment.
        UtcInstant due = instant;
        var moved = await wakes.Where(job => job.DueAt == null || job.DueAt != due)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(job => job.DueAt, due)
                    .SetProperty(job => job.ReadyAt, job => job.Status == JobStatus.Leased ? job.ReadyAt : due)
                    .SetProperty(job => job.NotBefore, job => job.Status == JobStatus.Leased ? job.NotBefore : null)
                    .SetProperty(job => job.Attempts, job => job.Status == JobStatus.Leased ? job.Attempts : 0)
                    .SetProperty(job => job.LastError, job => job.Status == JobStatus.Leased ? job.LastError : null)
                    .SetProperty(job => job.IsSuspect, job => job.Status == JobStatus.Leased && job.IsSuspect)
                    .SetProperty(job => job.Status, job => job.Status == JobStatus.Leased ? JobStatus.Leased : JobStatus.Pending),
                cancellationToken).ConfigureAwait(false);
        return moved == 0 && !await wakes.AnyAsync(cancellationToken).ConfigureAwait(false);
    }

    private static void Put<TRow>(BillingDbContext context, TRow? known, TRow row)
        where TRow : class
    {
        if (known is null)
            context.Add(row);
        else
            context.Entry(known).CurrentValues.SetValues(row);
    }
}
