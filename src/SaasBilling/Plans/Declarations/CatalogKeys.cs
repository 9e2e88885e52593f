using System.Buffers;

namespace SaasBilling.Plans;

/// <summary>What a key of the catalog may look like: plans, add-ons, coupons, meters and features.</summary>
/// <remarks>
/// '/' joins keys into price keys, ':' separates the parts of a configuration path. Three keys of 64 characters fit into Stripe's lookup
/// keys, which hold 200.
/// </remarks>
internal static class CatalogKeys
{
    public const int MaxLength = 64;

    public const string Rule = "Use letters a-z and A-Z, digits, '-', '_' and '.', at most 64 in all.";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    public static bool IsValid(string key) => key.Length is > 0 and <= MaxLength && !key.AsSpan().ContainsAnyExcept(Allowed);

    /// <summary>The keys for a message: quoted, and not more than a reader would look at.</summary>
    public static string Quote(IEnumerable<string> keys)
    {
        const int Shown = 20;
        var all = keys.Distinct().ToList();
        var quoted = string.Join(", ", all.Take(Shown).Select(key => $"'{key}'"));
        return all.Count <= Shown ? quoted : $"{quoted} and {all.Count - Shown} more";
    }
}
