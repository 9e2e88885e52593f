using System.Runtime.InteropServices;

namespace SaasBilling.Road;

/// <summary>
/// A lock for each key, first come, first served. A key costs memory only while somebody holds or awaits it; taking a free one allocates nothing
/// once the pool is warm.
/// </summary>
internal sealed class KeyedLock
{
    private const int ShardCount = 32;
    private const int PooledEntries = 64;

    private readonly Shard[] _shards = new Shard[ShardCount];

    public KeyedLock()
    {
        for (var i = 0; i < ShardCount; i++)
            _shards[i] = new Shard();
    }

    /// <summary>How many keys are held; for tests.</summary>
    public int Count => _shards.Sum(shard => shard.Count);

    /// <summary>Waits for the key's turn. The holder must dispose what it gets, once.</summary>
    /// <exception cref="OperationCanceledException">The token was canceled before the turn came.</exception>
    public ValueTask<Holder> AcquireAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var shard = _shards[(uint)key.GetHashCode(StringComparison.Ordinal) % ShardCount];
        return shard.Enter(key) is { } waiter ? WaitAsync(shard, key, waiter, cancellationToken) : new(new Holder(shard, key));
    }

    private static async ValueTask<Holder> WaitAsync(Shard shard, string key, TaskCompletionSource waiter, CancellationToken cancellationToken)
    {
        using (cancellationToken.UnsafeRegister(static (waiter, token) => ((TaskCompletionSource)waiter!).TrySetCanceled(token), waiter))
            await waiter.Task.ConfigureAwait(false);

        return new Holder(shard, key);
    }

    /// <summary>Holds a key until it is disposed.</summary>
    [StructLayout(LayoutKind.Auto)]
    public readonly struct Holder : IDisposable
    {
        private readonly Shard _shard;
        private readonly string _key;

        internal Holder(Shard shard, string key)
        {
            _shard = shard;
            _key = key;
        }

        /// <summary>Hands the key to the next who waits.</summary>
        public void Dispose() => _shard.Leave(_key);
    }

    internal sealed class Shard
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<string, Queue<TaskCompletionSource>> _held = [];
        private readonly Stack<Queue<TaskCompletionSource>> _pool = [];

        public int Count
        {
            get
            {
                lock (_gate)
                    return _held.Count;
            }
        }

        /// <summary>Takes the key; a waiter when somebody else has it.</summary>
        public TaskCompletionSource? Enter(string key)
        {
            lock (_gate)
            {
                ref var waiters = ref CollectionsMarshal.GetValueRefOrAddDefault(_held, key, out var isHeld);
                if (!isHeld)
                {
                    waiters = _pool.TryPop(out var pooled) ? pooled : new Queue<TaskCompletionSource>();
                    return null;
                }

                var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                waiters!.Enqueue(waiter);
                return waiter;
            }
        }

        public void Leave(string key)
        {
            lock (_gate)
            {
                var waiters = _held[key];
                while (waiters.TryDequeue(out var next))
                {
                    // One that was canceled meanwhile is passed over.
                    if (next.TrySetResult())
                        return;
                }

                _held.Remove(key);
                if (_pool.Count < PooledEntries)
                    _pool.Push(waiters);
            }
        }
    }
}
