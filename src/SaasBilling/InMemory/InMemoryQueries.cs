using SaasBilling.Storage;

namespace SaasBilling.InMemory;

/// <summary>Lists of the in-memory store: it has no indexes for them, and looks at everything for each page.</summary>
internal static class InMemoryQueries
{
    /// <summary>The items after a place, in the order of their places.</summary>
    public static IReadOnlyList<T> Page<T>(IEnumerable<T> matching, Func<T, ListPosition> positionOf, bool descending, ListPosition? after, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var comparer = new Places(descending);
        var placed = matching.Select(item => (Item: item, Place: positionOf(item)));
        if (after is not null)
            placed = placed.Where(found => comparer.Compare(found.Place, after) > 0);
        return [.. placed.OrderBy(found => found.Place, comparer).Take(count).Select(found => found.Item)];
    }

    /// <summary>The figures of every kind.</summary>
    public static IReadOnlyList<JobKindFigures> Figures(IEnumerable<JobEntry> jobs, DateTimeOffset now)
    {
        var kinds = Enum.GetValues<JobKind>().Select(kind => new JobKindFigures(kind, 0, 0, 0, 0, null)).ToArray();
        foreach (var job in jobs)
        {
            ref var figures = ref kinds[(int)job.Job.Kind];
            figures = job.Status switch
            {
                JobStatus.Quarantined => figures with { Quarantined = figures.Quarantined + 1 },
                JobStatus.Leased => figures with { Leased = figures.Leased + 1 },
                _ when job.ReadyAt <= now => figures with { Due = figures.Due + 1, OldestDueAt = job.Job.DueAt < (figures.OldestDueAt ?? DateTimeOffset.MaxValue) ? job.Job.DueAt : figures.OldestDueAt },
                _ when job.Attempts > 0 => figures with { Retrying = figures.Retrying + 1 },
                _ => figures,
            };
        }

        return kinds;
    }

    private sealed class Places(bool descending) : IComparer<ListPosition>
    {
        public int Compare(ListPosition? x, ListPosition? y)
        {
            var order = x!.At.CompareTo(y!.At);
            if (order == 0)
                order = string.CompareOrdinal(x.Owner, y.Owner);
            if (order == 0)
                order = string.CompareOrdinal(x.Id, y.Id);
            return descending ? -order : order;
        }
    }
}
