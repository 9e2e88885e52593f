namespace SaasBilling.Benchmarks.Engine;

/// <summary>Subscriptions that can be made, and that can live.</summary>
internal interface IWorld : IDisposable
{
    /// <summary>Makes the subscriptions, spread over the first 28 days.</summary>
    Task CreateAsync(int subscriptions);

    /// <summary>Lives a year from there.</summary>
    /// <returns>How many renewals were charged.</returns>
    Task<long> LiveAYearAsync();
}

/// <summary>When things happen in a world.</summary>
internal static class Days
{
    public static readonly DateTimeOffset First = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly DateTimeOffset AllSubscribed = First.AddDays(28);

    public static readonly DateTimeOffset Last = AllSubscribed.AddYears(1);

    /// <summary>When the subscription of this number starts.</summary>
    public static DateTimeOffset Start(int number, int of) =>
        First.AddSeconds((long)((AllSubscribed - First).TotalSeconds * number / of));
}
