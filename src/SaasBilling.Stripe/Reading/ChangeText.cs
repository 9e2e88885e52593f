using System.Globalization;

namespace SaasBilling.Stripe.Reading;

/// <summary>What an application asked for, as text on the schedule that carries it out. Keys have none of the characters that part it.</summary>
internal static class ChangeText
{
    // Stripe's bound of a metadata value.
    private const int Longest = 500;

    /// <returns>Null: too long to be kept; what waits is then read off the schedule itself.</returns>
    public static string? Write(SubscriptionChange change)
    {
        var parts = new List<string>();
        if (change.PlanKey is { } plan)
            parts.Add($"plan={plan}");
        if (change.Interval is { } interval)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"interval={interval.Unit}:{interval.Count}"));
        if (change.Seats is { } seats)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"seats={seats}"));
        if (change.AddOns is { } addOns)
            parts.Add($"addons={string.Join(',', addOns.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}:{pair.Value}")))}");
        parts.Add($"proration={change.Proration}");
        var text = string.Join(';', parts);
        return text.Length <= Longest ? text : null;
    }

    /// <returns>Null: somebody else wrote it.</returns>
    public static SubscriptionChange? Read(string? text)
    {
        if (text is null)
            return null;

        var change = new SubscriptionChange { Timing = ChangeTiming.AtPeriodEnd };
        foreach (var part in text.Split(';'))
        {
            if (part.Split('=', 2) is not [var name, var value] || With(change, name, value) is not { } next)
                return null;
            change = next;
        }

        return change;
    }

    private static SubscriptionChange? With(SubscriptionChange change, string name, string value)
    {
        switch (name)
        {
            case "plan":
                return change with { PlanKey = value };
            case "interval" when value.Split(':') is [var unit, var count] && Enum.TryParse<IntervalUnit>(unit, out var parsed) && Number(count) is { } times:
                return change with { Interval = new BillingInterval(parsed, (int)times) };
            case "seats" when Number(value) is { } seats:
                return change with { Seats = seats };
            case "addons":
                return AddOns(value) is { } addOns ? change with { AddOns = addOns } : null;
            case "proration" when Enum.TryParse<Proration>(value, out var proration):
                return change with { Proration = proration };
            default:
                return null;
        }
    }

    private static Dictionary<string, long>? AddOns(string text)
    {
        var addOns = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var pair in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (pair.Split(':') is not [var key, var quantity] || Number(quantity) is not { } count)
                return null;
            addOns[key] = count;
        }

        return addOns;
    }

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
