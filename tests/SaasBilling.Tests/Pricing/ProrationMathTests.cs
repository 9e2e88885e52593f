using FsCheck;
using FsCheck.Fluent;
using SaasBilling.Pricing;
using static SaasBilling.Tests.Pricing.Samples;

namespace SaasBilling.Tests.Pricing;

public class ProrationMathTests
{
    private static readonly BillingPeriod April = new(Utc(2026, 4, 1), Utc(2026, 5, 1));

    /// <summary>What a period was debited, what a change would cost for it, and an instant in it, as seconds.</summary>
    private static readonly Gen<(long Old, long New, long Remaining, long Total)> Change =
        from old in Amount
        from @new in Amount
        from total in Gen.OneOf(Gen.Choose(1, 12).Select(n => (long)n), Gen.Choose(1, 3 * 366 * 86_400).Select(n => (long)n), Gen.Elements(28L, 29, 30, 31, 365).Select(days => days * 86_400))
        from remaining in Gen.OneOf(Between(0, total), Gen.Constant(total / 2))
        select (old, @new, remaining, total);

    [Theory]
    [InlineData(3252, 445_540, 2_678_400, 541)]             // 32.52 × 445540/2678400 is 5.4095, shown as 5.41
    [InlineData(25_000, 31_535_996, 31_536_000, 25_000)]    // four seconds into the year
    [InlineData(2000, 1, 3, 667)]                           // 666.67
    [InlineData(9, 1, 2, 4)]                                // 4.5
    [InlineData(15, 1, 2, 7)]                               // 7.5
    [InlineData(-5, 1, 2, -3)]                              // -2.5
    public void Charge_is_what_was_recorded_from_Stripe_R_PRO_4(long amount, long remaining, long total, long charged) =>
        Assert.Equal(charged, ProrationMath.Charge(amount, remaining, total));

    [Theory]
    [InlineData(5, 1, 2, -3)]                               // -2.5
    [InlineData(2000, 1, 3, -667)]
    [InlineData(2900, 0, 30, 0)]
    [InlineData(2900, 30, 30, -2900)]
    [InlineData(-5, 1, 2, 2)]                               // a credit that is given back: 2.5
    public void Credit_is_rounded_as_the_negative_line_that_it_is_R_PRO_4(long debited, long remaining, long total, long credited) =>
        Assert.Equal(credited, ProrationMath.Credit(debited, remaining, total));

    [Fact]
    public void Going_back_to_the_cheaper_plan_nets_as_the_recorded_invoice_R_PRO_7()
    {
        // From 10 to 20 on 11 April without prorations, back on 21 April.
        var back = Utc(2026, 4, 21);
        var charge = ProrationMath.Charge(Money.Of(10m, "USD"), April, back);

        Assert.Equal(Money.Of(-3.34m, "USD"), ProrationMath.Credit(Money.Of(20m, "USD"), April, back) + charge);
        Assert.Equal(Money.Zero("USD"), ProrationMath.Credit(Money.Of(10m, "USD"), April, back) + charge);
    }

    [Fact]
    public void Removing_an_item_at_half_credits_its_share_of_the_coupon_R_PRO_7()
    {
        // 5 off over items of 10 and 20; the item of 10 was debited 8.34.
        var half = Utc(2026, 4, 16);
        var discounts = new long[2];
        Discounting.Apply([1000, 2000], [Discounting.AllTerms, Discounting.AllTerms], [DiscountTerm.Amount(500)], discounts);

        Assert.Equal(Money.Of(-4.17m, "USD"), ProrationMath.Credit(Money.FromMinorUnits(1000 - discounts[0], "USD"), April, half));
        Assert.Equal(Money.Of(-2.50m, "USD"), ProrationMath.Credit(Money.FromMinorUnits(Discounting.NetAmount(1000, [DiscountTerm.Amount(500)]), "USD"), April, half));
    }

    [Fact]
    public void A_year_cut_at_the_first_of_July_credits_about_half_R_CAN_10() =>
        Assert.Equal(
            Money.Of(-60.49m, "USD"),
            ProrationMath.Credit(Money.Of(120m, "USD"), new(Utc(2026, 1, 1), Utc(2027, 1, 1)), Utc(2026, 7, 1)));

    [Fact]
    public void A_first_short_period_is_counted_against_the_natural_period_that_ends_at_the_anchor_R_ANC_5()
    {
        // From 15 July to an anchor on 1 August: 17 of July's 31 days.
        var anchor = Utc(2026, 8, 1);
        var natural = new BillingPeriod(BillingCycle.Boundary(anchor, BillingInterval.Monthly, -1), anchor);

        Assert.Equal(Money.Of(17m, "USD"), ProrationMath.Charge(Money.Of(31m, "USD"), natural, Utc(2026, 7, 15)));
    }

    [Fact]
    public void At_the_borders_of_a_period_all_or_nothing_is_left()
    {
        var price = Money.Of(29m, "USD");

        Assert.Equal(price, ProrationMath.Charge(price, April, April.Start));
        Assert.Equal(-price, ProrationMath.Credit(price, April, April.Start));
        Assert.True(ProrationMath.Charge(price, April, April.End).IsZero);
        Assert.True(ProrationMath.Credit(price, April, April.End).IsZero);
        Assert.True(ProrationMath.Charge(price, new(April.Start, April.Start), April.Start).IsZero);
    }

