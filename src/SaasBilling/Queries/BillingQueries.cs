using SaasBilling.Storage;

namespace SaasBilling.Queries;

/// <summary>Checks the filters, and pages.</summary>
internal sealed class BillingQueries(IBillingStore store) : IBillingQueries
{
    private IStoreQueries Store => Paging.Queries(store);

    public Task<Page<CustomerSummary>> ListCustomersAsync(CustomerFilter? filter = null, string? after = null, int pageSize = 50, CancellationToken cancellationToken = default)
    {
        filter ??= new CustomerFilter();
        if (filter.Status is { } status)
            Checks.Defined(status);
        if (string.IsNullOrWhiteSpace(filter.Search))
            filter = filter with { Search = null };
        else if (Checks.IdentifierFault(filter.Search, Bounds.Email) is { } fault)
            throw Checks.Invalid($"Search cannot be used. {fault}");

        return Paging.PageAsync(
            "customers",
            after,
            pageSize,
            (position, count) => Store.ListCustomersAsync(filter, position, count, cancellationToken),
            state => CustomerFilter.PositionOf(state.Customer.Id),
            state => new CustomerSummary(state.Customer, state.Subscriptions, state.AccessWasGranted));
    }

    public Task<Page<Subscription>> ListSubscriptionsAsync(SubscriptionFilter? filter = null, string? after = null, int pageSize = 50, CancellationToken cancellationToken = default)
    {
        filter ??= new SubscriptionFilter();
        if (filter.Status is { } status)
            Checks.Defined(status);

        return Paging.PageAsync(
            $"subscriptions by {filter.Order}",
            after,
            pageSize,
            (position, count) => Store.ListSubscriptionsAsync(filter, position, count, cancellationToken),
            filter.PositionOf,
            subscription => subscription);
    }

    public Task<Page<Invoice>> ListInvoicesAsync(InvoiceFilter? filter = null, string? after = null, int pageSize = 50, CancellationToken cancellationToken = default)
    {
        filter ??= new InvoiceFilter();
        if (filter.Status is { } status)
            Checks.Defined(status);
        if (filter.Currency is { IsNone: true })
            throw Checks.Invalid("Currency is a default value, which is no currency. Use Currency.Of, or leave it null.");

        return Paging.PageAsync(
            filter.DueBefore is null ? "invoices by CreatedAt" : "invoices by DueAt",
            after,
            pageSize,
            (position, count) => Store.ListInvoicesAsync(filter, position, count, cancellationToken),
            filter.PositionOf,
            invoice => invoice);
    }
}
