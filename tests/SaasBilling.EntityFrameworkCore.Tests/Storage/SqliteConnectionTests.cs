using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SaasBilling.Conformance.Storage;
using SaasBilling.EntityFrameworkCore.Sqlite;
using SaasBilling.EntityFrameworkCore.Tests.Databases;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Tests.Storage;

/// <summary>The store keeps a connection for a moment, so that statements stay prepared; nobody may notice.</summary>
public sealed class SqliteConnectionTests
{
    [Fact]
    public async Task A_file_that_was_deleted_and_made_anew_is_the_one_that_is_written()
    {
        using var file = new SqliteFile();
        await using var host = new StoreHost<PlainContext>(options => options.UseSqlite(file.ConnectionString));
        await host.UseAsync(context => context.Database.EnsureSaasBillingSchemaAsync());
        await host.Store.CommitAsync(Given.Commit("before"), CancellationToken.None);

        await host.UseAsync(async context =>
        {
            await context.Database.EnsureDeletedAsync();
            await context.Database.EnsureSaasBillingSchemaAsync();
        });

        Assert.Null(await host.Store.FindCustomerAsync("before", CancellationToken.None));
        Assert.Equal(CommitOutcome.Committed, await host.Store.CommitAsync(Given.Commit("after"), CancellationToken.None));
        await host.UseAsync(async context => Assert.Equal(["after"], await context.Database.SqlQueryRaw<string>("SELECT id AS \"Value\" FROM billing_customers").ToListAsync()));
    }

    [Fact]
    public async Task A_connection_that_is_intercepted_is_the_context_s_own()
    {
        using var file = new SqliteFile();
        var opened = new Opened();
        await using var host = new StoreHost<PlainContext>(options => options.UseSqlite(file.ConnectionString).AddInterceptors(opened));
        await host.UseAsync(context => context.Database.EnsureSaasBillingSchemaAsync());
        var before = opened.Count;

        await host.Store.CommitAsync(Given.Commit("acme"), CancellationToken.None);
        await host.Store.FindCustomerAsync("acme", CancellationToken.None);

        Assert.Equal(before + 2, opened.Count);
    }

    /// <summary>Also before a transaction begins, which is when SQLite waits.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Others_are_waited_for_as_long_as_the_context_s_command_timeout_says(bool isIntercepted)
    {
        using var file = new SqliteFile();
        await using var host = new StoreHost<PlainContext>(options => options.UseSqlite(file.ConnectionString, sqlite => sqlite.CommandTimeout(7)).AddInterceptors(isIntercepted ? [new Opened()] : []));
        await host.UseAsync(context => context.Database.EnsureSaasBillingSchemaAsync());
        using var lines = new SqliteLines();
        using var session = host.Contexts.Open();

        using var line = await lines.TakeAsync(session, SqliteStatements.For(session)!, CancellationToken.None);

        Assert.Equal(7, Assert.IsType<SqliteConnection>(line.Command("SELECT 1").Connection).DefaultTimeout);
    }

    [Fact]
    public async Task Writers_of_one_process_wait_for_each_other()
    {
        using var file = new SqliteFile();
        await using var host = new StoreHost<PlainContext>(options => options.UseSqlite($"{file.ConnectionString};Default Timeout=1"));
        await host.UseAsync(context => context.Database.EnsureSaasBillingSchemaAsync());

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => host.Store.CommitAsync(Given.Commit($"customer-{i}"), CancellationToken.None))));

        Assert.All(outcomes, outcome => Assert.Equal(CommitOutcome.Committed, outcome));
    }

    private sealed class Opened : DbConnectionInterceptor
    {
        public int Count { get; private set; }

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Count++;
            return Task.CompletedTask;
        }
    }
}
