using System.Globalization;
using SaasBilling.Storage;

namespace SaasBilling.InMemory;

/// <summary>
/// The queue of the in-memory store. For each kind, customers that have jobs stand in a heap, each with the one job whose turn is next: leasing and
/// finishing cost the logarithm of the number of customers, and the next due instant costs nothing.
/// </summary>
/// <param name="gate">The store's lock: state and jobs change together.</param>
/// <param name="customers">The store's customers.</param>
internal sealed partial class InMemoryJobQueue(Lock gate, Dictionary<string, StoredCustomer> customers) : IJobQueue
{
    private static readonly Task<IReadOnlyList<LeaseOutcome>> OneHeld = Task.FromResult<IReadOnlyList<LeaseOutcome>>([LeaseOutcome.Held]);
    private static readonly Task<IReadOnlyList<JobEntry>> Nothing = Task.FromResult<IReadOnlyList<JobEntry>>([]);

    private readonly Dictionary<string, CustomerJobs> _doorbells = [];
    private readonly HashSet<string> _keys = [];
    private readonly Dictionary<string, (CustomerJobs Customer, QueuedJob Job)> _quarantined = [];
    private readonly HashSet<CustomerJobs> _heldUp = [];
    private readonly CustomerHeap[] _sound = [new(), new(), new()];
    private readonly CustomerHeap[] _suspect = [new(), new(), new()];
    private int _pending;
    private long _enqueued;
    private long _leases;

    /// <summary>Told, with the store's lock held, when a doorbell was handled.</summary>
    internal Action<InboxMessage, DateTimeOffset> Handled { get; set; } = static (_, _) => { };

