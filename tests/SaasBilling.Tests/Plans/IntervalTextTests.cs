using SaasBilling.Plans;

namespace SaasBilling.Tests.Plans;

public class IntervalTextTests
{
    [Theory]
    [InlineData("day", IntervalUnit.Day, 1)]
    [InlineData("daily", IntervalUnit.Day, 1)]
    [InlineData("week", IntervalUnit.Week, 1)]
    [InlineData("Weekly", IntervalUnit.Week, 1)]
    [InlineData("month", IntervalUnit.Month, 1)]
    [InlineData(" Monthly ", IntervalUnit.Month, 1)]
    [InlineData("quarter", IntervalUnit.Month, 3)]
    [InlineData("quarterly", IntervalUnit.Month, 3)]
    [InlineData("year", IntervalUnit.Year, 1)]
    [InlineData("YEARLY", IntervalUnit.Year, 1)]
    [InlineData("every month", IntervalUnit.Month, 1)]
    [InlineData("every 3 months", IntervalUnit.Month, 3)]
    [InlineData("3 months", IntervalUnit.Month, 3)]
    [InlineData("3-month", IntervalUnit.Month, 3)]
    [InlineData("2 quarters", IntervalUnit.Month, 6)]
    [InlineData("1 week", IntervalUnit.Week, 1)]
    [InlineData("1095 days", IntervalUnit.Day, 1095)]
    public void Parse_AnInterval(string text, IntervalUnit unit, int count) => Assert.Equal(new BillingInterval(unit, count), IntervalText.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("every")]
    [InlineData("fortnight")]
    [InlineData("3")]
    [InlineData("3 moons")]
    [InlineData("-3 months")]
    [InlineData("three months")]
    [InlineData("3 months 2 days")]
    [InlineData("1.5 months")]
    [InlineData("99999999999 months")]
    public void Parse_NoInterval(string text) => Assert.Null(IntervalText.Parse(text));

    [Theory]
    [InlineData("0 months", "A billing interval of 0 months is too short. Use at least 1 month.")]
    [InlineData("37 months", "A billing interval of 37 months is longer than three years. Use at most 36 months.")]
    [InlineData("2147483647 quarters", "A billing interval of 2147483647 months is longer than three years. Use at most 36 months.")]
    public void Parse_AnIntervalOutOfRange(string text, string message)
    {
        var exception = Assert.Throws<BillingException>(() => IntervalText.Parse(text));
        Assert.Equal(BillingErrorCode.InvalidArgument, exception.Code);
        Assert.Equal(message, exception.Message);
    }

    [Theory]
    [InlineData(IntervalUnit.Day, 10)]
    [InlineData(IntervalUnit.Week, 1)]
    [InlineData(IntervalUnit.Month, 3)]
    [InlineData(IntervalUnit.Year, 2)]
    public void Parse_WhatAnIntervalPrints_IsTheInterval(IntervalUnit unit, int count)
    {
        var interval = new BillingInterval(unit, count);

        Assert.Equal(interval, IntervalText.Parse(interval.ToString()));
        Assert.Equal(interval, IntervalText.Parse(interval.KeyPart));
    }
}
