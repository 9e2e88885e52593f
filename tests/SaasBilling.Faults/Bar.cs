namespace SaasBilling.Faults;

/// <summary>A bar of the promises, on one database.</summary>
/// <param name="Name">Its number, and what it is about.</param>
/// <param name="Database">The database.</param>
/// <param name="Injected">What was done to it.</param>
internal sealed record Bar(string Name, string Database, string Injected)
{
    private readonly List<Measure> _measures = [];

    public IReadOnlyList<Measure> Measures => _measures;

    public bool IsMet => _measures.Count > 0 && _measures.TrueForAll(measure => measure.IsMet);

    /// <summary>Something that must be so many.</summary>
    public void MustBe(string what, long expected, long actual) => _measures.Add(new(what, $"{actual:N0}", $"{expected:N0}", actual == expected));

    /// <summary>Something that must not be more; without a limit, something to know.</summary>
    public void AtMost(string what, double? limit, double actual, string unit) => Add(what, "≤", limit, actual, unit, limit is null || actual <= limit);

    /// <summary>Something that must not be less; without a limit, something to know.</summary>
    public void AtLeast(string what, double? limit, double actual, string unit) => Add(what, "≥", limit, actual, unit, limit is null || actual >= limit);

    /// <summary>Something to know.</summary>
    public void Note(string what, string value) => _measures.Add(new(what, value, "", true));

    private void Add(string what, string relation, double? limit, double actual, string unit, bool isMet) =>
        _measures.Add(new(what, $"{actual:0.##} {unit}", limit is null ? "" : $"{relation} {limit:0.##} {unit}", isMet));
}

/// <summary>A figure of a bar.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Value">The figure.</param>
/// <param name="Required">What it must be.</param>
/// <param name="IsMet">Whether it is.</param>
internal sealed record Measure(string What, string Value, string Required, bool IsMet);
