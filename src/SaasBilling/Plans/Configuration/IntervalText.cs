using System.Globalization;

namespace SaasBilling.Plans;

/// <summary>How configuration writes a <see cref="BillingInterval"/>: in English words.</summary>
internal static class IntervalText
{
    public const string Forms = "day, week, month, quarter, year, or a number of them, such as \"3 months\"";

    /// <summary>Reads <c>month</c>, <c>monthly</c>, <c>every month</c>, <c>3 months</c>, <c>3-month</c>; upper and lower case are the same.</summary>
    /// <returns>The interval; <see langword="null"/> when the text is none.</returns>
    /// <exception cref="BillingException">It is one, but shorter or longer than an interval can be.</exception>
    public static BillingInterval? Parse(string text)
    {
        const string Every = "every ";
        var words = text.Trim().ToLowerInvariant();
        if (words.StartsWith(Every, StringComparison.Ordinal))
            words = words[Every.Length..].Trim();

        var single = Single(words);
        if (single is not null)
            return single;

        return words.Split(' ', '-') is [var number, var unit]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && Single(unit.TrimEnd('s')) is { } one
            ? Times(one, count)
            : null;
    }

    private static BillingInterval? Single(string word) => word switch
    {
        "day" or "daily" => BillingInterval.Daily,
        "week" or "weekly" => BillingInterval.Weekly,
        "month" or "monthly" => BillingInterval.Monthly,
        "quarter" or "quarterly" => BillingInterval.Quarterly,
        "year" or "yearly" => BillingInterval.Yearly,
        _ => null,
    };

    private static BillingInterval Times(BillingInterval one, int count)
    {
        // A count whose product does not fit is too long in any case.
        var product = Math.Min((long)one.Count * count, int.MaxValue);
        return new BillingInterval(one.Unit, (int)product);
    }
}
