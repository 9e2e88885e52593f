using FsCheck;
using FsCheck.Fluent;
using SaasBilling.Pricing;
using static SaasBilling.Tests.Pricing.Samples;

namespace SaasBilling.Tests.Pricing;

public class DiscountingTests
{
    private static readonly DiscountTerm TwentyPercent = DiscountTerm.Percent(20);
    private static readonly DiscountTerm Five = DiscountTerm.Amount(500);

    private static readonly Gen<DiscountTerm> Term = Gen.OneOf(
        Gen.Choose(0, 10_000).Select(hundredths => DiscountTerm.Percent(hundredths / 100m)),
        Gen.Choose(0, 200_000).Select(amount => DiscountTerm.Amount(amount)));

    private static readonly Gen<(long Amount, ulong Terms)> Line =
        from amount in Gen.Frequency((4, Gen.Choose(0, 100_000)), (1, Gen.Choose(-50_000, 0)))
        from terms in Gen.Elements(Discounting.AllTerms, Discounting.NoTerms, 0b01UL, 0b10UL)
        select ((long)amount, terms);

    [Fact]
    public void Discounts_apply_one_after_the_other_in_their_order_R_COU_2()
    {
        Assert.Equal(7500, Discounting.NetAmount(10_000, [TwentyPercent, Five]));
        Assert.Equal(7600, Discounting.NetAmount(10_000, [Five, TwentyPercent]));
    }

    [Theory]
    [InlineData(2500, "10", 250)]
    [InlineData(3000, "10", 300)]
    [InlineData(1900, "50", 950)]
    [InlineData(5, "50", 3)]
    [InlineData(999, "33.33", 333)]
    [InlineData(1, "100", 1)]
    [InlineData(2999, "0.01", 0)]
    public void A_percentage_is_rounded_half_up_R_COU_1(long amount, string percent, long discount) =>
        Assert.Equal(amount - discount, Discounting.NetAmount(amount, [DiscountTerm.Percent(decimal.Parse(percent))]));

    [Fact]
    public void An_amount_over_several_lines_is_split_in_proportion_R_COU_4() =>
        Assert.Equal([166, 334], Apply([1000, 2000], [Five]));

    [Fact]
    public void A_percentage_is_rounded_on_each_line() =>
        Assert.Equal([17, 17, 17], Apply([33, 33, 33], [DiscountTerm.Percent(50)]));

    [Fact]
    public void An_amount_takes_nothing_below_zero_and_is_not_carried_over_R_COU_3()
    {
        Assert.Equal(0, Discounting.NetAmount(300, [Five]));
        Assert.Equal(0, Discounting.NetAmount(300, [Five, Five]));
        Assert.Equal([100, 200], Apply([100, 200], [Five]));
        Assert.Equal(0, Discounting.NetAmount(0, [Five]));
    }

    [Fact]
    public void An_amount_does_not_take_an_invoice_below_zero_that_credits_have_made_small() =>
        Assert.Equal([200, 0], Apply([1000, -800], [Five]));

    [Fact]
    public void A_credit_is_never_discounted()
    {
        Assert.Equal([0], Apply([-1000], [TwentyPercent, Five]));
        Assert.Equal(-1000, Discounting.NetAmount(-1000, [TwentyPercent, Five]));
        Assert.Equal([200, 0], Apply([1000, -100], [TwentyPercent]));
    }

    [Fact]
    public void A_line_carries_only_the_discounts_that_apply_to_it_and_an_items_come_first_R_COU_5()
    {
        // Half off the first line, then 10 % off the invoice; the third line is a proration.
        long[] amounts = [1900, 1000, 500];
        ulong[] applicable = [0b11, 0b10, Discounting.NoTerms];
        var discounts = new long[3];

        Discounting.Apply(amounts, applicable, [DiscountTerm.Percent(50), DiscountTerm.Percent(10)], discounts);

        Assert.Equal([950 + 95, 100, 0], discounts);
    }