    public Task<IReadOnlyList<JobEntry>> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Duration <= TimeSpan.Zero || request.Count <= 0)
            throw new ArgumentOutOfRangeException(nameof(request), request, "A lease lasts longer than zero, and is on at least one job.");
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<IReadOnlyList<JobEntry>>(cancellationToken);

        lock (gate)
            return request.Suspects ? LeaseSuspect(request) : LeaseSound(request);
    }

    public Task<IReadOnlyList<LeaseOutcome>> RenewAsync(IReadOnlyList<JobEntry> entries, DateTimeOffset until, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return WithLeases(entries, static entry => entry, (customer, _) =>
        {
            customer.LeasedUntilTicks = until.UtcTicks;
            Place(customer);
        }, cancellationToken);
    }

    public Task<IReadOnlyList<LeaseOutcome>> FinishAsync(IReadOnlyList<JobResult> results, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(results);
        return WithLeases(results, static result => result.Entry, Finish, cancellationToken);
    }

    public Task<DateTimeOffset?> NextDueAsync(JobKind kind, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<DateTimeOffset?>(cancellationToken);

        lock (gate)
        {
            var next = Math.Min(_sound[(int)kind].TopTicks, _suspect[(int)kind].TopTicks);
            return Task.FromResult<DateTimeOffset?>(next == QueuedJob.Never ? null : new(next, TimeSpan.Zero));
        }
    }

    public Task<bool> RequeueAsync(string key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<bool>(cancellationToken);

        lock (gate)
            return Task.FromResult(Requeue(key));
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

    /// <summary>Puts a doorbell in; the store's lock is held.</summary>
    /// <returns>The job; null when it waits already.</returns>
    internal QueuedJob? Ring(InboxMessage message, DateTimeOffset dueAt)
    {
        if (!_keys.Add(message.JobKey))
            return null;

        if (!_doorbells.TryGetValue(message.Subject, out var customer))
            _doorbells.Add(message.Subject, customer = new CustomerJobs(message.Subject, JobKind.Doorbell));
        var job = new QueuedJob { Job = message.ToJob(dueAt), Message = message, DueTicks = dueAt.UtcTicks, Order = ++_enqueued };
        customer.Add(job);
        _pending++;
        Place(customer);
        return job;
    }

    /// <summary>Takes a job out of quarantine; the store's lock is held.</summary>
    internal bool Requeue(string key)
    {
        if (!_quarantined.Remove(key, out var entry))
            return false;

        entry.Job.StartAfresh();
        _pending++;
        if (entry.Job.Job is not null)
            entry.Customer.Add(entry.Job);
        Place(entry.Customer);
        return true;
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
            _quarantined.Remove(Job.WakeKey(customer.CustomerId));
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

    private Task<IReadOnlyList<JobEntry>> LeaseSound(LeaseRequest request)
    {
        List<JobEntry>? leased = null;
        var heap = _sound[(int)request.Kind];
        while ((leased?.Count ?? 0) < request.Count && heap.Top is { } customer && customer.HeadTicks <= request.Now.UtcTicks)
            (leased ??= []).Add(Lease(customer, request));
        return leased is null ? Nothing : Task.FromResult<IReadOnlyList<JobEntry>>(leased);
    }

    private Task<IReadOnlyList<JobEntry>> LeaseSuspect(LeaseRequest request)
    {
        var heap = _suspect[(int)request.Kind];
        while (heap.Top is { } customer && customer.HeadTicks <= (customer.Leased is null ? request.Now : request.LeasedAt).UtcTicks)
        {
            if (customer.Leased is null)
                return Task.FromResult<IReadOnlyList<JobEntry>>([Lease(customer, request)]);
            RunOut(customer);
        }

        return Nothing;
    }

    private JobEntry Lease(CustomerJobs customer, LeaseRequest request)
    {
        var job = customer.Head!;
        customer.Leased = job;
        customer.LeaseToken = (++_leases).ToString(CultureInfo.InvariantCulture);
        customer.LeasedUntilTicks = request.LeasedAt.UtcTicks + request.Duration.Ticks;
        customer.LeasedDueTicks = job.DueTicks;
        Place(customer);
        return job.ToEntry(customer.CustomerId, customer.LeaseToken, customer.LeasedUntilTicks);
    }

    private void RunOut(CustomerJobs customer)
    {
        var job = EndLease(customer);
        if (!StartsAfresh(customer, job))
        {
            job.Attempts += job.IsSuspect ? 1 : 0;
            job.IsSuspect = true;
            job.LastError = JobEntry.LeaseRanOut;
        }

        Place(customer);
    }

    private void Finish(CustomerJobs customer, JobResult result)
    {
        var job = EndLease(customer);
        if (!StartsAfresh(customer, job))
        {
            job.IsSuspect = false;
            switch (result.End)
            {
                case JobEnd.Done:
                    Discard(customer, job);
                    if (job.Message is { } message)
                        Handled(message, result.At);
                    break;
                case JobEnd.Retry:
                    Fail(job, result, result.NotBefore?.UtcTicks ?? 0);
                    break;
                case JobEnd.Quarantine:
                    Fail(job, result, 0);
                    Quarantine(customer, job, result.Entry.Job.Key);
                    break;
            }
        }

        Place(customer);
    }

    private static void Fail(QueuedJob job, JobResult result, long notBeforeTicks)
    {
        job.Attempts++;
        job.NotBeforeTicks = notBeforeTicks;
        job.LastError = result.Error;
    }

    private void Quarantine(CustomerJobs customer, QueuedJob job, string key)
    {
        job.IsQuarantined = true;
        _pending--;
        _quarantined.Add(key, (customer, job));
        if (job.Job is not null)
            customer.Remove(job);
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
        customer.FindHead();
        var heap = customer.Head is null ? null : (customer.IsSuspect ? _suspect : _sound)[(int)customer.Kind];
        if (customer.Heap is { } former && former != heap)
            former.Remove(customer);
        heap?.Place(customer);

        if (customer.IsHeldUp)
            _heldUp.Add(customer);
        else
            _heldUp.Remove(customer);
    }

    private Task<IReadOnlyList<LeaseOutcome>> WithLeases<T>(IReadOnlyList<T> items, Func<T, JobEntry> entryOf, Action<CustomerJobs, T> act, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<IReadOnlyList<LeaseOutcome>>(cancellationToken);

        lock (gate)
        {
            if (items is [var only] && Holder(entryOf(only)) is { } holder)
            {
                act(holder, only);
                return OneHeld;
            }

            var outcomes = new LeaseOutcome[items.Count];
            for (var i = 0; i < items.Count; i++)
            {
                outcomes[i] = LeaseOutcome.Lost;
                if (Holder(entryOf(items[i])) is not { } customer)
                    continue;
                act(customer, items[i]);
                outcomes[i] = LeaseOutcome.Held;
            }

            return Task.FromResult<IReadOnlyList<LeaseOutcome>>(outcomes);
        }
    }

    private CustomerJobs? Holder(JobEntry entry)
    {
        var stored = customers.GetValueOrDefault(entry.Job.CustomerId);
        var customer = entry.Job.Kind switch
        {
            JobKind.Wake => stored?.Wakes,
            JobKind.Hook => stored?.Hooks,
            _ => _doorbells.GetValueOrDefault(entry.Job.CustomerId),
        };
        return entry.LeaseToken is not null && customer?.LeaseToken == entry.LeaseToken ? customer : null;
    }
}
