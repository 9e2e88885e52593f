using SaasBilling.Stripe.Reconciliation;

namespace SaasBilling.Stripe.Tests.Reconciliation;

public sealed class EventCursorTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(28)]
    public void Events_are_read_from_ten_minutes_before_the_cursor(int days)
    {
        var then = Now.AddDays(-days);

        Assert.Equal(then.AddMinutes(-10), EventCursor.ReadFrom(EventCursor.Write(then), Now));
    }

    [Fact]
    public void What_is_older_than_Stripe_keeps_events_is_no_place_to_go_on_from()
    {
        Assert.NotNull(EventCursor.ReadFrom(EventCursor.Write(Now.AddDays(-29).AddMinutes(10)), Now));
        Assert.Null(EventCursor.ReadFrom(EventCursor.Write(Now.AddDays(-29).AddMinutes(10).AddSeconds(-1)), Now));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("evt_1")]
    [InlineData("-5")]
    [InlineData("99999999999999999999")]
    [InlineData("9999999999999999")]
    [InlineData("1803902400")]
    public void What_is_no_cursor_or_lies_ahead_is_none(string? cursor) => Assert.Null(EventCursor.ReadFrom(cursor, Now));
}
