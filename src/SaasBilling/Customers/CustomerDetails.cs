namespace SaasBilling;

/// <summary>What an application tells about a customer. A null member leaves what is known as it is.</summary>
public sealed record CustomerDetails
{
    /// <summary>Where billing mail goes.</summary>
    public string? Email { get; init; }

    /// <summary>The name on invoices.</summary>
    public string? Name { get; init; }

    /// <summary>IANA time zone id, such as <c>Europe/Vienna</c>; outreach keeps quiet hours in it.</summary>
    public string? TimeZone { get; init; }

    /// <summary>BCP 47 language tag, such as <c>de-AT</c>.</summary>
    public string? Locale { get; init; }

    /// <summary>The application's own keys and values. Given keys are set, others stay.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}
