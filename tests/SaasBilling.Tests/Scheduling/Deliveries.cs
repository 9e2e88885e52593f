namespace SaasBilling.Tests.Scheduling;

/// <summary>What hooks were given, in order, and how to wait for it.</summary>
internal sealed class Deliveries
{
    private readonly Lock _gate = new();
    private readonly List<string> _all = [];
    private readonly List<(Func<List<string>, bool> Condition, TaskCompletionSource Met)> _waiters = [];

    public IReadOnlyList<string> All
    {
        get
        {
            lock (_gate)
                return [.. _all];
        }
    }

    public void Add(string delivery)
    {
        lock (_gate)
        {
            _all.Add(delivery);
            foreach (var waiter in _waiters.Where(waiter => waiter.Condition(_all)).ToList())
            {
                _waiters.Remove(waiter);
                waiter.Met.SetResult();
            }
        }
    }

    public Task UntilAsync(string delivery) => UntilAsync(all => all.Contains(delivery), $"'{delivery}'");

    public Task UntilAsync(int count) => UntilAsync(all => all.Count >= count, $"{count} deliveries");

    public Task UntilAsync(Func<List<string>, bool> condition) => UntilAsync(condition, "more");

    public IReadOnlyList<string> Of(string customerId) => [.. All.Where(delivery => delivery.Contains($" {customerId}/", StringComparison.Ordinal))];

    private async Task UntilAsync(Func<List<string>, bool> condition, string what)
    {
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (condition(_all))
                return;
            _waiters.Add((condition, met));
        }

        try
        {
            await met.Task.WaitAsync(TimeSpan.FromMinutes(1));
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Waited for {what}; there were: {string.Join(", ", All)}");
        }
    }
}
