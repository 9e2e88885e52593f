using System.Globalization;
using SaasBilling.Storage;

namespace SaasBilling.InMemory;

/// <summary>
/// The queue of the in-memory store. For each kind, customers that have jobs stand in a heap, each with the one job whose turn is next: leasing and
/// finishing cost the logarithm of the number of customers, and the next due instant costs nothing.
/// </summary>
/// <param name="gate">The store's lock: state and jobs change together.</param>
/// <param name="customers">The store's customers.</param>
internal sealed class InMemoryJobQueue(Lock gate, Dictionary<string, StoredCustomer> customers) : IJobQueue
{
    internal const string LeaseRanOut = "The lease ran out: the worker that held it stopped, or hung.";

    private static readonly Task<LeaseOutcome> Held = Task.FromResult(LeaseOutcome.Held);
    private static readonly Task<LeaseOutcome> Lost = Task.FromResult(LeaseOutcome.Lost);
    private static readonly Task<IReadOnlyList<JobEntry>> Nothing = Task.FromResult<IReadOnlyList<JobEntry>>([]);

    private readonly HashSet<string> _keys = [];
    private readonly Dictionary<string, (CustomerJobs Customer, QueuedJob Job)> _quarantined = [];
    private readonly HashSet<CustomerJobs> _heldUp = [];
    private readonly CustomerHeap _wakes = new();
    private readonly CustomerHeap _hooks = new();
    private int _pending;
    private long _enqueued;
    private long _leases;

    public Task<IReadOnlyList<JobEntry>> LeaseAsync(JobKind kind, DateTimeOffset now, TimeSpan duration, int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<IReadOnlyList<JobEntry>>(cancellationToken);

        lock (gate)
        {
            List<JobEntry>? leased = null;
            var heap = HeapOf(kind);
            while (heap.Top is { } customer && customer.HeadTicks <= now.UtcTicks && (leased?.Count ?? 0) < count)
            {
                if (customer.Leased is not null)
                {
                    Fail(customer, 0, LeaseRanOut);
                    continue;
                }

                var job = customer.Head!;
                customer.Leased = job;
                customer.LeaseToken = (++_leases).ToString(CultureInfo.InvariantCulture);
                customer.LeasedUntilTicks = now.UtcTicks + duration.Ticks;
                customer.LeasedDueTicks = job.DueTicks;
                Place(customer);
                (leased ??= []).Add(job.ToEntry(customer.CustomerId, customer.LeaseToken, customer.LeasedUntilTicks));
            }

            return leased is null ? Nothing : Task.FromResult<IReadOnlyList<JobEntry>>(leased);
        }
    }

    public Task<LeaseOutcome> RenewAsync(JobEntry entry, DateTimeOffset until, CancellationToken cancellationToken) =>
        WithLease(entry, customer =>
        {
            customer.LeasedUntilTicks = until.UtcTicks;
            Place(customer);
        }, cancellationToken);

    public Task<LeaseOutcome> CompleteAsync(JobEntry entry, CancellationToken cancellationToken) =>
        WithLease(entry, customer =>
        {
            var job = EndLease(customer);
            if (!StartsAfresh(customer, job))
                Discard(customer, job);
            Place(customer);
        }, cancellationToken);

    public Task<LeaseOutcome> RetryAsync(JobEntry entry, DateTimeOffset notBefore, string error, CancellationToken cancellationToken) =>
        WithLease(entry, customer => Fail(customer, notBefore.UtcTicks, error), cancellationToken);

    public Task<LeaseOutcome> QuarantineAsync(JobEntry entry, string error, CancellationToken cancellationToken) =>
        WithLease(entry, customer =>
        {
            var job = EndLease(customer);
            if (!StartsAfresh(customer, job))
            {
                job.Attempts++;
                job.NotBeforeTicks = 0;
                job.LastError = error;
                job.IsQuarantined = true;
                _pending--;
                _quarantined.Add(entry.Job.Key, (customer, job));
                if (job.Job is not null)
                    customer.Remove(job);
            }

            Place(customer);
        }, cancellationToken);

    public Task<LeaseOutcome> ReleaseAsync(JobEntry entry, CancellationToken cancellationToken) =>
        WithLease(entry, customer =>
        {
            StartsAfresh(customer, EndLease(customer));
            Place(customer);
        }, cancellationToken);

    public Task<DateTimeOffset?> NextDueAsync(JobKind kind, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<DateTimeOffset?>(cancellationToken);

        lock (gate)
            return Task.FromResult<DateTimeOffset?>(HeapOf(kind).Top is { } customer ? new(customer.HeadTicks, TimeSpan.Zero) : null);
    }

    public Task<JobFigures> GetFiguresAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<JobFigures>(cancellationToken);

