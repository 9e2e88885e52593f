using SaasBilling.Storage;

namespace SaasBilling.Providers;

/// <summary>
/// A provider that tells by webhooks that something changed. A webhook is a doorbell: what it says is not believed, the present is read instead with
/// <see cref="IBillingProvider.ReadCustomerAsync"/>.
/// </summary>
public interface IWebhookProvider
{
    /// <summary>Verifies a webhook and reads from it what it is about.</summary>
    /// <param name="body">The body, exactly as it came in.</param>
    /// <param name="header">Gives the value of a header by its name, case ignored; null where it is missing.</param>
    /// <param name="receivedAt">The present, UTC.</param>
    /// <returns>Null: it is genuine, and of a kind that changes nothing here.</returns>
    /// <exception cref="BillingException">
    /// <see cref="BillingErrorCode.InvalidWebhookSignature"/>: it was not signed with a secret of ours, or too long ago.
    /// <see cref="BillingErrorCode.MalformedWebhook"/>: it was, and cannot be read.
    /// </exception>
    InboxMessage? ReadWebhook(ReadOnlyMemory<byte> body, Func<string, string?> header, DateTimeOffset receivedAt);

    /// <summary>Whom a webhook is about.</summary>
    /// <param name="message">What <see cref="ReadWebhook"/> gave; its body may be forgotten by now.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The application's ids; empty: nobody that this application bills.</returns>
    Task<IReadOnlyList<string>> FindCustomersAsync(InboxMessage message, CancellationToken cancellationToken);
}
