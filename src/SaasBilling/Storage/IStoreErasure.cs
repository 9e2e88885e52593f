namespace SaasBilling.Storage;

/// <summary>What an <see cref="IBillingStore"/> implements too if it can forget who somebody was: without it, <see cref="ICustomerBilling.EraseAsync"/> says that it cannot.</summary>
public interface IStoreErasure
{
    /// <summary>Puts a state and events without personal data in the place of those that have it, at once, or nothing. Nothing else is changed, and no event is raised.</summary>
    /// <param name="erasure">What to write.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<CommitOutcome> EraseAsync(BillingErasure erasure, CancellationToken cancellationToken);

    /// <summary>
    /// Forgets the bodies of webhooks that are about one customer, whatever became of them: those whose subject or object has one of these ids, and all
    /// that have the same subject as one of those.
    /// </summary>
    /// <param name="ids">Ids of the customer, and of what they have: subscriptions, invoices, payment methods.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How many bodies were forgotten.</returns>
    Task<int> ForgetWebhooksAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken);
}

/// <summary>A customer without personal data.</summary>
public sealed record BillingErasure
{
    /// <summary>The state; its version is <see cref="ExpectedVersion"/> + 1, and its wake-up is that of the stored one.</summary>
    public required CustomerState Customer { get; init; }

    /// <summary>The version that the stored state must have.</summary>
    public required long ExpectedVersion { get; init; }

    /// <summary>The events to overwrite, by id, also where a job still waits to deliver them; ids, types, order and instants are as they were.</summary>
    public IReadOnlyList<BillingEvent> Events { get; init; } = [];
}
