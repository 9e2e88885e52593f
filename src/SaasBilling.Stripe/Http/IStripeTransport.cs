namespace SaasBilling.Stripe.Http;

/// <summary>
/// Sends one request, once. Repetitions, the time budget and the mapping of errors live above it, so that a bridge to another client needs this alone.
/// </summary>
internal interface IStripeTransport
{
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    Task<StripeResponse> SendAsync(StripeRequest request, CancellationToken cancellationToken);
}

/// <summary>A request to Stripe.</summary>
/// <param name="Method">GET, POST or DELETE.</param>
/// <param name="Path">From <c>/v1/</c> on, ids escaped.</param>
/// <param name="Form">The parameters: of a POST in the body, else in the query.</param>
/// <param name="IdempotencyKey">Under which a POST has one effect; null for what changes nothing by being repeated.</param>
internal sealed record StripeRequest(HttpMethod Method, string Path, StripeForm Form, string? IdempotencyKey)
{
    /// <summary>For messages and logs: no parameters, which may be personal.</summary>
    public override string ToString() => $"{Method} {Path}";
}

/// <summary>What came back.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body, as it was.</param>
/// <param name="RequestId">Stripe's name of the request (<c>req_…</c>), for its support and the account's log.</param>
/// <param name="ShouldRetry">Stripe's own word on whether to repeat; null: none.</param>
/// <param name="RetryAfter">How long Stripe wants to be left alone; null: not said.</param>
internal sealed record StripeResponse(int Status, ReadOnlyMemory<byte> Body, string? RequestId = null, bool? ShouldRetry = null, TimeSpan? RetryAfter = null)
{
    public bool IsSuccess => Status is >= 200 and < 300;
}
