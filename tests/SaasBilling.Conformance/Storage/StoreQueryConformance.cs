using SaasBilling.Storage;

namespace SaasBilling.Conformance.Storage;

/// <summary>What every <see cref="IBillingStore"/> that is an <see cref="IStoreQueries"/> must do besides <see cref="StoreConformance"/>.</summary>
public abstract partial class StoreQueryConformance : StoreSuite
{
    private const int Customers = 60;
    private const int Rounds = 60;

    private IStoreQueries Queries => Assert.IsType<IStoreQueries>(Store, exactMatch: false);

    /// <summary>Every filter, against a plain look at everything.</summary>
    /// <param name="seed">What the world is made from.</param>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Customers_are_listed_as_a_plain_search_lists_them(int seed)
    {
        var world = await WorldAsync(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var filter = new CustomerFilter
            {
                Search = world.MaybeText(world.One("c", "c00", "c012", "C", "an", "anna@c", "Bob@c01", "b", "zz", "c0%", "c0_")),
                Status = world.Maybe(world.Status()),
                PlanKey = world.MaybeText(world.Plan()),
                IsDeleted = world.Maybe(world.Number(2) == 0),
            };
            var expected = world.Customers.Values
                .Where(state => IsFound(state.Customer, filter.Search))
                .Where(state => filter.Status is null && filter.PlanKey is null
                    || state.Subscriptions.Any(found => (filter.Status ?? found.Status) == found.Status && (filter.PlanKey ?? found.PlanKey) == found.PlanKey))
                .Where(state => filter.IsDeleted is null || filter.IsDeleted == (state.Customer.DeletedAt is not null))
                .OrderBy(state => state.Customer.Id, StringComparer.Ordinal)
                .ToList();

            var found = await PagesAsync(world.Number(9) + 1, state => CustomerFilter.PositionOf(state.Customer.Id), (after, count) => Queries.ListCustomersAsync(filter, after, count, Cancellation));

            Assert.Equal(expected.Select(state => state.Customer.Id), found.Select(state => state.Customer.Id));
            Assert.Equivalent(expected, found, strict: true);
        }
    }

    /// <summary>Every filter and order, against a plain look at everything.</summary>
    /// <param name="seed">What the world is made from.</param>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Subscriptions_are_listed_as_a_plain_search_lists_them(int seed)
    {
        var world = await WorldAsync(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var filter = SubscriptionFilterOf(world);

            var found = await PagesAsync(world.Number(9) + 1, filter.PositionOf, (after, count) => Queries.ListSubscriptionsAsync(filter, after, count, Cancellation));

            Assert.Equal(Plainly(world.Subscriptions, filter), found);
        }
    }

    /// <summary>Every filter and order, against a plain look at everything.</summary>
    /// <param name="seed">What the world is made from.</param>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Invoices_are_listed_as_a_plain_search_lists_them(int seed)
    {
        var world = await WorldAsync(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var filter = new InvoiceFilter
            {
                Status = world.Maybe(world.InvoiceStatus()),
                CustomerId = world.MaybeText(world.One([.. world.Customers.Keys])),
                Currency = world.Maybe(Currency.Of(world.One("USD", "EUR", "CHF"))),
                DueBefore = world.Maybe(world.Instant()),
                CreatedFrom = world.Maybe(world.Instant()),
                CreatedBefore = world.Maybe(world.Instant()),
            };
            var expected = world.Invoices.Values
                .Where(invoice => filter.Status is null || invoice.Status == filter.Status)
                .Where(invoice => filter.CustomerId is null || invoice.CustomerId == filter.CustomerId)
                .Where(invoice => filter.Currency is null || invoice.Total.Currency == filter.Currency)
                .Where(invoice => filter.DueBefore is null || (invoice.DueAt is { } due && due < filter.DueBefore))
                .Where(invoice => filter.CreatedFrom is null || invoice.CreatedAt >= filter.CreatedFrom)
                .Where(invoice => filter.CreatedBefore is null || invoice.CreatedAt < filter.CreatedBefore)
                .OrderBy(invoice => filter.DueBefore is null ? invoice.CreatedAt : invoice.DueAt!.Value)
                .ThenBy(invoice => invoice.CustomerId, StringComparer.Ordinal)
                .ThenBy(invoice => invoice.Id, StringComparer.Ordinal)
                .ToList();
            if (filter.DueBefore is null)
                expected.Reverse();

            var found = await PagesAsync(world.Number(9) + 1, filter.PositionOf, (after, count) => Queries.ListInvoicesAsync(filter, after, count, Cancellation));

            Assert.Equal(expected, found);
        }
    }

