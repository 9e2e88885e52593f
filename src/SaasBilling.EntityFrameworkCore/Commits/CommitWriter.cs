using Microsoft.EntityFrameworkCore;
using SaasBilling.EntityFrameworkCore.Database;
using SaasBilling.EntityFrameworkCore.Model;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Commits;

/// <summary>Writes a commit with nothing but what every relational provider can do.</summary>
internal static class CommitWriter
{
    /// <summary>In a transaction: the customer's row first, so that commits of one customer wait for each other.</summary>
    public static async Task<CommitOutcome> WriteAsync(BillingDbContext context, CommitContent content, CancellationToken cancellationToken)
    {
        if (content.IsNew)
            context.Add(content.Customer);
        else if (!await UpdateAsync(context, content.Customer, content.ExpectedVersion, cancellationToken).ConfigureAwait(false))
            return CommitOutcome.Conflict;

        await ProjectAsync(context, content, cancellationToken).ConfigureAwait(false);
        await AddInvoicesAsync(context, content, cancellationToken).ConfigureAwait(false);
        await AddJobsAsync(context, content, cancellationToken).ConfigureAwait(false);
        context.AddRange(content.Events);
        context.AddRange(content.Movements);
        if (content.Usage is { } usage)
            context.Add(usage);

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

    private static async Task ProjectAsync(BillingDbContext context, CommitContent content, CancellationToken cancellationToken)
    {
        var id = content.CustomerId;
        SubscriptionRow[] subscriptions = [.. content.Subscriptions];
        var known = new Dictionary<string, SubscriptionRow>();
        if (!content.IsNew && subscriptions.Length > 0)
        {
            var ids = Array.ConvertAll(subscriptions, subscription => subscription.Id);
            known = await context.Subscriptions.AsTracking()
                .Where(row => row.CustomerId == id && ids.Contains(row.Id))
                .ToDictionaryAsync(row => row.Id, cancellationToken).ConfigureAwait(false);
        }

        foreach (var subscription in subscriptions)
            Put(context, known.GetValueOrDefault(subscription.Id), subscription);

        var trials = new Dictionary<int, TrialRow>();
        if (!content.IsNew)
            trials = await context.Trials.AsTracking().Where(row => row.CustomerId == id).ToDictionaryAsync(row => row.Position, cancellationToken).ConfigureAwait(false);
        foreach (var trial in content.Trials)
            Put(context, trials.GetValueOrDefault(trial.Position), trial);
        foreach (var (_, gone) in trials.Where(trial => trial.Key >= content.TrialCount))
            context.Remove(gone);
    }

    private static async Task AddInvoicesAsync(BillingDbContext context, CommitContent content, CancellationToken cancellationToken)
    {
        InvoiceRow[] invoices = [.. content.Invoices];
        if (invoices.Length == 0)
            return;

        var id = content.CustomerId;
        var known = new Dictionary<string, (long Version, int Position)>();
        if (!content.IsNew)
        {
            var ids = Array.ConvertAll(invoices, invoice => invoice.Id);
            var places = await context.Invoices
                .Where(row => row.CustomerId == id && ids.Contains(row.Id))
                .Select(row => new { row.Id, row.Version, row.Position })
                .ToListAsync(cancellationToken).ConfigureAwait(false);
            known = places.ToDictionary(place => place.Id, place => (place.Version, place.Position));
        }

        foreach (var invoice in invoices)
        {
            if (known.TryGetValue(invoice.Id, out var place))
            {
                (invoice.Version, invoice.Position) = place;
                context.Update(invoice);
            }
            else
            {
                context.Add(invoice);
            }
        }
    }

    private static async Task AddJobsAsync(BillingDbContext context, CommitContent content, CancellationToken cancellationToken)
    {
        var wake = content.Wake;
        if (!content.IsNew && !await MoveWakeAsync(context, content.WakeKey, wake?.DueAt, cancellationToken).ConfigureAwait(false))
            wake = null;
        if (wake is not null)
            context.Add(wake);

        JobRow[] jobs = [.. content.Hooks];
        if (jobs.Length == 0)
            return;

        var keys = Array.ConvertAll(jobs, job => job.Key);
        var known = content.IsNew ? [] : await context.Jobs.Where(row => keys.Contains(row.Key)).Select(row => row.Key).ToListAsync(cancellationToken).ConfigureAwait(false);
        context.AddRange(jobs.Where(job => !known.Contains(job.Key)));
    }

    /// <summary>Moves or removes the wake-up. One that a worker holds only learns of it: what becomes of it is settled when its holder is done.</summary>
    /// <returns>Whether there is none and must be one.</returns>
    private static async Task<bool> MoveWakeAsync(BillingDbContext context, string key, UtcInstant? wakeAt, CancellationToken cancellationToken)
    {
        var wakes = context.Jobs.Where(job => job.Key == key);
        if (wakeAt is not { } due)
        {
            var unneeded = await wakes.Where(job => job.DueAt != null)
                .ExecuteUpdateAsync(set => set.SetProperty(job => job.DueAt, (UtcInstant?)null), cancellationToken).ConfigureAwait(false);
            if (unneeded > 0)
                await wakes.Where(job => job.Status != JobStatus.Leased).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
            return false;
        }

        // In one statement: a worker may lease it or end its lease at any moment.
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
