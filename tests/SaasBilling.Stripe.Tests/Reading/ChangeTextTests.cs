using SaasBilling.Stripe.Reading;

namespace SaasBilling.Stripe.Tests.Reading;

public sealed class ChangeTextTests
{
    [Fact]
    public void What_was_asked_for_is_read_back()
    {
        var change = new SubscriptionChange
        {
            PlanKey = "team.v2",
            Interval = BillingInterval.Quarterly,
            Seats = 0,
            AddOns = new Dictionary<string, long> { ["support"] = 2, ["extra-users"] = 0 },
            Proration = Proration.AlwaysInvoice,
            Timing = ChangeTiming.AtPeriodEnd,
        };

        Assert.Equal("plan=team.v2;interval=Month:3;seats=0;addons=extra-users:0,support:2;proration=AlwaysInvoice", ChangeText.Write(change));
        Assert.Equal(change, ChangeText.Read(ChangeText.Write(change)));
        Assert.Equal(new SubscriptionChange { Timing = ChangeTiming.AtPeriodEnd }, ChangeText.Read(ChangeText.Write(new SubscriptionChange())));
        Assert.Equal(change with { AddOns = new Dictionary<string, long>() }, ChangeText.Read(ChangeText.Write(change with { AddOns = new Dictionary<string, long>() })));
    }

    [Fact]
    public void What_is_too_long_to_be_kept_is_not_kept() =>
        Assert.Null(ChangeText.Write(new SubscriptionChange { AddOns = Enumerable.Range(0, 100).ToDictionary(number => $"add-on-{number}", number => (long)number) }));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("something else")]
    [InlineData("seats=many")]
    [InlineData("plan=x;colour=red")]
    [InlineData("interval=Fortnight:1")]
    [InlineData("addons=a:b")]
    public void What_somebody_else_wrote_is_none(string? text) => Assert.Null(ChangeText.Read(text));
}
