namespace SaasBilling;

/// <summary>Revenue of a span of time, by currency; currencies are never added.</summary>
public sealed record RevenueReport
{
    /// <summary>MRR at the span's end, by currency code: subscriptions that are Active or PastDue, less forever discounts; no tax, no usage, no trials.</summary>
    public required IReadOnlyDictionary<string, Money> MonthlyRecurringRevenue { get; init; }

    /// <summary>What moved the MRR within the span, by currency code.</summary>
    public required IReadOnlyDictionary<string, RevenueMovements> Movements { get; init; }

    /// <summary>Trials that were over in the span, converted or not: run out, ended by a call, or canceled.</summary>
    public required int TrialsEnded { get; init; }

    /// <summary>Trials whose first invoice was paid in the span.</summary>
    public required int TrialsConverted { get; init; }

    /// <summary>Customers with recurring revenue at the span's start.</summary>
    public required int CustomersAtStart { get; init; }

    /// <summary>Of those, customers whose recurring revenue became zero in the span and is zero at its end.</summary>
    public required int CustomersChurned { get; init; }
}

/// <summary>How MRR moved. Start + New + Reactivation + Expansion − Contraction − Churn = end; each is rounded once for display.</summary>
/// <param name="New">From customers who never paid before.</param>
/// <param name="Reactivation">From customers who had left.</param>
/// <param name="Expansion">More from a customer.</param>
/// <param name="Contraction">Less from a customer who stays; positive.</param>
/// <param name="Churn">From customers who left; positive.</param>
public sealed record RevenueMovements(Money New, Money Reactivation, Money Expansion, Money Contraction, Money Churn);
