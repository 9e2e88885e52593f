namespace SaasBilling.Faults;

/// <summary>What is to be run.</summary>
/// <param name="IsFull">All of it; else the short form.</param>
/// <param name="Seed">Decides what is random.</param>
/// <param name="Folder">For files; deleted at the end.</param>
/// <param name="Only">The bars; empty: all.</param>
/// <param name="DatabaseKind">The database; null: both.</param>
/// <param name="IsTold">Whether it says how far it is.</param>
internal sealed record RunSettings(bool IsFull, int Seed, string Folder, IReadOnlySet<string> Only, string? DatabaseKind, bool IsTold = false)
{
    public const string Usage = "Usage: dotnet run -c Release --project tests/SaasBilling.Faults -- short|full [--only R1,R2,...] [--database sqlite|postgresql] [--seed n] [--verbose true]";

    /// <summary>A number of the short form, or of the full one.</summary>
    public int Of(int inShort, int inFull) => IsFull ? inFull : inShort;

    /// <summary>A limit of the short form, which is for machines that are busy, or of the full one.</summary>
    public double Of(double inShort, double inFull) => IsFull ? inFull : inShort;

    /// <summary>A limit that only the full form has: on a machine that is busy, or in so short a time, it says nothing.</summary>
    public double? InFull(double limit) => IsFull ? limit : null;

    /// <exception cref="FormatException">The arguments are not understood.</exception>
    public static RunSettings Parse(string[] arguments, string folder)
    {
        if (arguments is not [("short" or "full") and var form, .. var options] || options.Length % 2 != 0)
            throw new FormatException(Usage);

        var settings = new RunSettings(form == "full", 1, folder, new HashSet<string>(), null);
        foreach (var pair in options.Chunk(2))
        {
            settings = pair switch
            {
                ["--only", var bars] => settings with { Only = bars.ToUpperInvariant().Split(',').ToHashSet() },
                ["--database", (Databases.Database.Sqlite or Databases.Database.Postgresql) and var kind] => settings with { DatabaseKind = kind },
                ["--seed", var seed] when int.TryParse(seed, out var number) => settings with { Seed = number },
                ["--verbose", var told] => settings with { IsTold = told == "true" },
                _ => throw new FormatException(Usage),
            };
        }

        return settings;
    }
}
