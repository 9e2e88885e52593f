using System.Diagnostics;
using SaasBilling.EntityFrameworkCore.Postgres;
using SaasBilling.EntityFrameworkCore.Sqlite;

namespace SaasBilling.EntityFrameworkCore.Database;

/// <summary>Runs the store's work: each piece in a scope of its own, again when another transaction was in the way, and with one kind of exception.</summary>
internal sealed class StoreRunner(ContextSource contexts, TimeProvider time) : IDisposable
{
    private const int MostTries = 8;

    // SQLite has waited for its lock itself by then.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(5);

    private readonly SemaphoreSlim _writer = new(1, 1);
    private readonly SqliteLines _lines = new();

    public ContextSource Contexts => contexts;

    /// <summary>Whether every database is treated as one of which nothing is known.</summary>
    public bool IsNeutral { get; init; }

    /// <summary>The present of this machine.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    public void Dispose()
    {
        _lines.Dispose();
        _writer.Dispose();
    }

    /// <summary>Reads.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.StoreUnavailable"/>, or <see cref="BillingErrorCode.InvalidState"/>: tables are missing.</exception>
    public Task<T> ReadAsync<T>(Func<BillingDbContext, CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        RunAsync(new StoreWork<T>(work) { IsWrite = false }, cancellationToken);

    /// <summary>Writes, in a transaction that is committed when the work returns.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.StoreUnavailable"/>, or <see cref="BillingErrorCode.InvalidState"/>: tables are missing.</exception>
    public Task<T> WriteAsync<T>(Func<BillingDbContext, CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        RunAsync(new StoreWork<T>(work) { IsWrite = true }, cancellationToken);

    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidState"/>: the context is not set up for billing, or tables are missing.</exception>
    public void ThrowIfNotReady()
    {
        IReadOnlyList<string> faults;
        using (var session = contexts.Open())
        {
            session.Gate?.Wait();
            try
            {
                faults = BillingSchema.Faults(session.Context);
            }
            catch (Exception exception) when (DatabaseFaults.Of(exception) is DatabaseFault.Unavailable or DatabaseFault.InTheWay)
            {
                // A database that is down for a moment keeps no application from starting; each call says what is wrong until it is back.
                return;
            }
            finally
            {
                session.Gate?.Release();
            }
        }

        if (faults.Count > 0)
        {
            throw new BillingException(
                BillingErrorCode.InvalidState,
                $"The billing tables of {contexts.ContextName} are not those of this version:\n- {string.Join("\n- ", faults)}\nApply the application's migrations (after a change of the model: add one), or call EnsureSaasBillingSchemaAsync() before the host starts, which creates tables that are missing, and adds no columns.");
        }
    }

    /// <summary>Reads or writes, on the shortest road that there is.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.StoreUnavailable"/>, or <see cref="BillingErrorCode.InvalidState"/>: tables are missing.</exception>
    public async Task<T> RunAsync<T>(StoreWork<T> work, CancellationToken cancellationToken)
    {
        var started = Stopwatch.StartNew();
        for (var tries = 1; ; tries++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return await TryAsync(work, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not (OperationCanceledException or BillingException))
            {
                // A provider may answer a canceled call with a fault of its own.
                cancellationToken.ThrowIfCancellationRequested();
                var fault = DatabaseFaults.Of(exception);
                if (fault == DatabaseFault.AlreadyThere && work.AlreadyThere is { } answer)
                    return answer();
                if (fault is not (DatabaseFault.InTheWay or DatabaseFault.AlreadyThere) || tries == MostTries || started.Elapsed > LongestWait)
                {
                    if (Meaning(fault, exception) is { } told)
                        throw told;
                    throw;
                }
            }

            await Task.Delay(FirstDelay * (1 << tries) * (0.5 + Jitter()), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<T> TryAsync<T>(StoreWork<T> work, CancellationToken cancellationToken)
    {
        var session = contexts.Open();
        await using (session.ConfigureAwait(false))
        {
            var sqlite = IsNeutral ? null : SqliteStatements.For(session);
            if (sqlite is not null && session.Gate is null && work.SqliteHas is { } has && await OnSqliteAsync(session, has, isWrite: false, sqlite, cancellationToken).ConfigureAwait(false))
                return work.AlreadyThere!();

            // Writers of this process wait for each other here: in SQLite they would sleep and try again.
            var gate = session.Gate ?? (work.IsWrite && sqlite is not null ? _writer : null);
            if (gate is not null)
                await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                if (work.Sqlite is not null && sqlite is not null)
                    return await OnSqliteAsync(session, work.Sqlite, work.IsWrite, sqlite, cancellationToken).ConfigureAwait(false);
                if (work.Postgres is not null && !IsNeutral && PostgresStatements.For(session) is { } postgres)
                    return await work.Postgres(postgres, session.Application, cancellationToken).ConfigureAwait(false);
                return work.IsWrite
                    ? await InTransactionAsync(session.Context, work.Neutral, cancellationToken).ConfigureAwait(false)
                    : await work.Neutral(session.Context, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                gate?.Release();
            }
        }
    }

    private async Task<T> OnSqliteAsync<T>(ContextSource.Session session, Func<SqliteStatements, SqliteLine, T> work, bool isWrite, SqliteStatements statements, CancellationToken cancellationToken)
    {
        var line = await _lines.TakeAsync(session, statements, cancellationToken).ConfigureAwait(false);
        try
        {
            if (isWrite)
                line.Begin();
            var result = work(statements, line);
            if (isWrite)
                line.Commit();
            _lines.Return(line);
            return result;
        }
        catch
        {
            line.Dispose();
            throw;
        }
    }

    private static async Task<T> InTransactionAsync<T>(BillingDbContext context, Func<BillingDbContext, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        var transaction = await context.Database.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            var result = await work(context, cancellationToken).ConfigureAwait(false);

            // From here on it is written or not, whoever waits for it.
            await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
            return result;
        }
    }

    private BillingException? Meaning(DatabaseFault fault, Exception exception) => fault switch
    {
        DatabaseFault.Unavailable => new BillingException(
            BillingErrorCode.StoreUnavailable,
            $"The billing database of {contexts.ContextName} is unavailable: {exception.GetBaseException().Message} Nothing was answered for certain; the same call can be made again when it is back.",
            exception),
        DatabaseFault.InTheWay or DatabaseFault.AlreadyThere => new BillingException(
            BillingErrorCode.StoreUnavailable,
            $"The billing database of {contexts.ContextName} is too busy: other transactions were in the way at every try. Nothing was changed; the same call can be made again.",
            exception),
        DatabaseFault.NoTable => new BillingException(
            BillingErrorCode.InvalidState,
            $"The billing tables of {contexts.ContextName} are not those of this version: {exception.GetBaseException().Message} Apply the application's migrations, or call EnsureSaasBillingSchemaAsync().",
            exception),
        _ => null,
    };

    // So that those who were in each other's way are not again.
    private static double Jitter() => Random.Shared.NextDouble();
}
