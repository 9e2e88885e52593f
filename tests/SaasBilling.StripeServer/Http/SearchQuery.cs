using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SaasBilling.StripeServer.Http;

/// <summary>Search queries as <c>metadata['key']:'value'</c> and <c>email:'value'</c>, joined by AND: https://docs.stripe.com/search.</summary>
internal static partial class SearchQuery
{
    public static bool Matches(string query, JsonObject body) => query.Split(" AND ").All(clause => Matches(Clause().Match(clause.Trim()), body, query));

    private static bool Matches(Match clause, JsonObject body, string query)
    {
        if (!clause.Success)
            throw StripeFault.Invalid($"We were unable to parse your search query: {query}", "query");

        var value = clause.Groups["value"].Value;
        return clause.Groups["key"] is { Success: true } key
            ? body.Object(clause.Groups["field"].Value)?.Text(key.Value) == value
            : body.Text(clause.Groups["field"].Value) == value;
    }

    [GeneratedRegex("""^(?<field>\w+)(\[["'](?<key>[^"']+)["']\])?:["'](?<value>[^"']*)["']$""", RegexOptions.ExplicitCapture)]
    private static partial Regex Clause();
}
