namespace SaasBilling.Storage;

/// <summary>
/// What an <see cref="IBillingStore"/> implements too if it can list: without it, <see cref="IBilling.Queries"/> and the lists of
/// <see cref="IBilling.Operations"/> say that it cannot. A list has an order in which no two items are equal, and goes on after a place in it, so that a
/// page costs the same wherever it begins. Texts are compared as the store compares them, always in the same way.
/// </summary>
public interface IStoreQueries
{
    /// <summary>The state of customers, in the order of their ids.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="after">Only what comes after this place, that <see cref="CustomerFilter.PositionOf"/> gave; null: from the beginning.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<CustomerState>> ListCustomersAsync(CustomerFilter filter, ListPosition? after, int count, CancellationToken cancellationToken);

    /// <summary>The subscriptions that <see cref="CustomerState.Subscriptions"/> of all customers hold, by <see cref="SubscriptionFilter.PositionOf"/>: descending for <see cref="SubscriptionOrder.Newest"/>, else ascending.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="after">Only what comes after this place; null: from the beginning.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<Subscription>> ListSubscriptionsAsync(SubscriptionFilter filter, ListPosition? after, int count, CancellationToken cancellationToken);

    /// <summary>Invoices of all customers, by <see cref="InvoiceFilter.PositionOf"/>: ascending with <see cref="InvoiceFilter.DueBefore"/>, else descending.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="after">Only what comes after this place; null: from the beginning.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<Invoice>> ListInvoicesAsync(InvoiceFilter filter, ListPosition? after, int count, CancellationToken cancellationToken);

    /// <summary>Jobs, by <see cref="JobFilter.PositionOf"/>, ascending. Events and messages need not be handed out with them.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="after">Only what comes after this place; null: from the beginning.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<JobEntry>> ListJobsAsync(JobFilter filter, ListPosition? after, int count, CancellationToken cancellationToken);

    /// <summary>Webhooks, by <see cref="InboxFilter.PositionOf"/>, descending: newest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="after">Only what comes after this place; null: from the beginning.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<InboxEntry>> ListWebhooksAsync(InboxFilter filter, ListPosition? after, int count, CancellationToken cancellationToken);

    /// <summary>How much of each kind is due, leased, waiting for another try and quarantined; of every kind, in their order.</summary>
    /// <param name="now">The present, UTC.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<JobKindFigures>> GetKindFiguresAsync(DateTimeOffset now, CancellationToken cancellationToken);
}
