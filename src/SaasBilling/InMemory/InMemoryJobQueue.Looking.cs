using SaasBilling.Storage;

namespace SaasBilling.InMemory;

/// <content>The queue seen from outside.</content>
internal sealed partial class InMemoryJobQueue
{
    public Task<JobFigures> GetFiguresAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<JobFigures>(cancellationToken);

        lock (gate)
        {
            // The tops are the oldest of all that nothing holds up; the others are few, and looked at one by one.
            var oldest = QueuedJob.Never;
            foreach (var heap in (ReadOnlySpan<CustomerHeap>)[.. _sound, .. _suspect])
                oldest = Math.Min(oldest, heap.TopTicks);
            foreach (var customer in _heldUp)
                oldest = Math.Min(oldest, customer.OldestDueTicks);
            return Task.FromResult(new JobFigures(_pending, _quarantined.Count, oldest == QueuedJob.Never ? null : new DateTimeOffset(oldest, TimeSpan.Zero)));
        }
    }

    public Task<IReadOnlyList<JobEntry>> GetQuarantinedAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<IReadOnlyList<JobEntry>>(cancellationToken);

        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<JobEntry>>([.. _quarantined.Values
                .OrderBy(entry => entry.Job.DueTicks)
                .ThenBy(entry => entry.Job.Order)
                .Select(entry => entry.Job.ToEntry(entry.Customer.CustomerId))]);
        }
    }

    /// <summary>Every job; the store's lock is held.</summary>
    internal IEnumerable<JobEntry> All() => customers.Values
        .SelectMany(stored => new[] { stored.Wakes, stored.Hooks })
        .Concat(_doorbells.Values)
        .OfType<CustomerJobs>()
        .SelectMany(customer => customer.All().Select(job => ToEntry(customer, job)))
        .Concat(_quarantined.Values.Select(entry => entry.Job.ToEntry(entry.Customer.CustomerId)));

    /// <summary>Puts events in the place of those that wait for their delivery; the store's lock is held.</summary>
    internal void Overwrite(StoredCustomer stored, Dictionary<string, BillingEvent> events)
    {
        if (stored.Hooks is not { } hooks)
            return;

        foreach (var job in hooks.All().Concat(_quarantined.Values.Where(entry => entry.Customer == hooks).Select(entry => entry.Job)))
        {
            if (job.Event is { } former && events.TryGetValue(former.Id, out var billingEvent))
                job.Event = billingEvent;
        }
    }

    // A wake-up that is no longer needed is still held for the instant that it was leased for.
    private static JobEntry ToEntry(CustomerJobs customer, QueuedJob job)
    {
        if (!ReferenceEquals(job, customer.Leased))
            return job.ToEntry(customer.CustomerId);

        var entry = job.DueTicks == QueuedJob.Never ? new QueuedJob { DueTicks = customer.LeasedDueTicks, Attempts = job.Attempts, LastError = job.LastError, IsSuspect = job.IsSuspect } : job;
        return entry.ToEntry(customer.CustomerId, customer.LeaseToken, customer.LeasedUntilTicks);
    }
}
