using System.Globalization;
using System.Runtime.InteropServices;

namespace SaasBilling.InMemory.Engine;

/// <summary>What a line is for. Its description is composed from it when somebody looks.</summary>
internal enum LineKind : byte
{
    /// <summary>A flat or per-seat price for a period, in advance.</summary>
    Licensed,

    /// <summary>A trial: zero.</summary>
    Trial,

    /// <summary>Metered usage of a period, in arrears.</summary>
    Usage,

    /// <summary>Credit for the rest of a period.</summary>
    UnusedTime,

    /// <summary>Charge for the rest of a period.</summary>
    RemainingTime,

    /// <summary>A one-off charge, with a text of its own.</summary>
    Charge,
}

/// <summary>One line of an invoice, in minor units of the invoice's currency. A value: an invoice's lines are one allocation.</summary>
[StructLayout(LayoutKind.Auto)]
internal record struct EngineLine
{
    public LineKind Kind { get; set; }

    /// <summary>The price; null for a one-off charge.</summary>
    public CatalogPrice? Price { get; set; }

    /// <summary>A one-off charge's description; null otherwise.</summary>
    public string? Text { get; set; }

    /// <summary>How many, or how much was used.</summary>
    public decimal Quantity { get; set; }

    /// <summary>Before discount and tax.</summary>
    public long Amount { get; set; }

    /// <summary>This line's share of the discounts, not negative.</summary>
    public long Discount { get; set; }

    public long Tax { get; set; }

    public long Start { get; set; }

    public long End { get; set; }

    public readonly bool IsProration => Kind is LineKind.UnusedTime or LineKind.RemainingTime;

    public readonly InvoiceLine ToLine(Currency currency) => new(
        Describe(), Money.FromMinorUnits(Amount, currency), WholeQuantity(Quantity), Instants.Period(Start, End), IsProration)
    {
        PriceKey = Price?.Price.Key,
    };

    private readonly string Describe()
    {
        if (Price is null)
            return Text ?? "";

        var name = NameOf(Price);
        return Kind switch
        {
            LineKind.Trial => $"Trial of {name}",
            LineKind.UnusedTime => $"Unused time of {name} after {Day(Start)}",
            LineKind.RemainingTime => $"Remaining time of {name} after {Day(Start)}",
            LineKind.Usage when Quantity != decimal.Truncate(Quantity) => string.Create(CultureInfo.InvariantCulture, $"{name} ({Quantity.ToString("G29", CultureInfo.InvariantCulture)})"),
            _ => name,
        };
    }

    private static string NameOf(CatalogPrice price) => price.Price.Kind switch
    {
        PriceKind.PerSeat => $"{price.OwnerName}, seats",
        PriceKind.Metered => $"{price.OwnerName}, {price.Price.Meter}",
        _ => price.OwnerName,
    };

    private static string Day(long instant) => Instants.At(instant).ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    // A line counts whole units; what was used in parts of a unit stands in its description.
    private static long WholeQuantity(decimal quantity) => quantity >= long.MaxValue ? long.MaxValue : (long)decimal.Ceiling(quantity);
}
