using SaasBilling.Stripe.Http;

namespace SaasBilling.Stripe.Tests.Http;

public sealed class RetryDecisionTests
{
    private static readonly RetryLimits Limits = new(MaxRetries: 4, Budget: TimeSpan.FromSeconds(30));

    [Theory]
    [InlineData(200, null, false)]
    [InlineData(400, null, false)]
    [InlineData(400, true, false)]
    [InlineData(401, true, false)]
    [InlineData(402, null, false)]
    [InlineData(402, true, false)]
    [InlineData(403, true, false)]
    [InlineData(404, true, false)]
    [InlineData(409, null, true)]
    [InlineData(409, false, false)]
    [InlineData(424, null, false)]
    [InlineData(424, true, true)]
    [InlineData(429, null, true)]
    [InlineData(429, false, false)]
    [InlineData(500, null, true)]
    [InlineData(500, false, false)]
    [InlineData(503, true, true)]
    public void An_answer_is_repeated_where_that_is_safe(int status, bool? should, bool expected) =>
        Assert.Equal(expected, RetryDecision.Decide(new(AttemptEnd.Answered, status, should), 1, TimeSpan.Zero, Limits, 0) is not null);

    [Theory]
    [InlineData(200, true)]
    [InlineData(502, true)]
    [InlineData(402, false)]
    public void An_answer_that_is_not_Stripes_is_repeated_unless_it_refuses(int status, bool expected) =>
        Assert.Equal(expected, RetryDecision.Decide(new(AttemptEnd.Garbled, status), 1, TimeSpan.Zero, Limits, 0) is not null);

    [Theory]
    [InlineData(1, 0, 250)]
    [InlineData(1, 1, 500)]
    [InlineData(2, 0, 500)]
    [InlineData(4, 1, 4000)]
    public void The_delay_doubles_and_is_spread_over_its_upper_half(int number, double chance, int milliseconds) => Assert.Equal(
        TimeSpan.FromMilliseconds(milliseconds),
        RetryDecision.Decide(new(AttemptEnd.NoAnswer, 0), number, TimeSpan.Zero, Limits, chance));

    [Fact]
    public void The_delay_is_at_most_eight_seconds() => Assert.Equal(
        TimeSpan.FromSeconds(8),
        RetryDecision.Decide(new(AttemptEnd.NoAnswer, 0), 10, TimeSpan.Zero, new(10, TimeSpan.FromMinutes(10)), 1));

    [Fact]
    public void The_last_attempt_is_the_last() => Assert.Null(RetryDecision.Decide(new(AttemptEnd.NoAnswer, 0), 5, TimeSpan.Zero, Limits, 0));

    [Theory]
    [InlineData(29, 0, true)]
    [InlineData(30, 0, false)]
    [InlineData(10, 19, true)]
    [InlineData(10, 20, false)]
    public void Nothing_is_repeated_past_the_budget(int elapsed, int retryAfter, bool expected) => Assert.Equal(
        expected,
        RetryDecision.Decide(new(AttemptEnd.Answered, 429, null, TimeSpan.FromSeconds(retryAfter)), 1, TimeSpan.FromSeconds(elapsed), Limits, 0) is not null);
}
