using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using SaasBilling.EntityFrameworkCore.Commits;
using SaasBilling.EntityFrameworkCore.Database;
using SaasBilling.EntityFrameworkCore.Documents;
using SaasBilling.EntityFrameworkCore.Model;
using SaasBilling.EntityFrameworkCore.Queue;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore;

/// <summary>The store in the application's database.</summary>
internal sealed partial class EntityFrameworkStore(StoreRunner runner) : IBillingStore, ICheckedStore, IDisposable
{
    private const int PageSize = 1_000;

    public bool IsShared => true;

    public IJobQueue Jobs { get; } = new EntityFrameworkJobs(runner);

    public IInbox Inbox { get; } = new EntityFrameworkInbox(runner);

    public void Dispose() => runner.Dispose();

    public void ThrowIfNotReady() => runner.ThrowIfNotReady();

    public Task<CustomerState?> FindCustomerAsync(string customerId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(customerId);
        return FindAsync();

        async Task<CustomerState?> FindAsync()
        {
            var document = await runner.RunAsync(
                new StoreWork<string?>((context, token) => context.Customers.Where(row => row.Id == customerId).Select(row => row.State).FirstOrDefaultAsync(token))
                {
                    IsWrite = false,
                    Postgres = (statements, context, token) => statements.FindStateAsync(context, customerId, token),
                    Sqlite = (statements, line) => statements.FindState(line, customerId),
                },
                cancellationToken).ConfigureAwait(false);
            return document is null ? null : BillingDocuments.ReadState(customerId, document);
        }
    }

    public Task<CommitOutcome> CommitAsync(BillingCommit commit, CancellationToken cancellationToken)
    {
        BillingCommit.ThrowIfInconsistent(commit);
        var content = new CommitContent(commit, runner.Now);
        return runner.RunAsync(
            new StoreWork<CommitOutcome>((context, token) => CommitWriter.WriteAsync(context, content, token))
            {
                IsWrite = true,
                Postgres = (statements, context, token) => statements.Commit.WriteAsync(context, content, token),
                Sqlite = (statements, line) => statements.Commit.Write(line, content),
                AlreadyThere = static () => CommitOutcome.Conflict,
            },
            cancellationToken);
    }

    public Task<IReadOnlyList<Invoice>> GetInvoicesAsync(string customerId, IReadOnlyCollection<string>? ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(customerId);
        return ids is { Count: 0 } ? Task.FromResult<IReadOnlyList<Invoice>>([]) : runner.ReadAsync<IReadOnlyList<Invoice>>(
            async (context, token) =>
            {
                var rows = context.Invoices.Where(row => row.CustomerId == customerId);
                if (ids is not null)
                {
                    var wanted = ids.Distinct().ToArray();
                    rows = rows.Where(row => wanted.Contains(row.Id));
                }

                var found = await rows
                    .OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Version).ThenByDescending(row => row.Position)
                    .Select(row => new { row.Id, row.Data })
                    .ToListAsync(token).ConfigureAwait(false);
                return found.ConvertAll(row => BillingDocuments.ReadInvoice(customerId, row.Id, row.Data));
            },
            cancellationToken);
    }

    public Task<IReadOnlyList<BillingEvent>> GetEventsAsync(string customerId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(customerId);
        return runner.ReadAsync<IReadOnlyList<BillingEvent>>(
            async (context, token) =>
            {
                var rows = await context.Events.Where(row => row.CustomerId == customerId)
                    .OrderBy(row => row.Version).ThenBy(row => row.Position)
                    .Select(row => new { row.Id, row.Type, row.Data })
                    .ToListAsync(token).ConfigureAwait(false);
                return rows.ConvertAll(row => BillingDocuments.ReadEvent(customerId, row.Id, row.Type, row.Data));
            },
            cancellationToken);
    }

    public Task<bool> HasUsageAsync(string customerId, string meter, string key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(customerId);
        ArgumentNullException.ThrowIfNull(meter);
        ArgumentNullException.ThrowIfNull(key);
        return runner.ReadAsync(
            (context, token) => context.Usage.AnyAsync(row => row.CustomerId == customerId && row.Meter == meter && row.Key == key, token),
            cancellationToken);
    }

    // In pages, so that no connection is kept while somebody works on what was listed.
    public async IAsyncEnumerable<string> ListCustomersAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = "";
        while (true)
        {
            var after = last;
            var page = await runner.ReadAsync(
                (context, token) => context.Customers.Where(row => string.Compare(row.Id, after) > 0).OrderBy(row => row.Id).Select(row => row.Id).Take(PageSize).ToListAsync(token),
                cancellationToken).ConfigureAwait(false);
            foreach (var id in page)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return id;
            }

            if (page.Count < PageSize)
                yield break;
            last = page[^1];
        }
    }

    public async IAsyncEnumerable<MrrMovement> GetMovementsAsync(DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        UtcInstant end = before;
        var (at, id) = (new UtcInstant(0), long.MinValue);
        while (true)
        {
            var (lastAt, lastId) = (at, id);
            var page = await runner.ReadAsync(
                (context, token) => context.Movements.AsNoTracking()
                    .Where(row => row.At < end && (row.At > lastAt || (row.At == lastAt && row.Id > lastId)))
                    .OrderBy(row => row.At).ThenBy(row => row.Id)
                    .Take(PageSize)
                    .ToListAsync(token),
                cancellationToken).ConfigureAwait(false);
            foreach (var row in page)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return new MrrMovement(row.CustomerId, row.Currency, row.At, row.Kind, row.Delta);
            }

            if (page.Count < PageSize)
                yield break;
            (at, id) = (page[^1].At, page[^1].Id);
        }
    }

    public Task<int> CountEventsAsync(string eventType, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(eventType);
        UtcInstant first = from, end = to;
        return runner.ReadAsync(
            (context, token) => context.Events.CountAsync(row => row.Type == eventType && row.OccurredAt >= first && row.OccurredAt < end, token),
            cancellationToken);
    }

    public Task<TrialCounts> CountTrialsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        UtcInstant first = from, end = to;
        return runner.ReadAsync(
            async (context, token) => new TrialCounts(
                await context.Trials.CountAsync(row => row.EndedAt >= first && row.EndedAt < end, token).ConfigureAwait(false),
                await context.Trials.CountAsync(row => row.ConvertedAt >= first && row.ConvertedAt < end, token).ConfigureAwait(false)),
            cancellationToken);
    }
}
