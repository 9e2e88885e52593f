using Microsoft.Extensions.DependencyInjection;
using SaasBilling.InMemory;
using SaasBilling.Storage;
using SaasBilling.Tests.Billing;
using FaultyStore = SaasBilling.Tests.Road.FaultyStore;

namespace SaasBilling.Tests.Queries;

public sealed class BillingQueriesTests
{
    private const string Unreadable = "The continuation token cannot be read. Pass on the Next of the page before, as it is.";

    [Fact]
    public async Task A_list_goes_on_where_the_page_before_ended()
    {
        await using var app = await AppAsync(7);
        var queries = app.Billing.Queries;

        var first = await queries.ListCustomersAsync(pageSize: 3);
        var second = await queries.ListCustomersAsync(after: first.Next, pageSize: 2);
        var last = await queries.ListCustomersAsync(after: second.Next, pageSize: 2);

        Assert.Equal(["c0", "c1", "c2"], first.Items.Select(found => found.Customer.Id));
        Assert.Equal(["c3", "c4"], second.Items.Select(found => found.Customer.Id));
        Assert.Equal(["c5", "c6"], last.Items.Select(found => found.Customer.Id));
        Assert.Null(last.Next);
        Assert.Equal(("pro", true), (last.Items[0].Subscriptions[0].PlanKey, last.Items[0].HasAccess));
    }

    [Fact]
    public async Task Every_list_pages_to_its_end()
    {
        await using var app = await AppAsync(7);
        var queries = app.Billing.Queries;

        Assert.Equal(7, await CountAsync(after => queries.ListCustomersAsync(after: after, pageSize: 2)));
        Assert.Equal(7, await CountAsync(after => queries.ListSubscriptionsAsync(after: after, pageSize: 2)));
        Assert.Equal(7, await CountAsync(after => queries.ListSubscriptionsAsync(new() { PeriodEndsBefore = app.Now.AddDays(40) }, after, 3)));
        Assert.Equal(7, await CountAsync(after => queries.ListInvoicesAsync(new() { Status = InvoiceStatus.Paid }, after, 7)));
        Assert.Equal(7, await CountAsync(after => app.Billing.Operations.ListJobsAsync(after: after, pageSize: 5)));
        Assert.Equal(0, await CountAsync(after => app.Billing.Operations.ListWebhooksAsync(after: after)));
    }

    [Fact]
    public async Task A_dashboard_finds_trials_that_end_payments_that_fail_and_those_who_leave()
    {
        await using var app = await AppAsync(2);
        await app.Billing.For("trying").StartTrialAsync("pro");
        await app.Billing.For("c1").AddPaymentMethodAsync(TestPaymentMethods.DeclinedAfterAttaching);
        await app.DaysAsync(10);
        await app.Billing.For("c0").CancelAsync();
        var queries = app.Billing.Queries;

        Assert.Empty((await queries.ListSubscriptionsAsync(new() { TrialEndsBefore = app.Now.AddDays(3) })).Items);
        Assert.Equal("trying", Assert.Single((await queries.ListSubscriptionsAsync(new() { TrialEndsBefore = app.Now.AddDays(5) })).Items).CustomerId);
        Assert.Equal("c0", Assert.Single((await queries.ListSubscriptionsAsync(new() { CancelsBefore = app.Now.AddDays(40) })).Items).CustomerId);
        await app.DaysAsync(22);
        Assert.Equal("c1", Assert.Single((await queries.ListSubscriptionsAsync(new() { PastDueSinceBefore = app.Now })).Items).CustomerId);
        Assert.Equal("c1", Assert.Single((await queries.ListCustomersAsync(new() { Status = SubscriptionStatus.PastDue })).Items).Customer.Id);
        Assert.Equal(["c0", "trying"], (await queries.ListCustomersAsync(new() { Status = SubscriptionStatus.Canceled })).Items.Select(found => found.Customer.Id));
        Assert.Equal("c1", Assert.Single((await queries.ListInvoicesAsync(new() { Status = InvoiceStatus.Open })).Items).CustomerId);
        Assert.Empty((await queries.ListSubscriptionsAsync(new() { TrialEndsBefore = app.Now })).Items);
    }

