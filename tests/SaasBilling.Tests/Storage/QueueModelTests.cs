using SaasBilling.Conformance.Storage;
using SaasBilling.InMemory;
using SaasBilling.Storage;

namespace SaasBilling.Tests.Storage;

public sealed class QueueModelTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(3);

    /// <summary>Random work on the real queue and on the plain one: after every step both say the same.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task The_queue_does_what_its_interface_says(int seed)
    {
        var random = new Random(seed);
        var store = new InMemoryBillingStore();
        var model = new NaiveQueue();
        var held = new List<JobEntry>();
        var versions = new long[6];
        var events = new int[6];
        var now = Start;

        for (var step = 0; step < 1500; step++)
        {
            switch (random.Next(10))
            {
                case < 3:
                    await CommitAsync(random.Next(versions.Length));
                    break;
                case < 6:
                    now += TimeSpan.FromSeconds(random.Next(90));
                    await LeaseAsync(random.Next(1, 4));
                    break;
                case < 9 when held.Count > 0:
                    await FinishAsync(random.Next(held.Count), random.Next(6));
                    break;
                default:
                    await RequeueAsync();
                    break;
            }

            foreach (var kind in new[] { JobKind.Wake, JobKind.Hook })
                Assert.Equal(model.NextDue(kind), await store.Jobs.NextDueAsync(kind, CancellationToken.None));
            Assert.Equal(model.Figures(), await store.Jobs.GetFiguresAsync(CancellationToken.None));
        }

        async Task CommitAsync(int index)
        {
            var id = $"customer {index}";
            var wakeAt = random.Next(3) == 0 ? (DateTimeOffset?)null : now.AddMinutes(random.Next(-2, 10));
            var number = random.Next(5) == 0 ? Math.Max(1, events[index]) : ++events[index];
            var jobs = new[] { "a", "b", "c" }.Where(_ => random.Next(3) == 0).Select(lane => new Job
            {
                Key = $"hook:{id}/{number}:{lane}",
                Kind = JobKind.Hook,
                CustomerId = id,
                Lane = lane,
                DueAt = now.AddMinutes(random.Next(-2, 3)),
                Sequence = number,
            }).ToArray();
            var state = new CustomerState { Customer = new Customer { Id = id, CreatedAt = Start }, Version = ++versions[index], WakeAt = wakeAt };

            await store.CommitAsync(new BillingCommit { Customer = state, ExpectedVersion = versions[index] - 1, Jobs = jobs }, CancellationToken.None);
            model.Commit(id, wakeAt, jobs);
        }

        async Task LeaseAsync(int count)
        {
            var kind = random.Next(2) == 0 ? JobKind.Wake : JobKind.Hook;
            var request = new LeaseRequest(kind, now, Lease, count) { Suspects = random.Next(3) == 0 };
            var leased = await store.Jobs.LeaseAsync(request, CancellationToken.None);

            Assert.Equal(model.Lease(request), leased.Select(entry => (entry.Job.Key, entry.Attempts, entry.IsSuspect)));
            var taken = leased.Select(entry => entry.Job.CustomerId).ToHashSet();
            held.RemoveAll(entry => entry.Job.Kind == kind && taken.Contains(entry.Job.CustomerId));
            held.AddRange(leased);
        }

        async Task FinishAsync(int index, int how)
        {
            var entry = held[index];
            held.RemoveAt(index);
            var key = entry.Job.Key;
            var outcome = how switch
            {
                0 => await store.Jobs.RetryAsync(entry, now.AddMinutes(4), "failed", CancellationToken.None),
                1 => await store.Jobs.QuarantineAsync(entry, "poisoned", CancellationToken.None),
                2 => await store.Jobs.ReleaseAsync(entry, CancellationToken.None),
                3 => await store.Jobs.RenewAsync(entry, now + Lease, CancellationToken.None),
                _ => await store.Jobs.CompleteAsync(entry, CancellationToken.None),
            };

            Assert.Equal(model.IsLeased(key), outcome == LeaseOutcome.Held);
            if (outcome == LeaseOutcome.Lost)
                return;
            switch (how)
            {
                case 0:
                    model.Fail(key, now.AddMinutes(4));
                    break;
                case 1:
                    model.Quarantine(key);
                    break;
                case 2:
                    model.Release(key);
                    break;
                case 3:
                    model.Renew(key, now + Lease);
                    held.Add(entry);
                    break;
                default:
                    model.Complete(key);
                    break;
            }
        }

        async Task RequeueAsync()
        {
            var quarantined = await store.Jobs.GetQuarantinedAsync(CancellationToken.None);
            if (quarantined.Count == 0)
                return;
            var key = quarantined[random.Next(quarantined.Count)].Job.Key;
            Assert.True(await store.Jobs.RequeueAsync(key, CancellationToken.None));
            Assert.True(model.Requeue(key));
        }
    }
}
