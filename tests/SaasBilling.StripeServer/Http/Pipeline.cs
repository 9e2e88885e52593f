using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace SaasBilling.StripeServer.Http;

/// <summary>One road for every request: key, endpoint, parameters, idempotency, work, answer.</summary>
internal sealed class Pipeline(Account account, Lock gate, Router router, ApiKeys keys, StripeFaults faults)
{
    private readonly IdempotencyKeys _idempotency = new();
    private long _requests;

    /// <summary>Called when an answer has gone out.</summary>
    public Action? Answered { get; set; }

    public async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var path = request.Path.Value ?? "/";
        var id = string.Create(CultureInfo.InvariantCulture, $"req_{Interlocked.Increment(ref _requests):D12}");
        var rule = faults.Take(request.Method, path);
        if (rule is not null && await FailBeforeWorkAsync(context, rule, id))
            return;

        var answer = Answer(context, id, path, body, rule?.Kind == StripeFaultKind.ServerErrorAfterWork);
        Answered?.Invoke();
        switch (rule?.Kind)
        {
            case StripeFaultKind.TimeOutAfterWork:
                await UntilAbortedAsync(context);
                return;
            case StripeFaultKind.ResetAfterWork:
                context.Abort();
                return;
            default:
                await WriteAsync(context, answer, id);
                return;
        }
    }

    private Answer Answer(HttpContext context, string id, string path, string body, bool losesAnswer)
    {
        string? started = null;
        try
        {
            var request = context.Request;
            var key = keys.Check(request.Headers.Authorization);
            RequireAccount(request.Headers["Stripe-Account"]);
            var (route, ids) = router.Find(request.Method, path);
            keys.Allow(key, route, account.Id);

            var form = FormNode.Decode(request.Method is "GET" or "DELETE" && body.Length == 0 ? request.QueryString.Value?.TrimStart('?') ?? "" : body);
            var idempotencyKey = request.Headers["Idempotency-Key"].ToString();
            if (idempotencyKey.Length > 0 && request.Method == "POST")
            {
                if (_idempotency.Start(idempotencyKey, $"{path}?{body}", account.Time.GetUtcNow()) is { } first)
                {
                    context.Response.Headers["Idempotent-Replayed"] = "true";
                    context.Response.Headers["Original-Request"] = first.RequestId;
                    return first;
                }

                started = idempotencyKey;
            }

            var shape = ParameterTable.Find(route.Name, request.Headers["Stripe-Version"]);
            var answer = Work(route, shape, ids, path, form, id, started);
            if (losesAnswer)
                answer = Of(new StripeFault(500, "api_error", null, "An unknown error occurred."), id);
            if (started is not null)
                _idempotency.Finish(started, answer);
            return answer;
        }
        catch (StripeFault fault)
        {
            return Refuse(fault, id, started);
        }
        catch (BillingException exception)
        {
            return Refuse(EngineErrors.Of(exception), id, started);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return Refuse(new StripeFault(500, "api_error", null, $"The local Stripe failed: {exception}"), id, started);
        }
    }

    private void RequireAccount(string? asked)
    {
        if (string.IsNullOrEmpty(asked) || asked == account.Id)
            return;

        throw new StripeFault(403, "invalid_request_error", "account_invalid", $"The provided key does not have access to account '{asked}' (or that account does not exist). Application access may have been revoked.")
        {
            IsBeforeWork = true,
        };
    }

    private Answer Work(Route route, ParameterShape? shape, string[] ids, string path, FormNode form, string id, string? idempotencyKey)
    {
        var expand = form.Find("expand")?.Elements().Select(element => element.Text!).ToArray() ?? [];
        var rest = form.Without("expand");
        var parameters = shape is null ? ParameterShape.ReadFreely(rest) : shape.ReadMembers(rest, "");
        lock (gate)
        {
            account.Request = null;
            account.CatchUp();
            account.Request = (id, idempotencyKey);
            try
            {
                var answer = route.Endpoint(new Call(account, path, ids, parameters));
                Expansion.Apply(account, answer, expand);
                return new Answer(StatusCodes.Status200OK, answer.ToJsonString(), id);
            }
            finally
            {
                account.Request = null;
            }
        }
    }

    private Answer Refuse(StripeFault fault, string id, string? idempotencyKey)
    {
        var answer = new Answer(fault.Status, fault.ToJson(id).ToJsonString(), id);
        if (idempotencyKey is null)
            return answer;

        if (fault.IsBeforeWork)
            _idempotency.Release(idempotencyKey);
        else
            _idempotency.Finish(idempotencyKey, answer);
        return answer;
    }

    private static async Task<bool> FailBeforeWorkAsync(HttpContext context, StripeFaultRule rule, string id)
    {
        if (rule.ShouldRetry is { } should)
            context.Response.Headers["Stripe-Should-Retry"] = should ? "true" : "false";

        switch (rule.Kind)
        {
            case StripeFaultKind.TooManyRequests:
                if (rule.RetryAfter is { } pause)
                    context.Response.Headers.RetryAfter = Math.Ceiling(pause.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                await WriteAsync(context, Of(new StripeFault(429, "invalid_request_error", "rate_limit", "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits."), id), id);
                return true;
            case StripeFaultKind.ServerError:
                await WriteAsync(context, Of(new StripeFault(500, "api_error", null, "An unknown error occurred."), id), id);
                return true;
            case StripeFaultKind.Conflict:
                await WriteAsync(
                    context,
                    Of(new StripeFault(409, "invalid_request_error", "lock_timeout", "This object cannot be accessed right now because another API request or Stripe process is currently accessing it. Please try again."), id),
                    id);
                return true;
            case StripeFaultKind.ResetBeforeWork:
                context.Abort();
                return true;
            case StripeFaultKind.Html:
                context.Response.StatusCode = StatusCodes.Status502BadGateway;
                context.Response.ContentType = "text/html";
                await context.Response.WriteAsync("<html><body><h1>502 Bad Gateway</h1></body></html>", context.RequestAborted);
                return true;
            default:
                return false;
        }
    }

    private static Answer Of(StripeFault fault, string id) => new(fault.Status, fault.ToJson(id).ToJsonString(), id);

    private static async Task UntilAbortedAsync(HttpContext context)
    {
        var aborted = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(aborted.SetResult);
        await aborted.Task;
    }

    private static async Task WriteAsync(HttpContext context, Answer answer, string id)
    {
        var response = context.Response;
        response.StatusCode = answer.Status;
        response.ContentType = "application/json";
        response.Headers["Request-Id"] = id;
        response.Headers["Stripe-Version"] = context.Request.Headers["Stripe-Version"] is { Count: > 0 } version ? version : StripeServer.ApiVersion;
        if (context.Request.Headers["Idempotency-Key"] is { Count: > 0 } key)
            response.Headers["Idempotency-Key"] = key;
        await response.WriteAsync(answer.Body, context.RequestAborted);
    }
}
