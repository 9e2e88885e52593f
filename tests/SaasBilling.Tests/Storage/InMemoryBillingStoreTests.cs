using FsCheck;
using FsCheck.Fluent;
using SaasBilling.Conformance.Storage;
using SaasBilling.InMemory;
using SaasBilling.Storage;

namespace SaasBilling.Tests.Storage;

public sealed class InMemoryBillingStoreTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    public async Task Commit_whose_version_does_not_follow_is_refused(long version)
    {
        var commit = new BillingCommit { Customer = State("acme", version), ExpectedVersion = 0 };

        var exception = await Assert.ThrowsAsync<ArgumentException>(() => new InMemoryBillingStore().CommitAsync(commit, CancellationToken.None));

        Assert.StartsWith($"The new state's version is {version}; it must be the expected version + 1, 1.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commit_with_something_of_another_customer_is_refused_and_writes_nothing()
    {
        var store = new InMemoryBillingStore();
        var commit = new BillingCommit { Customer = State("acme"), ExpectedVersion = 0 };
        BillingCommit[] mixed =
        [
            commit with { Events = [new CustomerCreated { Id = "other/1", CustomerId = "other", OccurredAt = Start }] },
            commit with { Jobs = [new Job { Key = "key", Kind = JobKind.Hook, CustomerId = "other", Lane = "a", DueAt = Start }] },
            commit with { Movements = [new MrrMovement("other", "USD", Start, MrrMovementKind.New, 1)] },
            commit with { Usage = new UsageEntry("other", "meter", "key", 1, Start) },
        ];

        foreach (var refused in mixed)
        {
            var exception = await Assert.ThrowsAsync<ArgumentException>(() => store.CommitAsync(refused, CancellationToken.None));
            Assert.StartsWith("One commit is one customer's, and this one is of 'acme'; it holds something of another.", exception.Message, StringComparison.Ordinal);
        }

        Assert.Null(await store.FindCustomerAsync("acme", CancellationToken.None));
    }

    [Fact]
    public async Task Lease_for_no_time_or_of_no_jobs_is_refused()
    {
        var jobs = new InMemoryBillingStore().Jobs;

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => jobs.LeaseAsync(JobKind.Hook, Start, TimeSpan.Zero, 1, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => jobs.LeaseAsync(JobKind.Hook, Start, TimeSpan.FromSeconds(1), 0, CancellationToken.None));
    }

    [Fact]
    public void Instants_are_counted_as_a_list_counts_them() => Prop.ForAll(
        ArbMap.Default.ArbFor<int[]>(),
        ArbMap.Default.ArbFor<int>(),
        ArbMap.Default.ArbFor<int>(),
        (minutes, from, to) =>
        {
            // Enough of them to fill chunks and to cut some.
            var instants = Enumerable.Range(0, 300).SelectMany(round => minutes.Select(minute => Start.AddMinutes(minute).AddSeconds(round))).ToList();
            var log = new InstantLog();
            foreach (var instant in instants)
                log.Add(instant);

            var (first, last) = (Start.AddMinutes(from), Start.AddMinutes(to));
            Assert.Equal(instants.Count(instant => instant >= first && instant < last), log.Count(first, last));
        }).QuickCheckThrowOnFailure();

    private static CustomerState State(string id, long version = 1) => new()
    {
        Customer = new Customer { Id = id, CreatedAt = Start },
        Version = version,
    };
}
