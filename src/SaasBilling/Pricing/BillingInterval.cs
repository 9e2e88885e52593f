using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;

namespace SaasBilling;

/// <summary>How often a price is billed: every month, every 3 months, every year.</summary>
/// <remarks>At most three years, as on Stripe: 1095 days, 156 weeks, 36 months or 3 years (https://docs.stripe.com/api/prices/create).</remarks>
/// <param name="Unit">What is counted.</param>
/// <param name="Count">How many of them; at least one.</param>
/// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidArgument"/>: less than one, or longer than three years.</exception>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BillingInterval(IntervalUnit Unit, int Count = 1)
{
    /// <summary>What is counted.</summary>
    public IntervalUnit Unit { get; } = Enum.IsDefined(Unit)
        ? Unit
        : throw new BillingException(BillingErrorCode.InvalidArgument, $"{(int)Unit} is not a unit of time. Use IntervalUnit.Day, Week, Month or Year.");

    /// <summary>How many units; at least one.</summary>
    public int Count { get; } = Fault(Unit, Count) is { } fault ? throw new BillingException(BillingErrorCode.InvalidArgument, fault) : Count;

    /// <summary>Every day.</summary>
    public static BillingInterval Daily => new(IntervalUnit.Day);

    /// <summary>Every week.</summary>
    public static BillingInterval Weekly => new(IntervalUnit.Week);

    /// <summary>Every month.</summary>
    public static BillingInterval Monthly => new(IntervalUnit.Month);

    /// <summary>Every 3 months.</summary>
    public static BillingInterval Quarterly => new(IntervalUnit.Month, 3);

    /// <summary>Every year.</summary>
    public static BillingInterval Yearly => new(IntervalUnit.Year);

    /// <summary>How it reads after "every" or "per": <c>month</c>, <c>3 months</c>.</summary>
    public override string ToString() => Count switch
    {
        0 => "(no interval)",
        1 => Name,
        _ => $"{Count} {Name}s",
    };

    /// <summary>Reads an interval as people write it: <c>month</c>, <c>3 months</c>, <c>3-month</c>, <c>monthly</c>, <c>quarterly</c>, in any case.</summary>
    /// <param name="text">The text.</param>
    /// <param name="interval">The interval; the default value when there is none.</param>
    /// <returns>False when it is not an interval, or one longer than three years.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out BillingInterval interval)
    {
        interval = default;
        var words = text?.Trim().Split([' ', '-'], StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (words is not ([_] or [_, _]))
            return false;

        var count = 1;
        if (words.Length == 2 && !int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out count))
            return false;

        (IntervalUnit Unit, int Times)? named = words[^1].ToUpperInvariant() switch
        {
            "DAY" or "DAYS" => (IntervalUnit.Day, 1),
            "WEEK" or "WEEKS" => (IntervalUnit.Week, 1),
            "MONTH" or "MONTHS" => (IntervalUnit.Month, 1),
            "YEAR" or "YEARS" => (IntervalUnit.Year, 1),
            "DAILY" when words.Length == 1 => (IntervalUnit.Day, 1),
            "WEEKLY" when words.Length == 1 => (IntervalUnit.Week, 1),
            "MONTHLY" when words.Length == 1 => (IntervalUnit.Month, 1),
            "QUARTERLY" when words.Length == 1 => (IntervalUnit.Month, 3),
            "YEARLY" or "ANNUALLY" when words.Length == 1 => (IntervalUnit.Year, 1),
            _ => null,
        };

        if (named is not var (unit, times) || Fault(unit, count * times) is not null)
            return false;

        interval = new(unit, count * times);
        return true;
    }

    /// <summary>How it reads in a price key: <c>month</c>, <c>3-month</c>.</summary>
    internal string KeyPart => Count == 1 ? Name : $"{Count}-{Name}";

    private string Name => NameOf(Unit);

    private static string? Fault(IntervalUnit unit, int count)
    {
        var longest = unit switch
        {
            IntervalUnit.Day => 1095,
            IntervalUnit.Week => 156,
            IntervalUnit.Month => 36,
            _ => 3,
        };

        if (count < 1)
            return $"A billing interval of {count} {NameOf(unit)}s is too short. Use at least 1 {NameOf(unit)}.";

        return count <= longest ? null : $"A billing interval of {count} {NameOf(unit)}s is longer than three years. Use at most {longest} {NameOf(unit)}s.";
    }

    private static string NameOf(IntervalUnit unit) => unit switch
    {
        IntervalUnit.Day => "day",
        IntervalUnit.Week => "week",
        IntervalUnit.Month => "month",
        _ => "year",
    };
}
