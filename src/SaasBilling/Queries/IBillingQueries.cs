namespace SaasBilling;

/// <summary>
/// Lists over all customers, in pages. The order is stable: while rows change between two pages, none is left out and none comes twice but those that
/// changed. A page costs the same wherever it is in the list.
/// </summary>
public interface IBillingQueries
{
    /// <summary>Customers, in the order of their ids.</summary>
    /// <param name="filter">Which; null: all.</param>
    /// <param name="after"><see cref="Page{T}.Next"/> of the page before; null: from the beginning.</param>
    /// <param name="pageSize">At most so many, from 1 to 500.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException">
    /// <see cref="BillingErrorCode.InvalidArgument"/>: <paramref name="after"/> is not what this list gave, or <paramref name="pageSize"/> is out of range.
    /// </exception>
    Task<Page<CustomerSummary>> ListCustomersAsync(CustomerFilter? filter = null, string? after = null, int pageSize = 50, CancellationToken cancellationToken = default);

    /// <summary>
    /// Subscriptions that are live or still owe an invoice, and of each customer and name the last one that ended; in the order that
    /// <see cref="SubscriptionFilter"/> says.
    /// </summary>
    /// <param name="filter">Which; null: all.</param>
    /// <param name="after"><see cref="Page{T}.Next"/> of the page before; null: from the beginning.</param>
    /// <param name="pageSize">At most so many, from 1 to 500.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException">
    /// <see cref="BillingErrorCode.InvalidArgument"/>: <paramref name="after"/> is not what this list gave, or <paramref name="pageSize"/> is out of range.
    /// </exception>
    Task<Page<Subscription>> ListSubscriptionsAsync(SubscriptionFilter? filter = null, string? after = null, int pageSize = 50, CancellationToken cancellationToken = default);

    /// <summary>Invoices, in the order that <see cref="InvoiceFilter"/> says.</summary>
    /// <param name="filter">Which; null: all.</param>
    /// <param name="after"><see cref="Page{T}.Next"/> of the page before; null: from the beginning.</param>
    /// <param name="pageSize">At most so many, from 1 to 500.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException">
    /// <see cref="BillingErrorCode.InvalidArgument"/>: <paramref name="after"/> is not what this list gave, or <paramref name="pageSize"/> is out of range.
    /// </exception>
    Task<Page<Invoice>> ListInvoicesAsync(InvoiceFilter? filter = null, string? after = null, int pageSize = 50, CancellationToken cancellationToken = default);
}
