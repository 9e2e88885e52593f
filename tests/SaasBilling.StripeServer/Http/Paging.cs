using System.Text.Json.Nodes;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Http;

/// <summary>Lists with cursors: https://docs.stripe.com/api/pagination.</summary>
internal static class Paging
{
    private const int DefaultLimit = 10;
    private const int MaxLimit = 100;

    public static JsonObject Page<T>(Call call, IEnumerable<T> newestFirst, Func<T, JsonNode> render)
        where T : Resource
    {
        var parameters = call.Parameters;
        var limit = LimitOf(parameters);
        var after = parameters.Text("starting_after");
        var before = parameters.Text("ending_before");
        if (after is not null && before is not null)
            throw StripeFault.Invalid("Received both `starting_after` and `ending_before`. Please pass in only one.");

        var all = newestFirst.Where(resource => IsCreatedWithin(resource.Created, parameters["created"])).ToList();
        List<T> rest;
        if (before is not null)
        {
            rest = all[..IndexOf(all, before, "ending_before")];
            var skipped = Math.Max(0, rest.Count - (int)limit);
            return Wrap(call.Path, rest.Skip(skipped).Select(render), hasMore: skipped > 0);
        }

        rest = after is null ? all : all[(IndexOf(all, after, "starting_after") + 1)..];
        return Wrap(call.Path, rest.Take((int)limit).Select(render), rest.Count > limit);
    }

    /// <summary>A page of objects that are in the order in which they are listed.</summary>
    public static JsonObject PageOf(Call call, List<JsonObject> all)
    {
        var after = call.Parameters.Text("starting_after");
        var start = after is null ? 0 : all.FindIndex(item => item.Text("id") == after) + 1;
        if (after is not null && start == 0)
            throw StripeFault.NoSuchInParameter("object", after, "starting_after");

        var limit = (int)LimitOf(call.Parameters);
        return Wrap(call.Path, all.Skip(start).Take(limit), all.Count > start + limit);
    }

    public static JsonObject Wrap(string url, IEnumerable<JsonNode> items, bool hasMore = false) => new()
    {
        ["object"] = "list",
        ["data"] = Json.ArrayOf(items),
        ["has_more"] = hasMore,
        ["url"] = url,
    };

    private static long LimitOf(JsonObject parameters)
    {
        var limit = parameters.Number("limit") ?? DefaultLimit;
        return limit is >= 1 and <= MaxLimit
            ? (long)limit
            : throw StripeFault.Invalid($"This value must be greater than or equal to 1 and at most {MaxLimit} (currently {limit}).", "limit");
    }

    private static int IndexOf<T>(List<T> all, string id, string parameter)
        where T : Resource
    {
        var index = all.FindIndex(resource => resource.Id == id);
        return index >= 0 ? index : throw StripeFault.NoSuchInParameter("object", id, parameter);
    }

    private static bool IsCreatedWithin(long created, JsonNode? range)
    {
        if (range is JsonValue exact)
            return created == long.Parse(exact.ToString(), System.Globalization.CultureInfo.InvariantCulture);

        return range is not JsonObject bounds
            || (created > (bounds.Int("gt") ?? long.MinValue) && created >= (bounds.Int("gte") ?? long.MinValue)
                && created < (bounds.Int("lt") ?? long.MaxValue) && created <= (bounds.Int("lte") ?? long.MaxValue));
    }
}
