using Microsoft.Extensions.Logging;
using SaasBilling.Stripe.Http;

namespace SaasBilling.Stripe.Diagnostics;

/// <summary>Every message that the provider logs. Event ids are stable; messages name ids and paths, never parameters, payloads or secrets.</summary>
internal static partial class StripeLog
{
    [LoggerMessage(EventId = 600, EventName = "StripeAnswered", Level = LogLevel.Debug,
        Message = "Stripe answered {Request} with {Status} in {Elapsed} (request id {RequestId})")]
    public static partial void Answered(ILogger logger, StripeRequest request, int status, TimeSpan elapsed, string? requestId);

    [LoggerMessage(EventId = 601, EventName = "StripeRetried", Level = LogLevel.Warning,
        Message = "Stripe's answer to {Request} was {Outcome} (request id {RequestId}); attempt {Attempt} is repeated under the same key after {Delay}")]
    public static partial void Retried(ILogger logger, StripeRequest request, string outcome, string? requestId, int attempt, TimeSpan delay);

    [LoggerMessage(EventId = 602, EventName = "StripeRefused", Level = LogLevel.Warning,
        Message = "Stripe refused {Request} with {Status} {ErrorType} {ErrorCode} (request id {RequestId})")]
    public static partial void Refused(ILogger logger, StripeRequest request, int status, string errorType, string? errorCode, string? requestId);

    [LoggerMessage(EventId = 603, EventName = "StripeUnreachable", Level = LogLevel.Error,
        Message = "Stripe gave no usable answer to {Request} in {Attempts} attempts and {Elapsed}")]
    public static partial void Unreachable(ILogger logger, Exception? exception, StripeRequest request, int attempts, TimeSpan elapsed);

    [LoggerMessage(EventId = 604, EventName = "StripeCustomerUnlinked", Level = LogLevel.Information,
        Message = "Event {EventId} is about Stripe's customer {StripeCustomer}, who is nobody that this application bills")]
    public static partial void Unlinked(ILogger logger, string eventId, string stripeCustomer);

    [LoggerMessage(EventId = 605, EventName = "StripeCatalogChanged", Level = LogLevel.Information,
        Message = "The catalog on Stripe was brought up to date: {Created} created, {Updated} updated, {Archived} archived, {Unchanged} as they were")]
    public static partial void CatalogChanged(ILogger logger, int created, int updated, int archived, int unchanged);
}
