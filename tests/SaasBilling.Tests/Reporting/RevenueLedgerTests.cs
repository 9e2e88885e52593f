using FsCheck;
using FsCheck.Fluent;
using SaasBilling.Reporting;
using SaasBilling.Storage;

namespace SaasBilling.Tests.Reporting;

public sealed class RevenueLedgerTests
{
    private static readonly DateTimeOffset From = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_first_movement_is_new_and_one_after_leaving_is_reactivation()
    {
        var sums = Of(
            Move("acme", From.AddDays(1), 29),
            Move("acme", From.AddDays(5), -29),
            Move("acme", From.AddDays(9), 12));

        Assert.Equal((29, 12, 0, 0, 29, 12), sums);
    }

    [Fact]
    public void Who_paid_before_the_span_comes_back_by_reactivation()
    {
        var sums = Of(
            Move("acme", From.AddDays(-40), 29),
            Move("acme", From.AddDays(-10), -29),
            Move("acme", From.AddDays(3), 29));

        Assert.Equal((0, 29, 0, 0, 0, 29), sums);
    }

    [Fact]
    public void More_is_expansion_and_less_is_contraction()
    {
        var sums = Of(
            Move("acme", From.AddDays(-1), 29),
            Move("acme", From.AddDays(1), 50),
            Move("acme", From.AddDays(2), -20));

        Assert.Equal((0, 0, 50, 20, 0, 59), sums);
    }

    [Fact]
    public void Changes_within_an_hour_are_one_change()
    {
        var sums = Of(
            Move("acme", From.AddDays(-1), 29),
            Move("acme", From.AddHours(1), 50),
            Move("acme", From.AddHours(1).AddMinutes(59), -40),
            Move("acme", From.AddHours(2), 5));

        Assert.Equal((0, 0, 15, 0, 0, 44), sums);
    }

    [Fact]
    public void Trying_a_plan_and_leaving_within_the_hour_moves_nothing()
    {
        var sums = Of(Move("acme", From.AddHours(1), 29), Move("acme", From.AddHours(1).AddMinutes(10), -29));

        Assert.Equal((0, 0, 0, 0, 0, 0), sums);
    }

    [Fact]
    public void The_hour_does_not_reach_over_the_start_of_the_span()
    {
        var sums = Of(Move("acme", From.AddMinutes(-10), 29), Move("acme", From.AddMinutes(10), -29));

        Assert.Equal((0, 0, 0, 0, 29, 0), sums);
    }

    [Fact]
    public void Currencies_are_kept_apart_and_customers_are_counted_once()
    {
        var ledger = Close(
            Move("acme", From.AddDays(-1), 29),
            Move("acme", From.AddDays(-1), 20, "EUR"),
            Move("globex", From.AddDays(-1), 9),
            Move("initech", From.AddDays(-1), 9),
            Move("acme", From.AddDays(2), -29),
            Move("globex", From.AddDays(2), -9),
            Move("umbrella", From.AddDays(2), 7),
            Move("umbrella", From.AddDays(3), -7));

        Assert.Equal(3, ledger.CustomersAtStart);
        Assert.Equal(1, ledger.CustomersChurned);
        Assert.Equal(["EUR", "USD"], ledger.ByCurrency(sums => (long)sums.Mrr).Keys.Order());
        Assert.Equal(20, ledger.ByCurrency(sums => (long)sums.Mrr)["EUR"]);
        Assert.Equal(9, ledger.ByCurrency(sums => (long)sums.Mrr)["USD"]);
    }

    [Fact]
    public void Start_and_movements_make_the_end_exactly()
    {
        var movement = from customer in Gen.Choose(0, 3)
                       from minutes in Gen.Choose(-5_000, 5_000)
                       from level in Gen.Choose(0, 5)
                       from isEuro in Gen.Elements(true, false)
                       select (Customer: $"c{customer}", Minutes: minutes, Level: (long)level * 1_000_001, Currency: isEuro ? "EUR" : "USD");

        Prop.ForAll(Arb.From(Gen.ListOf(movement)), wishes =>
        {
            // Levels become differences, so that nobody's revenue is ever negative.
            var levels = new Dictionary<(string, string), long>();
            var movements = new List<MrrMovement>();
            foreach (var wish in wishes.OrderBy(wish => wish.Minutes))
            {
                var delta = wish.Level - levels.GetValueOrDefault((wish.Customer, wish.Currency));
                levels[(wish.Customer, wish.Currency)] = wish.Level;
                if (delta != 0)
                    movements.Add(Move(wish.Customer, From.AddMinutes(wish.Minutes), delta, wish.Currency));
            }

            var ledger = Close([.. movements]);
            foreach (var (currency, sums) in ledger.ByCurrency(sums => sums))
            {
                var start = movements.Where(move => move.Currency == currency && move.At < From).Sum(move => move.Delta);
                var end = movements.Where(move => move.Currency == currency).Sum(move => move.Delta);
                Assert.Equal(end, sums.Mrr);
                Assert.Equal(end, start + sums.New + sums.Reactivation + sums.Expansion - sums.Contraction - sums.Churn);
                Assert.All([sums.New, sums.Reactivation, sums.Expansion, sums.Contraction, sums.Churn], sum => Assert.True(sum >= 0));
            }
        }).QuickCheckThrowOnFailure();
    }

    private static RevenueLedger Close(params MrrMovement[] movements)
    {
        var ledger = new RevenueLedger(From);
        foreach (var movement in movements)
            ledger.Add(movement);
        ledger.Close();
        return ledger;
    }

    private static (long New, long Reactivation, long Expansion, long Contraction, long Churn, long End) Of(params MrrMovement[] movements) =>
        Close(movements).ByCurrency(sums => ((long)sums.New, (long)sums.Reactivation, (long)sums.Expansion, (long)sums.Contraction, (long)sums.Churn, (long)sums.Mrr))["USD"];

    private static MrrMovement Move(string customer, DateTimeOffset at, long delta, string currency = "USD") =>
        new(customer, currency, at, delta > 0 ? MrrMovementKind.Expansion : MrrMovementKind.Contraction, delta);
}
