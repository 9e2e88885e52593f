using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace SaasBilling;

/// <summary>Checks of single values. Every message says what to do.</summary>
internal static class Checks
{
    private static readonly SearchValues<char> PlainCharacters =
        SearchValues.Create(string.Concat(Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code)));

    /// <summary>An id, a key or a name: on one line, not blank, not too long.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static string Identifier([NotNull] string? value, int maxLength, [CallerArgumentExpression(nameof(value))] string parameter = "")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value, parameter);
        if (IdentifierFault(value, maxLength) is { } fault)
            throw new ArgumentException(fault, parameter);

        return value;
    }

    /// <summary>A text for people: not blank, not too long; it may have several lines.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static string Words([NotNull] string? value, int maxLength, [CallerArgumentExpression(nameof(value))] string parameter = "")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value, parameter);
        if (WordsFault(value, maxLength) is { } fault)
            throw new ArgumentException(fault, parameter);

        return value;
    }

    /// <summary>What is wrong with an identifier that is a member of an options object.</summary>
    public static string? IdentifierFault(string value, int maxLength)
    {
        if (value.Length > maxLength)
            return TooLong(value, maxLength);
        if (!value.AsSpan().ContainsAnyExcept(PlainCharacters))
            return null;

        return value.Any(char.IsControl) ? "It has a control character. Remove it." : SurrogateFault(value);
    }

    /// <summary>What is wrong with a text that is a member of an options object.</summary>
    public static string? WordsFault(string value, int maxLength)
    {
        if (value.Length > maxLength)
            return TooLong(value, maxLength);

        return value.Contains('\0', StringComparison.Ordinal) ? "It has a null character. Remove it." : SurrogateFault(value);
    }

    /// <summary>An absolute web address.</summary>
    /// <exception cref="ArgumentNullException">There is none.</exception>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidArgument"/>: it is relative, not for the web, or too long.</exception>
    public static Uri WebAddress([NotNull] Uri? value, [CallerArgumentExpression(nameof(value))] string parameter = "")
    {
        ArgumentNullException.ThrowIfNull(value, parameter);
        if (!value.IsAbsoluteUri || (value.Scheme != Uri.UriSchemeHttps && value.Scheme != Uri.UriSchemeHttp))
            throw Invalid($"{parameter} must be a whole web address. Begin it with https://, such as https://example.com/billing.");
        if (value.OriginalString.Length > Bounds.Url)
            throw Invalid($"{parameter} has {value.OriginalString.Length} characters. Use at most {Bounds.Url}.");

        return value;
    }

    /// <summary>An instant in UTC to the second: the second that it lies in.</summary>
    public static DateTimeOffset Second(DateTimeOffset instant) => DateTimeOffset.FromUnixTimeSeconds(instant.ToUnixTimeSeconds());

    /// <summary>An instant that must lie ahead, at most <see cref="Bounds.MaxYearsAhead"/> years.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidArgument"/>: it does not.</exception>
    public static DateTimeOffset Ahead(DateTimeOffset instant, DateTimeOffset now, string what)
    {
        var second = Second(instant);
        if (second <= now)
            throw Invalid($"{what} must lie in the future, and {Show(second)} does not: it is {Show(now)} now.");
        if (second > now.AddYears(Bounds.MaxYearsAhead))
            throw Invalid($"{what} may lie at most {Bounds.MaxYearsAhead} years ahead, and {Show(second)} is later. Use an instant until {Show(now.AddYears(Bounds.MaxYearsAhead))}.");

        return second;
    }

    /// <summary>A value of its enumeration.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidArgument"/>: it is not.</exception>
    public static void Defined<TEnum>(TEnum value)
        where TEnum : struct, Enum
    {
        if (!Enum.IsDefined(value))
            throw Invalid($"{value} is not a {typeof(TEnum).Name}. Use {Either(Enum.GetNames<TEnum>().Select(name => $"{typeof(TEnum).Name}.{name}"))}.");
    }

    public static BillingException Invalid(string message) => new(BillingErrorCode.InvalidArgument, message);

    public static BillingException State(string message) => new(BillingErrorCode.InvalidState, message);

    /// <summary>An instant for a message.</summary>
    public static string Show(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary><c>a, b or c</c>.</summary>
    public static string Either(IEnumerable<string> items)
    {
        var all = items.ToList();
        return all.Count <= 1 ? string.Concat(all) : $"{string.Join(", ", all.Take(all.Count - 1))} or {all[^1]}";
    }

    private static string TooLong(string value, int maxLength) => $"It has {value.Length} characters. Use at most {maxLength}.";

    // Half a surrogate pair cannot be stored or sent as UTF-8.
    private static string? SurrogateFault(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (!char.IsSurrogate(value[i]))
                continue;
            if (i + 1 >= value.Length || !char.IsSurrogatePair(value[i], value[i + 1]))
                return "It has half of a surrogate pair, which is no character. Remove it.";

            i++;
        }

        return null;
    }
}
