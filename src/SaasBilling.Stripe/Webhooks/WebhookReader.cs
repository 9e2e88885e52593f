using System.Text;
using SaasBilling.Storage;
using SaasBilling.Stripe.Setup;

namespace SaasBilling.Stripe.Webhooks;

/// <summary>Is a webhook Stripe's, and what is it about? Pure.</summary>
internal sealed class WebhookReader
{
    /// <summary>The provider's name in the inbox.</summary>
    internal const string Provider = "stripe";

    internal const string Header = "Stripe-Signature";

    private readonly byte[][] _secrets;
    private readonly TimeSpan _tolerance;
    private readonly bool _isLive;

    public WebhookReader(StripeBillingOptions options)
    {
        // The whole secret is the key, its whsec_ included.
        _secrets = [.. options.WebhookSecrets.Select(Encoding.UTF8.GetBytes)];
        _tolerance = options.WebhookTolerance;
        _isLive = StripeOptionsCheck.IsLive(options.ApiKey!);
    }

    /// <returns>Null: it is genuine, and changes nothing here.</returns>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidWebhookSignature"/>, <see cref="BillingErrorCode.MalformedWebhook"/>.</exception>
    public InboxMessage? Read(ReadOnlySpan<byte> body, string? signature, DateTimeOffset receivedAt)
    {
        if (string.IsNullOrEmpty(signature))
            throw Refused($"has no {Header} header: it does not come from Stripe, or something on the way took the header off");

        switch (SignatureCheck.Verify(body, signature, _secrets, receivedAt, _tolerance))
        {
            case SignatureVerdict.Malformed:
                throw Refused($"has a {Header} header that is not of Stripe's form");
            case SignatureVerdict.Foreign:
                throw Refused("is not signed with one of StripeBillingOptions.WebhookSecrets. Each endpoint has a secret of its own, in each mode, and so has 'stripe listen'; the body must be handed over exactly as it came");
            case SignatureVerdict.Stale:
                throw Refused($"was signed more than {_tolerance} ago. If it comes from Stripe, this machine's clock is ahead; Stripe sends it again with a new signature");
            case SignatureVerdict.Ahead:
                throw Refused($"was signed more than {_tolerance} from now. If it comes from Stripe, this machine's clock is behind; Stripe sends it again with a new signature");
        }

        var envelope = EventEnvelope.Read(body);
        if (envelope.Type is null)
            return null;
        if (envelope.IsLive != _isLive)
            throw Refused($"is of {Mode(envelope.IsLive)} mode, and StripeBillingOptions.ApiKey is a {Mode(_isLive)} key. Use the key and the secrets of one mode; Stripe sends it again meanwhile");

        return new InboxMessage
        {
            Provider = Provider,
            EventId = envelope.EventId,
            IsLive = envelope.IsLive,
            Type = envelope.Type,
            ObjectId = envelope.ObjectId,
            Subject = envelope.CustomerId ?? envelope.ObjectId ?? envelope.EventId,
            ReceivedAt = receivedAt,
        };
    }

    private static string Mode(bool isLive) => isLive ? "live" : "test";

    private static BillingException Refused(string why) => new(BillingErrorCode.InvalidWebhookSignature, $"The webhook {why}.");
}
