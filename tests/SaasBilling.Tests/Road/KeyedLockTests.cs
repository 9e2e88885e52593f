using SaasBilling.Road;

namespace SaasBilling.Tests.Road;

public sealed class KeyedLockTests
{
    private readonly KeyedLock _locks = new();

    [Fact]
    public async Task Acquire_FreeKey_CompletesAtOnce()
    {
        var acquired = _locks.AcquireAsync("acme", CancellationToken.None);

        Assert.True(acquired.IsCompletedSuccessfully);
        (await acquired).Dispose();
    }

    [Fact]
    public async Task Acquire_HeldKey_WaitsForItsTurnInOrder()
    {
        var order = new List<int>();
        var first = await _locks.AcquireAsync("acme", CancellationToken.None);
        var second = EnterAsync(2);
        var third = EnterAsync(3);

        Assert.False(second.IsCompleted);
        first.Dispose();
        await Task.WhenAll(second, third);

        Assert.Equal([2, 3], order);

        async Task EnterAsync(int number)
        {
            using var _ = await _locks.AcquireAsync("acme", CancellationToken.None);
            order.Add(number);
        }
    }

    [Fact]
    public async Task Acquire_OtherKey_DoesNotWait()
    {
        using var acme = await _locks.AcquireAsync("acme", CancellationToken.None);
        var globex = _locks.AcquireAsync("globex", CancellationToken.None);

        Assert.True(globex.IsCompletedSuccessfully);
        (await globex).Dispose();
    }

    [Fact]
    public async Task Acquire_CanceledWhileItWaits_GivesTheTurnToTheNext()
    {
        using var canceled = new CancellationTokenSource();
        var first = await _locks.AcquireAsync("acme", CancellationToken.None);
        var second = _locks.AcquireAsync("acme", canceled.Token).AsTask();
        var third = _locks.AcquireAsync("acme", CancellationToken.None).AsTask();

        await canceled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.False(third.IsCompleted);
        first.Dispose();
        (await third).Dispose();

        Assert.Equal(0, _locks.Count);
    }

    [Fact]
    public async Task Acquire_CanceledToken_ThrowsAndTakesNothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _locks.AcquireAsync("acme", new CancellationToken(canceled: true)));

        Assert.Equal(0, _locks.Count);
    }

    [Fact]
    public async Task Many_keys_and_many_holders_exclude_one_another_and_leave_nothing_behind()
    {
        var inside = new int[7];
        var most = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 2_000), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (number, token) =>
        {
            var key = number % inside.Length;
            using var _ = await _locks.AcquireAsync($"customer-{key}", token);
            most = Math.Max(most, Interlocked.Increment(ref inside[key]));
            await Task.Yield();
            Interlocked.Decrement(ref inside[key]);
        });

        Assert.Equal(1, most);
        Assert.Equal(0, _locks.Count);
    }

    [Fact]
    public void Acquire_FreeKey_AllocatesNothingOnceWarm() => Assert.Equal(0, Allocations.Of(() =>
    {
        var acquired = _locks.AcquireAsync("acme", CancellationToken.None);
        Assert.True(acquired.IsCompletedSuccessfully);
        acquired.GetAwaiter().GetResult().Dispose();
    }));
}