    [Fact]
    public void Fractions_of_a_second_do_not_count()
    {
        var price = Money.Of(2_592_000m, "JPY");

        Assert.Equal(
            ProrationMath.Charge(price, April, Utc(2026, 4, 2, 0, 0, 1)),
            ProrationMath.Charge(price, April, Utc(2026, 4, 2, 0, 0, 1).AddMilliseconds(999)));
        Assert.Equal(2_592_000 - 86_401, ProrationMath.Charge(price, April, Utc(2026, 4, 2, 0, 0, 1)).MinorUnits);
    }

    [Fact]
    public void An_instant_outside_the_period_is_refused()
    {
        const string message = "2026-05-01 00:00:01Z lies outside the period from 2026-04-01 00:00:00Z to 2026-05-01 00:00:00Z. Prorate at an instant inside it.";
        var price = Money.Of(29m, "USD");

        Assert.Equal(message, RefusedMessage(BillingErrorCode.InvalidArgument, () => ProrationMath.Charge(price, April, Utc(2026, 5, 1, 0, 0, 1))));
        Assert.Equal(message, RefusedMessage(BillingErrorCode.InvalidArgument, () => ProrationMath.Credit(price, April, Utc(2026, 5, 1, 0, 0, 1))));
        Refused(BillingErrorCode.InvalidArgument, () => ProrationMath.Credit(price, April, Utc(2026, 3, 31, 23, 59, 59)));
        Assert.Equal(
            "31 of 30 seconds cannot be prorated: the rest of a period lies between nothing and all of it. Prorate at an instant inside the period.",
            RefusedMessage(BillingErrorCode.InvalidArgument, () => ProrationMath.Charge(1, 31, 30)));
        Refused(BillingErrorCode.InvalidArgument, () => ProrationMath.Charge(1, -1, 30));
        Refused(BillingErrorCode.UnknownCurrency, () => ProrationMath.Charge(default, April, April.Start));
    }

    [Fact]
    public void Amounts_at_the_limit_do_not_overflow()
    {
        Assert.Equal(long.MaxValue, ProrationMath.Charge(long.MaxValue, long.MaxValue, long.MaxValue));
        Assert.Equal(-long.MaxValue, ProrationMath.Credit(long.MaxValue, long.MaxValue, long.MaxValue));
        Assert.Equal(long.MaxValue / 2, ProrationMath.Charge(long.MaxValue, 1, 2));
        Refused(BillingErrorCode.InvalidArgument, () => ProrationMath.Credit(long.MinValue, 1, 1));
    }

    [Fact]
    public void The_rest_is_never_more_than_the_whole_and_shrinks_with_time() => Hold(
        from x in Change
        from later in Between(0, x.Remaining)
        select (x.Old, x.Remaining, later, x.Total),
        x =>
        {
            var now = ProrationMath.Charge(x.Old, x.Remaining, x.Total);
            return now >= 0 && now <= x.Old && ProrationMath.Charge(x.Old, x.later, x.Total) <= now;
        });

    [Fact]
    public void Credit_and_charge_of_one_amount_cancel_except_at_an_exact_half_where_the_customer_gains_one_minor_unit() => Hold(
        Change,
        x =>
        {
            var net = ProrationMath.Charge(x.Old, x.Remaining, x.Total) + ProrationMath.Credit(x.Old, x.Remaining, x.Total);
            var isHalf = (Int128)x.Old * x.Remaining * 2 % x.Total == 0 && (Int128)x.Old * x.Remaining % x.Total != 0;
            return net == (isHalf ? -1 : 0);
        },
        tests: 5_000);

    [Fact]
    public void A_change_and_its_undo_at_one_instant_cost_nothing() => Hold(
        Change,
        x =>
        {
            // The undo credits what the change debited, and that was debited for exactly the rest of the period.
            var change = ProrationMath.Credit(x.Old, x.Remaining, x.Total) + ProrationMath.Charge(x.New, x.Remaining, x.Total);
            var debited = ProrationMath.Charge(x.New, x.Remaining, x.Total);
            var undo = ProrationMath.Credit(debited, x.Remaining, x.Remaining) + ProrationMath.Charge(x.Old, x.Remaining, x.Total);
            return change + undo is 0 or -1;
        },
        tests: 5_000);

    [Fact]
    public void A_hundred_changes_in_one_period_cost_what_was_used_give_or_take_a_minor_unit_a_line() => Hold(
        from prices in Gen.ListOf(Gen.Choose(0, 100_000), 100)
        from seconds in Gen.ListOf(Gen.Choose(0, 2_592_000), 100)
        select (prices, seconds: seconds.Order().ToList()),
        x =>
        {
            const long total = 2_592_000;
            long paid = x.prices[0];
            long debited = x.prices[0];
            long from = 0;
            decimal used = 0;
            for (var i = 1; i < x.prices.Count; i++)
            {
                var at = x.seconds[i];
                paid += ProrationMath.Credit(debited, total - at, total - from);
                used += (decimal)x.prices[i - 1] * (at - from) / total;
                debited = ProrationMath.Charge(x.prices[i], total - at, total);
                paid += debited;
                from = at;
            }

            used += (decimal)x.prices[^1] * (total - from) / total;
            return Math.Abs(paid - used) <= 2 * x.prices.Count;
        },
        tests: 200);
}
