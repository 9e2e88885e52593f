using System.Text.Json.Nodes;

namespace SaasBilling.StripeServer.Http;

/// <summary>An answer that is an error object, as https://docs.stripe.com/api/errors describes it.</summary>
internal sealed class StripeFault(int status, string type, string? code, string message, string? parameter = null) : Exception(message)
{
    public int Status { get; } = status;

    public string Type { get; } = type;

    public string? Code { get; } = code;

    public string? Parameter { get; } = parameter;

    public string? DeclineCode { get; init; }

    /// <summary>Whether the request never began: its idempotency key stays free.</summary>
    public bool IsBeforeWork { get; init; }

    /// <summary>Further members of the error object, such as <c>payment_intent</c>.</summary>
    public JsonObject? Further { get; init; }

    public static StripeFault Invalid(string message, string? parameter = null, string? code = null) =>
        new(400, "invalid_request_error", code, message, parameter);

    public static StripeFault Missing(string parameter) =>
        new(400, "invalid_request_error", "parameter_missing", $"Missing required param: {parameter}.", parameter) { IsBeforeWork = true };

    public static StripeFault NoSuch(string kind, string id, string parameter = "id", int status = 404) =>
        new(status, "invalid_request_error", "resource_missing", $"No such {kind}: '{id}'", parameter);

    public static StripeFault NoSuchInParameter(string kind, string id, string parameter) => NoSuch(kind, id, parameter, 400);

    public static StripeFault Declined(string code, string message, JsonObject? further = null) =>
        new(402, "card_error", code is "expired_card" or "incorrect_cvc" or "processing_error" or "incorrect_number" or "authentication_required" ? code : "card_declined", message)
        {
            DeclineCode = code,
            Further = further,
        };

    public JsonObject ToJson(string requestId)
    {
        var error = new JsonObject { ["type"] = Type };
        if (Code is not null)
        {
            error["code"] = Code;
            error["doc_url"] = $"https://stripe.com/docs/error-codes/{Code.Replace('_', '-')}";
        }

        error["message"] = Message;
        if (Parameter is not null)
            error["param"] = Parameter;
        if (DeclineCode is not null)
            error["decline_code"] = DeclineCode;
        foreach (var (name, value) in Further ?? [])
            error[name] = value?.DeepClone();
        error["request_log_url"] = $"https://dashboard.stripe.com/test/logs/{requestId}";
        return new JsonObject { ["error"] = error };
    }
}
