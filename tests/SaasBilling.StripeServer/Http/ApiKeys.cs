using System.Text;

namespace SaasBilling.StripeServer.Http;

/// <summary>Which keys are known, and what each may do.</summary>
internal sealed class ApiKeys
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, IReadOnlySet<string>?> _keys = [];
    private readonly HashSet<string> _revoked = [];

    public void Add(string key, IReadOnlySet<string>? permissions)
    {
        lock (_gate)
            _keys[key] = permissions;
    }

    public void Revoke(string key)
    {
        lock (_gate)
            _revoked.Add(key);
    }

    /// <summary>The key of a request: a bearer token, or the user of basic authentication.</summary>
    /// <exception cref="StripeFault">There is none, or it is not good.</exception>
    public string Check(string? authorization)
    {
        var key = Read(authorization) ?? throw Refused(
            "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.");
        lock (_gate)
        {
            if (_revoked.Contains(key))
                throw Refused($"Expired API Key provided: {Masked(key)}", "api_key_expired");

            return _keys.ContainsKey(key) ? key : throw Refused($"Invalid API Key provided: {Masked(key)}");
        }
    }

    /// <summary>Whether a restricted key may call an endpoint.</summary>
    /// <exception cref="StripeFault">It may not; the message names the permission.</exception>
    public void Allow(string key, Route route, string accountId)
    {
        IReadOnlySet<string>? permissions;
        lock (_gate)
            permissions = _keys[key];

        var needed = $"{route.Resource}_{(route.Method == "GET" ? "read" : "write")}";
        if (permissions is null || permissions.Contains(needed) || (route.Method == "GET" && permissions.Contains($"{route.Resource}_write")))
            return;

        throw new StripeFault(
            403,
            "invalid_request_error",
            null,
            $"The provided key '{Masked(key)}' does not have the required permissions for this endpoint on account '{accountId}'. Having the 'rak_{needed}' permission would allow this request to continue.")
        {
            IsBeforeWork = true,
        };
    }

    private static string? Read(string? authorization)
    {
        if (authorization is null)
            return null;

        if (authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return authorization["Bearer ".Length..].Trim() is { Length: > 0 } token ? token : null;

        if (!authorization.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
            return null;

        var buffer = new byte[authorization.Length];
        return Convert.TryFromBase64String(authorization["Basic ".Length..].Trim(), buffer, out var written)
            ? Encoding.UTF8.GetString(buffer, 0, written).Split(':')[0]
            : null;
    }

    private static string Masked(string key)
    {
        const int shown = 4;
        var prefix = key.LastIndexOf('_') + 1;
        return key.Length - prefix <= shown ? key[..prefix] + "****" : key[..prefix] + new string('*', key.Length - prefix - shown) + key[^shown..];
    }

    private static StripeFault Refused(string message, string? code = null) => new(401, "invalid_request_error", code, message) { IsBeforeWork = true };
}
