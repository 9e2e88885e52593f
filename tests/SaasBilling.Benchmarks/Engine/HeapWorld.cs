namespace SaasBilling.Benchmarks.Engine;

/// <summary>Nothing but the time-ordered heap: the floor under everything.</summary>
internal sealed class HeapWorld : IWorld
{
    private readonly PriorityQueue<int, long> _due = new();

    public Task CreateAsync(int subscriptions)
    {
        for (var i = 0; i < subscriptions; i++)
            _due.Enqueue(i, Days.Start(i, subscriptions).AddMonths(1).UtcTicks);
        return Task.CompletedTask;
    }

    public Task<long> LiveAYearAsync()
    {
        var month = TimeSpan.FromDays(30).Ticks;
        var renewals = 0L;
        while (_due.TryPeek(out var subscription, out var at) && at <= Days.Last.UtcTicks)
        {
            _due.DequeueEnqueue(subscription, at + month);
            renewals++;
        }

        return Task.FromResult(renewals);
    }

    public void Dispose()
    {
    }
}
