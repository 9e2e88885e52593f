using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SaasBilling.EntityFrameworkCore.Database;
using SaasBilling.EntityFrameworkCore.Queries;
using SaasBilling.EntityFrameworkCore.Tests.Databases;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Tests.Storage;

/// <summary>A list is read from an index, from its place on, whatever is in the table.</summary>
public sealed class ListPlanTests : IAsyncDisposable
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ListPosition After = new(At.AddDays(-9), "c1", "s1");

    private readonly SqliteConnection _connection = new("Data Source=:memory:");

    [Theory]
    [InlineData("ix_billing_subscriptions_created_at (created_at<?)", nameof(SubscriptionOrder.Newest))]
    [InlineData("ix_billing_subscriptions_trial_end (status=? AND trial_end>? AND trial_end<?)", nameof(SubscriptionOrder.TrialEnd))]
    [InlineData("ix_billing_subscriptions_past_due_since (ended_at=? AND past_due_since>? AND past_due_since<?)", nameof(SubscriptionOrder.PastDueSince))]
    [InlineData("ix_billing_subscriptions_cancels_at (ended_at=? AND cancels_at>? AND cancels_at<?)", nameof(SubscriptionOrder.CancelsAt))]
    [InlineData("ix_billing_subscriptions_period_end (ended_at=? AND period_end>? AND period_end<?)", nameof(SubscriptionOrder.PeriodEnd))]
    public async Task Subscriptions_are_read_in_the_order_of_an_index(string search, string order)
    {
        var filter = order switch
        {
            nameof(SubscriptionOrder.TrialEnd) => new SubscriptionFilter { TrialEndsBefore = At },
            nameof(SubscriptionOrder.PastDueSince) => new SubscriptionFilter { PastDueSinceBefore = At },
            nameof(SubscriptionOrder.CancelsAt) => new SubscriptionFilter { CancelsBefore = At },
            nameof(SubscriptionOrder.PeriodEnd) => new SubscriptionFilter { PeriodEndsBefore = At },
            _ => new SubscriptionFilter(),
        };

        await PlanIsAsync(search, context => Place.After(CustomerLists.Subscriptions(context, filter), After, filter.Order == SubscriptionOrder.Newest).Take(50));
    }

    [Fact]
    public async Task Subscriptions_of_a_status_or_a_plan_are_read_in_the_order_of_an_index()
    {
        await PlanIsAsync(
            "ix_billing_subscriptions_status (status=? AND created_at<?)",
            context => Place.After(CustomerLists.Subscriptions(context, new() { Status = SubscriptionStatus.PastDue }), After, descending: true).Take(50));
        await PlanIsAsync(
            "ix_billing_subscriptions_plan (plan_key=? AND created_at<?)",
            context => Place.After(CustomerLists.Subscriptions(context, new() { PlanKey = "pro" }), After, descending: true).Take(50));
    }

    [Fact]
    public async Task Invoices_are_read_in_the_order_of_an_index()
    {
        await InvoicesAsync("ix_billing_invoices_newest (created_at<?)", new());
        await InvoicesAsync("ix_billing_invoices_status (status=? AND created_at<?)", new() { Status = InvoiceStatus.Open });
        await InvoicesAsync("ix_billing_invoices_currency (currency=? AND created_at<?)", new() { Currency = Currency.Of("CHF") });
        await InvoicesAsync("ix_billing_invoices_due_at (due_at>? AND due_at<?)", new() { DueBefore = At });

        Task InvoicesAsync(string search, InvoiceFilter filter) => PlanIsAsync(
            search,
            context => Place.After(CustomerLists.Invoices(context, filter), After, filter.DueBefore is null).Take(50));
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    // What is sorted beside it would be read in full first.
    private async Task PlanIsAsync(string search, Func<BillingDbContext, IQueryable<Placed>> list)
    {
        if (_connection.State != System.Data.ConnectionState.Open)
            await _connection.OpenAsync();
        await using var host = new StoreHost<PlainContext>(options => options.UseSqlite(_connection));
        await host.UseAsync(context => context.Database.EnsureSaasBillingSchemaAsync());
        await using var session = host.Contexts.Open();
        await using var command = list(session.Context).CreateDbCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN {command.CommandText}";
        var steps = new List<string>();
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                steps.Add(reader.GetString(3));
        }

        Assert.Equal(search, steps[0].Split("INDEX ")[^1]);
        Assert.DoesNotContain(steps, step => step.Contains("SCAN", StringComparison.Ordinal) || step.Contains("TEMP B-TREE", StringComparison.Ordinal));
    }
}
