using SaasBilling.Storage;

namespace SaasBilling.InMemory;

/// <summary>The jobs of one kind and one customer, and which of them is next.</summary>
internal sealed class CustomerJobs(string customerId, JobKind kind)
{
    private Lane? _lanes;

    public JobKind Kind => kind;

    public string CustomerId => customerId;

    /// <summary>The wake-up, which has no lane; also while it is quarantined.</summary>
    public QueuedJob? Wake { get; set; }

    /// <summary>The one job that a worker holds.</summary>
    public QueuedJob? Leased { get; set; }

    public string? LeaseToken { get; set; }

    public long LeasedUntilTicks { get; set; }

    /// <summary>The wake-up's instant when it was leased: another one by now is another occurrence.</summary>
    public long LeasedDueTicks { get; set; }

    /// <summary>The job that stands for the customer in the heap: the leased one, or the next.</summary>
    public QueuedJob? Head { get; private set; }

    /// <summary>From when on <see cref="Head"/> can be leased.</summary>
    public long HeadTicks { get; private set; }

    /// <summary>The heap that the customer is in; null: none.</summary>
    public CustomerHeap? Heap { get; set; }

    /// <summary>Where the customer is in its heap.</summary>
    public int HeapIndex { get; set; }

    /// <summary>Whether <see cref="Head"/> is leased, or its last holder did not come back.</summary>
    public bool IsSuspect => Leased is not null || Head is { IsSuspect: true };

    /// <summary>Whether some job cannot be leased although it is due: one is leased, or waits for its next try.</summary>
    public bool IsHeldUp { get; private set; }

    /// <summary>When the oldest job that is not quarantined was due.</summary>
    public long OldestDueTicks
    {
        get
        {
            var oldest = Wake is { IsQuarantined: false } wake ? wake.DueTicks : QueuedJob.Never;
            oldest = Math.Min(oldest, Leased?.DueTicks ?? QueuedJob.Never);
            for (var lane = _lanes; lane is not null; lane = lane.Next)
                oldest = Math.Min(oldest, lane.First.DueTicks);
            return oldest;
        }
    }

    /// <summary>Every job that is not quarantined.</summary>
    public IEnumerable<QueuedJob> All()
    {
        if (Wake is { IsQuarantined: false } wake)
            yield return wake;
        for (var lane = _lanes; lane is not null; lane = lane.Next)
        {
            for (var job = lane.First; job is not null; job = job.Next)
                yield return job;
        }
    }

    public void Add(QueuedJob job)
    {
        var lane = _lanes;
        while (lane is not null && lane.Name != job.Job!.Lane)
            lane = lane.Next;

        if (lane is null)
            _lanes = new Lane(job) { Next = _lanes };
        else
            lane.Add(job);
    }

    public void Remove(QueuedJob job)
    {
        if (ReferenceEquals(job, Wake))
        {
            Wake = null;
            return;
        }

        Lane? before = null;
        for (var lane = _lanes; lane is not null; before = lane, lane = lane.Next)
        {
            if (lane.Name != job.Job!.Lane)
                continue;
            if (!lane.Remove(job))
                return;
            if (before is null)
                _lanes = lane.Next;
            else
                before.Next = lane.Next;
            return;
        }
    }

    /// <summary>Finds the next job: that of the earliest instant; among equals the one that was enqueued first.</summary>
    public void FindHead()
    {
        IsHeldUp = Leased is not null;
        Head = Wake is { IsQuarantined: false } wake && wake.DueTicks != QueuedJob.Never ? wake : null;
        HeadTicks = Head?.ReadyTicks ?? QueuedJob.Never;
        IsHeldUp |= Head is { NotBeforeTicks: > 0 };
        for (var lane = _lanes; lane is not null; lane = lane.Next)
        {
            var job = lane.First;
            IsHeldUp |= job.NotBeforeTicks > 0;
            if (Head is null || job.ReadyTicks < HeadTicks || (job.ReadyTicks == HeadTicks && job.Order < Head.Order))
            {
                Head = job;
                HeadTicks = job.ReadyTicks;
            }
        }

        if (Leased is null)
            return;
        Head = Leased;
        HeadTicks = LeasedUntilTicks;
    }

    private sealed class Lane(QueuedJob only)
    {
        private QueuedJob _last = only;

        public string Name { get; } = only.Job!.Lane;

        public QueuedJob First { get; private set; } = only;

        public Lane? Next { get; set; }

        public void Add(QueuedJob job)
        {
            if (_last.ComesBefore(job))
            {
                _last.Next = job;
                _last = job;
            }
            else if (job.ComesBefore(First))
            {
                job.Next = First;
                First = job;
            }
            else
            {
                var before = First;
                while (before.Next!.ComesBefore(job))
                    before = before.Next;
                job.Next = before.Next;
                before.Next = job;
            }
        }

        /// <summary>Whether that was the last one.</summary>
        public bool Remove(QueuedJob job)
        {
            if (ReferenceEquals(First, job))
            {
                if (job.Next is null)
                    return true;
                First = job.Next;
            }
            else
            {
                var before = First;
                while (before.Next is { } next && !ReferenceEquals(next, job))
                    before = next;
                if (before.Next is null)
                    return false;
                before.Next = job.Next;
                if (ReferenceEquals(_last, job))
                    _last = before;
            }

            job.Next = null;
            return false;
        }
    }
}
