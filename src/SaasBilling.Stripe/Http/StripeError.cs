using System.Text.Json;

namespace SaasBilling.Stripe.Http;

/// <summary>What Stripe says of a request that it did not do.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Type">Such as <c>card_error</c>, <c>invalid_request_error</c>, <c>idempotency_error</c>.</param>
/// <param name="Code">Such as <c>resource_missing</c>; null: none.</param>
/// <param name="DeclineCode">The bank's reason; null: none.</param>
/// <param name="Message">In words; null: none.</param>
/// <param name="Param">The parameter that it is about; null: none.</param>
/// <param name="RequestId">Stripe's name of the request.</param>
internal sealed record StripeError(int Status, string Type, string? Code, string? DeclineCode, string? Message, string? Param, string? RequestId)
{
    public bool IsDecline => Status == 402;

    /// <summary>The key was used before, for a request with other parameters.</summary>
    public bool IsKeyReused => Type == "idempotency_error";

    public bool IsMissing => Code == "resource_missing" || Status == 404;

    /// <returns>Null: the body is not an error of Stripe's.</returns>
    public static StripeError? Read(StripeResponse response)
    {
        try
        {
            using var document = JsonDocument.Parse(response.Body);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("error", out var error) || error.ValueKind != JsonValueKind.Object)
                return null;

            return new StripeError(
                response.Status,
                Text(error, "type") ?? "api_error",
                Text(error, "code"),
                Text(error, "decline_code"),
                Text(error, "message"),
                Text(error, "param"),
                response.RequestId);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement error, string name) =>
        error.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>What Stripe refused, so that the provider can tell a refusal that is a state (a declined card) from one that is not.</summary>
internal sealed class StripeException(StripeError error, BillingErrorCode code, string message) : BillingException(code, message)
{
    public StripeError Error { get; } = error;
}
