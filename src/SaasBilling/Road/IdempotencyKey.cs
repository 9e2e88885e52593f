using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SaasBilling.Road;

/// <summary>
/// The key of a provider call: a hash of who, what and the version of the stored state. A repetition after a crash, or after an outage, is the same
/// request; the same command after a commit is another one.
/// </summary>
internal static class IdempotencyKey
{
    private const int Length = 40;

    /// <param name="turn">The command's turn.</param>
    /// <param name="subscription">The subscription's name.</param>
    /// <param name="call">Which provider call.</param>
    /// <param name="arguments">What the caller asked for; null where nothing.</param>
    public static string For(RoadTurn turn, string subscription, string call, params ReadOnlySpan<string?> arguments)
    {
        var text = new StringBuilder();
        Append(text, turn.CustomerId);
        Append(text, subscription);
        Append(text, call);
        text.Append(CultureInfo.InvariantCulture, $"{turn.Version};");
        foreach (var argument in arguments)
            Append(text, argument);

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..Length];
    }

    /// <summary>An instant, as an argument.</summary>
    public static string? Text(DateTimeOffset? instant) => instant?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>A number, as an argument.</summary>
    public static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    /// <summary>An amount, as an argument.</summary>
    public static string Text(Money amount) => string.Create(CultureInfo.InvariantCulture, $"{amount.MinorUnits} {amount.Currency.Code}");

    // Each part carries its length, so that no two lists of parts read the same.
    private static void Append(StringBuilder text, string? part)
    {
        if (part is null)
            text.Append('-');
        else
            text.Append(CultureInfo.InvariantCulture, $"{part.Length}:").Append(part);
        text.Append(';');
    }
}
