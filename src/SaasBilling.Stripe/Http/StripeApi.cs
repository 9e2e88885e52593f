using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using SaasBilling.Stripe.Diagnostics;
using SaasBilling.Stripe.Wire;

namespace SaasBilling.Stripe.Http;

/// <summary>Stripe, as the provider sees it: objects or exceptions. Repeats what may be repeated, within its time.</summary>
/// <param name="transport">Sends one request.</param>
/// <param name="options">How often, and for how long.</param>
/// <param name="time">The clock that waiting is counted on.</param>
/// <param name="logger">Where requests are told of.</param>
internal sealed class StripeApi(IStripeTransport transport, StripeBillingOptions options, TimeProvider time, ILogger logger)
{
    private const int PageSize = 100;
    private const int LongestKey = 255;

    private readonly RetryLimits _limits = new(options.MaxRetries, options.TimeBudget);

    /// <summary>From 0 up to 1: spreads the back-off.</summary>
    internal Func<double> Chance { get; init; } = static () => Random.Shared.NextDouble();

    public Task<StripeObject> GetAsync(string path, StripeForm form, CancellationToken cancellationToken) =>
        SendAsync(new StripeRequest(HttpMethod.Get, path, form, null), cancellationToken);

    public Task<StripeObject> PostAsync(string path, StripeForm form, string idempotencyKey, CancellationToken cancellationToken) =>
        SendAsync(new StripeRequest(HttpMethod.Post, path, form, KeyOf(idempotencyKey)), cancellationToken);

    public Task<StripeObject> DeleteAsync(string path, StripeForm form, CancellationToken cancellationToken) =>
        SendAsync(new StripeRequest(HttpMethod.Delete, path, form, null), cancellationToken);

    /// <summary>Null where Stripe says that there is no such object.</summary>
    public async Task<StripeObject?> FindAsync(string path, StripeForm form, CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync(path, form, cancellationToken).ConfigureAwait(false);
        }
        catch (StripeException missing) when (missing.Error.IsMissing)
        {
            return null;
        }
    }

    /// <summary>Every object of a list, newest first as Stripe lists them, page by page.</summary>
    public async IAsyncEnumerable<StripeObject> ListAsync(string path, StripeForm form, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? after = null;
        while (true)
        {
            var page = new StripeForm();
            foreach (var (key, value) in form.Parameters)
                page.Add(key, value);
            page.Add("limit", PageSize).Add("starting_after", after);
            var answer = await GetAsync(path, page, cancellationToken).ConfigureAwait(false);
            foreach (var item in answer.List("data"))
            {
                after = item.Id;
                yield return item;
            }

            if (!answer.Flag("has_more") || after is null)
                yield break;
        }
    }

    public async Task<StripeObject> SendAsync(StripeRequest request, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        for (var number = 1; ; number++)
        {
            var (attempt, response, fault) = await TryAsync(request, cancellationToken).ConfigureAwait(false);
            var elapsed = time.GetElapsedTime(started);
            if (attempt.End == AttemptEnd.Answered && response!.IsSuccess)
            {
                StripeLog.Answered(logger, request, response.Status, elapsed, response.RequestId);
                return Parse(response);
            }

            if (RetryDecision.Decide(attempt, number, elapsed, _limits, Chance()) is not { } delay)
                throw Failure(request, attempt, response, fault, number, elapsed);

            StripeLog.Retried(logger, request, attempt.End == AttemptEnd.NoAnswer ? "none" : $"{attempt.Status}", response?.RequestId, number, delay);
            await Task.Delay(delay, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<(Attempt Attempt, StripeResponse? Response, Exception? Fault)> TryAsync(StripeRequest request, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.AttemptTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var response = await transport.SendAsync(request, either.Token).ConfigureAwait(false);
            var end = IsJsonObject(response.Body.Span) ? AttemptEnd.Answered : AttemptEnd.Garbled;
            return (new Attempt(end, response.Status, response.ShouldRetry, response.RetryAfter), response, null);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (new Attempt(AttemptEnd.NoAnswer, 0), null, fault);
        }
    }

    private BillingException Failure(StripeRequest request, Attempt attempt, StripeResponse? response, Exception? fault, int attempts, TimeSpan elapsed)
    {
        if (attempt.End == AttemptEnd.Answered && StripeError.Read(response!) is { } error)
        {
            StripeLog.Refused(logger, request, error.Status, error.Type, error.Code, error.RequestId);
            return ErrorMapping.ToException(error, request.ToString());
        }

        StripeLog.Unreachable(logger, fault, request, attempts, elapsed);
        var what = attempt.End == AttemptEnd.NoAnswer ? "gave no answer" : $"gave an answer that is not Stripe's (status {attempt.Status})";
        return new BillingException(
            BillingErrorCode.ProviderUnavailable,
            $"Stripe {what} to {request} in {attempts} attempt{(attempts == 1 ? "" : "s")}. Nothing has to be mended: the same call can be made again, and is done once.",
            fault);
    }

    private static StripeObject Parse(StripeResponse response)
    {
        try
        {
            // Not disposed: what is read from it outlives this call.
            return StripeObject.Of(JsonDocument.Parse(response.Body).RootElement);
        }
        catch (JsonException fault)
        {
            throw new BillingException(BillingErrorCode.ProviderUnavailable, $"Stripe's answer was cut off or is no JSON (request id {response.RequestId ?? "unknown"}). Try again.", fault);
        }
    }

    // A header takes ASCII alone, and Stripe 255 characters: what is not so is told by its fingerprint.
    internal static string KeyOf(string key) => key.Length <= LongestKey && !key.AsSpan().ContainsAnyExceptInRange('!', '~')
        ? key
        : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}";

    private static bool IsJsonObject(ReadOnlySpan<byte> body)
    {
        var text = body.TrimStart(" \t\r\n"u8);
        return text.Length > 0 && text[0] == (byte)'{';
    }
}
