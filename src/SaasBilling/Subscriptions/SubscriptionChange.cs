using System.Globalization;
using System.Text;

namespace SaasBilling;

/// <summary>Whether a change in mid-period is charged for the time that is left. Stripe's <c>proration_behavior</c>.</summary>
public enum Proration
{
    /// <summary>Credit and charge lines go on the next invoice.</summary>
    CreateProrations,

    /// <summary>No lines; the new price is billed from the next period on.</summary>
    None,

    /// <summary>Credit and charge lines are invoiced and charged now.</summary>
    AlwaysInvoice,
}

/// <summary>When a change takes place.</summary>
public enum ChangeTiming
{
    /// <summary>Now.</summary>
    Immediately,

    /// <summary>With the next period; no prorations.</summary>
    AtPeriodEnd,
}

/// <summary>What is to be different. A null member stays as it is.</summary>
public sealed record SubscriptionChange
{
    /// <summary>The wanted plan.</summary>
    public string? PlanKey { get; init; }

    /// <summary>The wanted interval. Another interval than now starts a new period at once.</summary>
    public BillingInterval? Interval { get; init; }

    /// <summary>The wanted number of seats. Zero is legal.</summary>
    public long? Seats { get; init; }

    /// <summary>Add-on key → quantity: the full wanted set; 0 removes.</summary>
    public IReadOnlyDictionary<string, long>? AddOns { get; init; }

    /// <summary>Whether the time that is left of the period is charged.</summary>
    public Proration Proration { get; init; } = Proration.CreateProrations;

    /// <summary>When it takes place.</summary>
    public ChangeTiming Timing { get; init; }

    /// <summary>Equal when every member is, add-ons compared key by key.</summary>
    public bool Equals(SubscriptionChange? other) =>
        other is not null && PlanKey == other.PlanKey && Interval == other.Interval && Seats == other.Seats
        && Proration == other.Proration && Timing == other.Timing && SameAddOns(AddOns, other.AddOns);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(PlanKey, Interval, Seats, Proration, Timing, AddOns?.Count);

    private bool PrintMembers(StringBuilder text)
    {
        var addOns = AddOns is null ? "" : $"[{string.Join(", ", AddOns.Select(pair => $"{pair.Key} = {pair.Value}"))}]";
        text.Append(CultureInfo.InvariantCulture, $"PlanKey = {PlanKey}, Interval = {Interval}, Seats = {Seats}, AddOns = {addOns}, Proration = {Proration}, Timing = {Timing}");
        return true;
    }

    private static bool SameAddOns(IReadOnlyDictionary<string, long>? left, IReadOnlyDictionary<string, long>? right) =>
        ReferenceEquals(left, right) || (left is not null && right is not null && left.Count == right.Count
        && left.All(pair => right.TryGetValue(pair.Key, out var quantity) && quantity == pair.Value));
}
