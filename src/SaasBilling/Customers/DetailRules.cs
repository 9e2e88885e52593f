namespace SaasBilling;

/// <summary>What may be told about a customer.</summary>
internal static class DetailRules
{
    private const int MaxLocale = 35;
    private const int MaxTimeZone = 64;

    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidArgument"/>.</exception>
    public static CustomerDetails Check(CustomerDetails details)
    {
        CheckText("Email", details.Email, Bounds.Email);
        if (details.Email is { } email && (!email.Contains('@', StringComparison.Ordinal) || email.Any(char.IsWhiteSpace)))
            throw Checks.Invalid("Email is not an address: it needs an '@' and no spaces. Correct it, or leave it null to keep what is known.");
        CheckText("Name", details.Name, Bounds.Name);
        CheckText("TimeZone", details.TimeZone, MaxTimeZone);
        if (details.TimeZone is { } zone && !IsTimeZone(zone))
            throw Checks.Invalid($"TimeZone '{zone}' is not one that this system knows. Use an IANA id, such as 'Europe/Vienna', or leave it null.");
        CheckText("Locale", details.Locale, MaxLocale);
        if (details.Locale is { } locale && !IsLanguageTag(locale))
            throw Checks.Invalid($"Locale '{locale}' is not a BCP 47 tag. Use one such as 'de-AT', or leave it null.");
        return details.Metadata is { } metadata ? details with { Metadata = CheckMetadata(metadata) } : details;
    }

    /// <summary>Whether nothing would change.</summary>
    public static bool AreKnown(CustomerDetails details, Customer customer) =>
        (details.Email is null || details.Email == customer.Email)
        && (details.Name is null || details.Name == customer.Name)
        && (details.TimeZone is null || details.TimeZone == customer.TimeZone)
        && (details.Locale is null || details.Locale == customer.Locale)
        && (details.Metadata is null || details.Metadata.All(entry => customer.Metadata is { } known && known.TryGetValue(entry.Key, out var value) && value == entry.Value));

    /// <summary>Metadata as an argument of an idempotency key: in one order, whatever order it was given in.</summary>
    public static string? Text(IReadOnlyDictionary<string, string>? metadata) => metadata is null
        ? null
        : string.Concat(metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key.Length}:{entry.Key}={entry.Value.Length}:{entry.Value};"));

    private static void CheckText(string member, string? value, int maxLength)
    {
        if (value is null)
            return;
        if (string.IsNullOrWhiteSpace(value))
            throw Checks.Invalid($"{member} is blank. Leave it null to keep what is known.");
        if (Checks.IdentifierFault(value, maxLength) is { } fault)
            throw Checks.Invalid($"{member} cannot be used. {fault}");
    }

    // Slim containers come without the time zone database; there every id would be unknown.
    private static bool IsTimeZone(string id) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(id, out _) || !TimeZoneInfo.TryFindSystemTimeZoneById("Europe/Vienna", out _);

    private static bool IsLanguageTag(string tag) =>
        tag.Split('-') is [{ Length: >= 2 and <= 8 } language, .. var rest]
        && language.All(char.IsAsciiLetter)
        && rest.All(part => part.Length is >= 1 and <= 8 && part.All(char.IsAsciiLetterOrDigit));

    private static Dictionary<string, string> CheckMetadata(IReadOnlyDictionary<string, string> metadata)
    {
        // Source of the bounds: https://docs.stripe.com/metadata.
        if (metadata.Count > Bounds.MetadataEntries)
            throw Checks.Invalid($"Metadata has {metadata.Count} entries. Keep at most {Bounds.MetadataEntries}.");

        var copy = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in metadata)
        {
            if (string.IsNullOrWhiteSpace(key) || key.Length > Bounds.MetadataKey || key.AsSpan().ContainsAny('[', ']') || Checks.IdentifierFault(key, Bounds.MetadataKey) is not null)
                throw Checks.Invalid($"Metadata has a key that cannot be written so. Use 1 to {Bounds.MetadataKey} characters on one line, and no square brackets.");
            if (value is null)
                throw Checks.Invalid($"Metadata '{key}' has no value. Give it one, or leave the key out.");
            if (Checks.WordsFault(value, Bounds.MetadataValue) is { } fault)
                throw Checks.Invalid($"Metadata '{key}' cannot be used. {fault}");
            copy.Add(key, value);
        }

        return copy;
    }
}
