using FsCheck.Fluent;
using SaasBilling.Pricing;
using static SaasBilling.Tests.Pricing.Samples;

namespace SaasBilling.Tests.Pricing;

public class AllocationTests
{
    [Theory]
    [InlineData(500, "1000 2000", "166 334")]           // 5 USD over 10 and 20, as recorded
    [InlineData(100, "1 1 1", "33 33 34")]
    [InlineData(-100, "1 1 1", "-33 -33 -34")]
    [InlineData(0, "3 4", "0 0")]
    [InlineData(7, "0 5 0", "0 7 0")]
    [InlineData(7, "0 0", "0 7")]
    [InlineData(2, "1 1 1", "0 0 2")]
    [InlineData(9, "4", "9")]
    public void Split_truncates_each_share_and_leaves_the_remainder_to_the_last_R_COU_4(long amount, string weights, string shares)
    {
        var result = Split(amount, [.. weights.Split(' ').Select(long.Parse)]);

        Assert.Equal(shares.Split(' ').Select(long.Parse), result);
    }

    [Fact]
    public void The_shares_are_the_whole_and_each_but_the_last_is_within_one_of_its_proportion() => Hold(
        from amount in AnyLong
        from weights in Gen.NonEmptyListOf(Amount)
        select (amount, weights: weights.ToArray()),
        x =>
        {
            var shares = Split(x.amount, x.weights);
            var total = x.weights.Aggregate((Int128)0, (sum, weight) => sum + weight);
            var isTruncated = shares.SkipLast(1).Index().All(share =>
            {
                var lost = (Int128)x.amount * x.weights[share.Index] - share.Item * total;
                return total == 0 ? share.Item == 0 : Int128.Abs(lost) < total && (lost == 0 || Int128.Sign(lost) == Math.Sign(x.amount));
            });
            return isTruncated && shares.Aggregate((Int128)0, (sum, share) => sum + share) == x.amount;
        });

    [Fact]
    public void Split_without_weights_or_with_a_negative_one_is_refused()
    {
        Assert.Equal("There must be at least one weight, and one share for each. (Parameter 'shares')", Assert.Throws<ArgumentException>(() => Split(1, [])).Message);
        Assert.Throws<ArgumentException>(() => Allocation.Split(1, [1, 2], new long[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Split(1, [1, -1]));
    }

    private static long[] Split(long amount, long[] weights)
    {
        var shares = new long[weights.Length];
        Allocation.Split(amount, weights, shares);
        return shares;
    }
}
