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
            return $"A billing interval of {count} {NameOf(unit)}s is too short. Bill every {NameOf(unit)}, or every 2 or more.";

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