    [Fact]
    public void What_truncation_leaves_goes_on_the_last_line_only_as_far_as_it_has_room()
    {
        // Of 3000 the three large lines take 999 each, and the last line of 1 cannot bear the 3 that are left.
        Assert.Equal([999, 1000, 1000, 1], Apply([1000, 1000, 1000, 1], [DiscountTerm.Amount(3000)]));
        Assert.Equal([166, 334, 0], Apply([1000, 2000, 0], [Five]));
    }

    [Fact]
    public void Sixty_four_discounts_are_the_most()
    {
        Assert.Equal(9_936, Discounting.NetAmount(10_000, [.. Enumerable.Repeat(DiscountTerm.Amount(1), 64)]));
        Assert.Equal(
            "There can be at most 64 discounts. (Parameter 'terms')",
            Assert.Throws<ArgumentException>(() => Apply([1000], [.. Enumerable.Repeat(Five, 65)])).Message);
        Assert.Throws<ArgumentException>(() => Discounting.Apply([1], [], [], new long[1]));
        Assert.Throws<ArgumentException>(() => Discounting.Apply([1], [1], [], new long[2]));
    }

    [Fact]
    public void Amounts_at_the_limit_do_not_overflow()
    {
        Assert.Equal([long.MaxValue, long.MaxValue], Apply([long.MaxValue, long.MaxValue], [DiscountTerm.Percent(100), Five]));
        Assert.Equal([long.MaxValue / 2, long.MaxValue / 2 + 1], Apply([long.MaxValue, long.MaxValue], [DiscountTerm.Amount(long.MaxValue)]));
    }

    [Fact]
    public void A_discount_lies_between_nothing_and_its_line_and_touches_no_other() => Hold(
        from lines in Gen.ListOf(Line)
        from terms in Gen.ListOf(Term, 2)
        select (lines, terms),
        x =>
        {
            var (amounts, discounts) = Discounted(x.lines, [.. x.terms]);
            return amounts.Zip(discounts).All(line => line.Second >= 0 && line.Second <= Math.Max(0, line.First))
                && x.lines.Zip(discounts).All(line => line.First.Terms != Discounting.NoTerms || line.Second == 0);
        },
        tests: 3_000);

    [Fact]
    public void An_amount_is_taken_whole_as_far_as_its_lines_and_the_invoice_have_room() => Hold(
        from lines in Gen.ListOf(Line)
        from amountOff in Gen.Choose(1, 200_000)
        select (lines, amountOff),
        x =>
        {
            var (amounts, discounts) = Discounted(x.lines, [DiscountTerm.Amount(x.amountOff)]);
            var room = Math.Min(amounts.Sum(), x.lines.Where(line => (line.Terms & 1) != 0 && line.Amount > 0).Sum(line => line.Amount));
            return discounts.Sum() == Math.Max(0, Math.Min(x.amountOff, room));
        },
        tests: 3_000);

    [Fact]
    public void One_line_alone_is_discounted_as_an_item_is() => Hold(
        from amount in Amount
        from terms in Gen.ListOf(Term, 3)
        select (amount, terms),
        x => Apply([x.amount], [.. x.terms])[0] == x.amount - Discounting.NetAmount(x.amount, [.. x.terms]));

    private static (long[] Amounts, long[] Discounts) Discounted(List<(long Amount, ulong Terms)> lines, DiscountTerm[] terms)
    {
        long[] amounts = [.. lines.Select(line => line.Amount)];
        var discounts = new long[amounts.Length];
        Discounting.Apply(amounts, [.. lines.Select(line => line.Terms)], terms, discounts);
        return (amounts, discounts);
    }

    private static long[] Apply(long[] amounts, DiscountTerm[] terms)
    {
        var discounts = new long[amounts.Length];
        Discounting.Apply(amounts, [.. amounts.Select(_ => Discounting.AllTerms)], terms, discounts);
        return discounts;
    }
}