    [Fact]
    public async Task Customers_are_found_by_the_beginning_of_their_id_or_address()
    {
        await using var app = await AppAsync(1);
        await app.Billing.For("Zoo").EnsureCustomerAsync(new() { Email = "Billing@Zoo.example" });
        var queries = app.Billing.Queries;

        foreach (var (search, found) in new[] { ("Zo", 1), ("zo", 0), ("billing@z", 1), ("BILLING", 1), ("zoo.example", 0), (" ", 2), ("", 2), ("%", 0) })
            Assert.Equal(found, (await queries.ListCustomersAsync(new() { Search = search })).Items.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(501)]
    [InlineData(int.MaxValue)]
    public async Task A_page_is_neither_empty_nor_enormous(int pageSize)
    {
        await using var app = new BillingApp();

        await app.RefusedAsync(BillingErrorCode.InvalidArgument, $"A page of {pageSize} cannot be listed. Use a page size from 1 to 500.", () => app.Billing.Queries.ListInvoicesAsync(pageSize: pageSize));
        Assert.Empty((await app.Billing.Queries.ListInvoicesAsync(pageSize: 500)).Items);
    }

    [Fact]
    public async Task A_token_of_another_list_or_order_is_refused()
    {
        await using var app = await AppAsync(3);
        var queries = app.Billing.Queries;
        var customers = (await queries.ListCustomersAsync(pageSize: 1)).Next;
        var newest = (await queries.ListSubscriptionsAsync(pageSize: 1)).Next;

        await app.RefusedAsync(
            BillingErrorCode.InvalidArgument,
            "The continuation token is of the list 'customers', and this is the list 'invoices by CreatedAt'. Pass on the Next of the page before, with the same filter.",
            () => queries.ListInvoicesAsync(after: customers));
        await app.RefusedAsync(
            BillingErrorCode.InvalidArgument,
            "The continuation token is of the list 'subscriptions by Newest', and this is the list 'subscriptions by TrialEnd'. Pass on the Next of the page before, with the same filter.",
            () => queries.ListSubscriptionsAsync(new() { TrialEndsBefore = app.Now }, newest));
    }

    [Fact]
    public async Task A_token_that_was_changed_anywhere_is_refused()
    {
        await using var app = await AppAsync(3);
        var queries = app.Billing.Queries;
        var token = (await queries.ListSubscriptionsAsync(pageSize: 1)).Next!;

        for (var i = 0; i < token.Length; i++)
        {
            var changed = token.ToCharArray();
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            await RefusedAsync(new string(changed));
            await RefusedAsync(token[..i]);
        }

        foreach (var other in new[] { token + "A", token + "====", "ü", "{}", new string('A', 10_000), "AAAAAAAAAAAAAAAA" })
            await RefusedAsync(other);

        Task RefusedAsync(string after) => app.RefusedAsync(BillingErrorCode.InvalidArgument, Unreadable, () => queries.ListSubscriptionsAsync(after: after));
    }

    [Fact]
    public async Task Unknown_values_of_a_filter_are_refused()
    {
        await using var app = new BillingApp();
        var queries = app.Billing.Queries;

        await app.RefusedAsync(BillingErrorCode.InvalidArgument, "Currency is a default value, which is no currency. Use Currency.Of, or leave it null.", () => queries.ListInvoicesAsync(new() { Currency = default(Currency) }));
        await app.RefusedAsync(BillingErrorCode.InvalidArgument, "9 is not a InvoiceStatus. Use InvoiceStatus.Draft, InvoiceStatus.Open, InvoiceStatus.Paid, InvoiceStatus.Uncollectible or InvoiceStatus.Void.", () => queries.ListInvoicesAsync(new() { Status = (InvoiceStatus)9 }));
        await app.RefusedAsync(BillingErrorCode.InvalidArgument, "Search cannot be used. It has 321 characters. Use at most 320.", () => queries.ListCustomersAsync(new() { Search = new string('x', 321) }));
        await app.RefusedAsync(BillingErrorCode.InvalidArgument, "Search cannot be used. It has a control character. Remove it.", () => queries.ListCustomersAsync(new() { Search = "a\0" }));
    }

    [Fact]
    public async Task A_store_that_cannot_list_or_erase_says_so()
    {
        await using var app = new BillingApp(builder => builder.Services.AddSingleton<IBillingStore>(new FaultyStore()));
        await app.Acme.EnsureCustomerAsync();

        await app.RefusedAsync(BillingErrorCode.NotSupportedByStore, "The billing store FaultyStore cannot list (IStoreQueries). Use a store that can, or do without.", () => app.Billing.Queries.ListCustomersAsync());
        await app.RefusedAsync(BillingErrorCode.NotSupportedByStore, "The billing store FaultyStore cannot erase (IStoreErasure). Use a store that can, or do without.", () => app.Acme.EraseAsync());
    }

    private static async Task<int> CountAsync<T>(Func<string?, Task<Page<T>>> list)
    {
        var items = new List<T>();
        string? after = null;
        do
        {
            var page = await list(after);
            Assert.True(page.Items.Count > 0 || after is null);
            items.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        Assert.Equal(items.Count, items.Distinct().Count());
        return items.Count;
    }

    private static async Task<BillingApp> AppAsync(int customers)
    {
        var app = new BillingApp();
        for (var i = 0; i < customers; i++)
            await app.SubscribedAsync(customerId: $"c{i}");
        await app.Simulator.RunUntilIdleAsync();
        return app;
    }
}
