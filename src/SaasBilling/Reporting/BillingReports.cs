using SaasBilling.Pricing;
using SaasBilling.Storage;

namespace SaasBilling.Reporting;

/// <summary>Reads the store's movements and counts its trials.</summary>
internal sealed class BillingReports(IBillingStore store) : IBillingReports
{
    public async Task<RevenueReport> GetRevenueAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken = default)
    {
        if (to < from)
            throw Checks.Invalid($"The report would end at {Checks.Show(to)}, before it begins at {Checks.Show(from)}. Swap the two.");

        var ledger = new RevenueLedger(from);
        await foreach (var movement in store.GetMovementsAsync(to, cancellationToken).ConfigureAwait(false))
            ledger.Add(movement);

        ledger.Close();
        var trials = await store.CountTrialsAsync(from, to, cancellationToken).ConfigureAwait(false);
        return new()
        {
            MonthlyRecurringRevenue = ledger.ByCurrency(sums => ToMoney(sums.Mrr, sums.Currency)),
            Movements = ledger.ByCurrency(sums => new RevenueMovements(
                ToMoney(sums.New, sums.Currency),
                ToMoney(sums.Reactivation, sums.Currency),
                ToMoney(sums.Expansion, sums.Currency),
                ToMoney(sums.Contraction, sums.Currency),
                ToMoney(sums.Churn, sums.Currency))),
            TrialsEnded = trials.Ended,
            TrialsConverted = trials.Converted,
            CustomersAtStart = ledger.CustomersAtStart,
            CustomersChurned = ledger.CustomersChurned,
        };
    }

    private static Money ToMoney(Int128 micros, string currency) => MonthlyValue.ToMoney(micros, Currency.Of(currency));
}