    /// <summary>Paging by place, not by number.</summary>
    /// <param name="seed">What the world is made from.</param>
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task What_does_not_change_between_two_pages_comes_once_whatever_else_does(int seed)
    {
        var world = await WorldAsync(seed);
        var filter = new SubscriptionFilter { PeriodEndsBefore = Given.At(600) };
        var before = Plainly(world.Subscriptions, filter);

        var found = await PagesAsync(
            5,
            filter.PositionOf,
            async (after, count) =>
            {
                var page = await Queries.ListSubscriptionsAsync(filter, after, count, Cancellation);
                await CommitAsync(world.NewCustomer());
                await CommitAsync(world.ChangeOne());
                return page;
            });

        var unchanged = before.Intersect(Plainly(world.Subscriptions, filter)).ToList();
        Assert.True(unchanged.Count > 20);
        Assert.All(unchanged, subscription => Assert.Single(found, subscription));
    }

    private static bool IsFound(Customer customer, string? search) =>
        search is null
        || (customer.Id.Length >= search.Length && customer.Id[..search.Length] == search)
        || (customer.Email?.ToUpperInvariant().IndexOf(search.ToUpperInvariant(), StringComparison.Ordinal) == 0);

    private static SubscriptionFilter SubscriptionFilterOf(RandomWorld world) => new()
    {
        Status = world.Maybe(world.Status()),
        PlanKey = world.MaybeText(world.Plan()),
        TrialEndsBefore = world.Maybe(world.Instant()),
        PastDueSinceBefore = world.Maybe(world.Instant()),
        CancelsBefore = world.Maybe(world.Instant()),
        PeriodEndsBefore = world.Maybe(world.Instant()),
    };

    private static List<Subscription> Plainly(IEnumerable<Subscription> subscriptions, SubscriptionFilter filter)
    {
        var found = subscriptions
            .Where(it => filter.Status is null || it.Status == filter.Status)
            .Where(it => filter.PlanKey is null || it.PlanKey == filter.PlanKey)
            .Where(it => filter.TrialEndsBefore is null || (it.Status == SubscriptionStatus.Trialing && it.Trial is { } trial && trial.End < filter.TrialEndsBefore))
            .Where(it => filter.PastDueSinceBefore is null || (it.EndedAt is null && it.PastDueSince is { } since && since < filter.PastDueSinceBefore))
            .Where(it => filter.CancelsBefore is null || (it.EndedAt is null && it.CancelsAt is { } at && at < filter.CancelsBefore))
            .Where(it => filter.PeriodEndsBefore is null || (it.EndedAt is null && it.CurrentPeriod.End < filter.PeriodEndsBefore))
            .OrderBy(it => filter switch
            {
                { TrialEndsBefore: not null } => it.Trial!.End,
                { PastDueSinceBefore: not null } => it.PastDueSince,
                { CancelsBefore: not null } => it.CancelsAt,
                { PeriodEndsBefore: not null } => it.CurrentPeriod.End,
                _ => it.CreatedAt,
            })
            .ThenBy(it => it.CustomerId, StringComparer.Ordinal)
            .ThenBy(it => it.Id, StringComparer.Ordinal)
            .ToList();
        if (filter is { TrialEndsBefore: null, PastDueSinceBefore: null, CancelsBefore: null, PeriodEndsBefore: null })
            found.Reverse();
        return found;
    }

    private static async Task<List<T>> PagesAsync<T>(int size, Func<T, ListPosition> positionOf, Func<ListPosition?, int, Task<IReadOnlyList<T>>> read)
    {
        var all = new List<T>();
        ListPosition? after = null;
        while (true)
        {
            var page = await read(after, size);
            Assert.InRange(page.Count, 0, size);
            all.AddRange(page);
            if (page.Count < size)
                return all;
            after = positionOf(page[^1]);
        }
    }

    private async Task<RandomWorld> WorldAsync(int seed)
    {
        var world = new RandomWorld(seed);
        for (var i = 0; i < Customers; i++)
            await CommitAsync(world.NewCustomer());
        for (var i = 0; i < Customers / 4; i++)
            await CommitAsync(world.ChangeOne());
        return world;
    }
}
