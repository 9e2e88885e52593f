namespace SaasBilling.StripeServer.Http;

/// <summary>Which endpoint answers a path.</summary>
internal sealed class Router
{
    private readonly List<Route> _routes = [];

    public void Get(string pattern, Endpoint endpoint) => Add("GET", pattern, endpoint);

    public void Post(string pattern, Endpoint endpoint) => Add("POST", pattern, endpoint);

    public void Delete(string pattern, Endpoint endpoint) => Add("DELETE", pattern, endpoint);

    /// <exception cref="StripeFault">There is none.</exception>
    public (Route Route, string[] Ids) Find(string method, string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        foreach (var route in _routes)
        {
            if (route.Method == method && route.Match(segments) is { } ids)
                return (route, ids);
        }

        throw new StripeFault(404, "invalid_request_error", null, $"Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.")
        {
            IsBeforeWork = true,
        };
    }

    // What is written out goes before what an id could be.
    private void Add(string method, string pattern, Endpoint endpoint)
    {
        var route = new Route(method, pattern, endpoint);
        var index = _routes.FindIndex(other => other.Wildcards > route.Wildcards);
        _routes.Insert(index < 0 ? _routes.Count : index, route);
    }
}

/// <summary>An endpoint and where it is found.</summary>
internal sealed class Route(string method, string pattern, Endpoint endpoint)
{
    private readonly string[] _segments = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);

    public string Method => method;

    public Endpoint Endpoint => endpoint;

    /// <summary>As the table of parameters names it: <c>POST /v1/customers/{id}</c>.</summary>
    public string Name { get; } = $"{method} {pattern}";

    /// <summary>As restricted keys name it: <c>customers</c>.</summary>
    public string Resource => _segments[1] is "billing" or "checkout" or "billing_portal" or "test_helpers" ? $"{_segments[1]}_{_segments[2]}" : _segments[1];

    public int Wildcards => _segments.Count(segment => segment[0] == '{');

    /// <summary>The ids in a path; null: it is not this one.</summary>
    public string[]? Match(string[] path)
    {
        if (path.Length != _segments.Length)
            return null;

        var ids = new List<string>(1);
        for (var i = 0; i < path.Length; i++)
        {
            if (_segments[i][0] == '{')
                ids.Add(Uri.UnescapeDataString(path[i]));
            else if (_segments[i] != path[i])
                return null;
        }

        return [.. ids];
    }
}