        lock (gate)
        {
            // The tops are the oldest of all that nothing holds up; the others are few, and looked at one by one.
            var oldest = Math.Min(_wakes.Top?.HeadTicks ?? QueuedJob.Never, _hooks.Top?.HeadTicks ?? QueuedJob.Never);
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

    public Task<bool> RequeueAsync(string key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<bool>(cancellationToken);

        lock (gate)
        {
            if (!_quarantined.Remove(key, out var entry))
                return Task.FromResult(false);

            entry.Job.StartAfresh();
            _pending++;
            if (entry.Job.Job is not null)
                entry.Customer.Add(entry.Job);
            Place(entry.Customer);
            return Task.FromResult(true);
        }
    }

    /// <summary>Puts jobs of one commit in, and moves the customer's wake-up; the store's lock is held.</summary>
    /// <param name="stored">The customer, as it is after the commit.</param>
    /// <param name="jobs">The jobs; those whose key is known are left alone.</param>
    internal void Commit(StoredCustomer stored, IReadOnlyList<Job> jobs)
    {
        var id = stored.State.Customer.Id;
        if (stored.State.WakeAt is not null)
            stored.Wakes ??= new CustomerJobs(id, JobKind.Wake);
        if (stored.Wakes is { } wakes && SetWake(wakes, stored.State.WakeAt?.UtcTicks))
            Place(wakes);

        if (jobs.Count == 0)
            return;

        var hooks = stored.Hooks ??= new CustomerJobs(id, JobKind.Hook);
        for (var i = 0; i < jobs.Count; i++)
            Enqueue(hooks, jobs[i], stored);
        Place(hooks);
    }

    private void Enqueue(CustomerJobs hooks, Job job, StoredCustomer stored)
    {
        if (job.Kind != JobKind.Hook || !_keys.Add(job.Key))
            return;

        hooks.Add(new QueuedJob
        {
            Job = job,
            Event = job.EventId is null ? null : stored.FindEvent(job.EventId),
            DueTicks = job.DueAt.UtcTicks,
            Order = ++_enqueued,
        });
        _pending++;
    }

    /// <summary>Whether anything changed.</summary>
    private bool SetWake(CustomerJobs customer, long? wakeTicks)
    {
        if (customer.Wake is not { } wake)
        {
            if (wakeTicks is not { } ticks)
                return false;
            customer.Wake = new QueuedJob { DueTicks = ticks, Order = ++_enqueued };
            _pending++;
            return true;
        }

        if (wake.DueTicks == (wakeTicks ?? QueuedJob.Never))
            return false;

        wake.DueTicks = wakeTicks ?? QueuedJob.Never;

        // What becomes of a leased one is settled when its holder is done.
        if (!ReferenceEquals(customer.Leased, wake))
            Restart(customer, wake);
        return true;
    }

    // Another instant is another occurrence: it has its own tries, and leaves quarantine.
    private void Restart(CustomerJobs customer, QueuedJob wake)
    {
        if (wake.IsQuarantined)
        {
            _quarantined.Remove(QueuedJob.WakeKey(customer.CustomerId));
            _pending++;
        }

        wake.StartAfresh();
        wake.Order = ++_enqueued;
        if (wake.DueTicks == QueuedJob.Never)
            Discard(customer, wake);
    }

    private bool StartsAfresh(CustomerJobs customer, QueuedJob job)
    {
        if (!ReferenceEquals(job, customer.Wake) || job.DueTicks == customer.LeasedDueTicks)
            return false;
        Restart(customer, job);
        return true;
    }

    private void Fail(CustomerJobs customer, long notBeforeTicks, string error)
    {
        var job = EndLease(customer);
        if (!StartsAfresh(customer, job))
        {
            job.Attempts++;
            job.NotBeforeTicks = notBeforeTicks;
            job.LastError = error;
        }

        Place(customer);
    }

    private void Discard(CustomerJobs customer, QueuedJob job)
    {
        customer.Remove(job);
        if (job.Job is not null)
            _keys.Remove(job.Job.Key);
        _pending--;
    }

    private static QueuedJob EndLease(CustomerJobs customer)
    {
        var job = customer.Leased!;
        customer.Leased = null;
        customer.LeaseToken = null;
        return job;
    }

    private void Place(CustomerJobs customer)
    {
        HeapOf(customer.Kind).Place(customer);
        if (customer.IsHeldUp)
            _heldUp.Add(customer);
        else
            _heldUp.Remove(customer);
    }

    private Task<LeaseOutcome> WithLease(JobEntry entry, Action<CustomerJobs> act, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<LeaseOutcome>(cancellationToken);

        lock (gate)
        {
            if (entry.LeaseToken is null || !customers.TryGetValue(entry.Job.CustomerId, out var stored))
                return Lost;
            if ((entry.Job.Kind == JobKind.Wake ? stored.Wakes : stored.Hooks) is not { } customer || customer.LeaseToken != entry.LeaseToken)
                return Lost;
            act(customer);
            return Held;
        }
    }

    private CustomerHeap HeapOf(JobKind kind) => kind == JobKind.Wake ? _wakes : _hooks;
}
