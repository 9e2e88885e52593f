using static SaasBilling.Tests.Subscriptions.Facts;

namespace SaasBilling.Tests.Subscriptions;

/// <summary>Records that have lists are printed item by item: a log or a failed assertion is to say what is in them.</summary>
public sealed class RecordTextTests
{
    private static readonly Subscription Full = Active("team") with
    {
        Discounts = [new("launch", Start, Day(31))],
        ScheduledChange = new() { Seats = 2, AddOns = new Dictionary<string, long> { ["pack"] = 3, ["sso"] = 1 } },
    };

    private static readonly Invoice Refunded = Paid(Failed(Draft(Full), Day(1)), Day(2)) with { Refunds = [new("re_1", "in_1", Money.Of(1, "USD"), Day(3))] };

    public static TheoryData<object> Records => [Full, Refunded, Full.ScheduledChange!];

    [Theory]
    [MemberData(nameof(Records))]
    public void ToString_NamesEveryMember_AndNoTypeOfAList(object record)
    {
        var text = record.ToString()!;

        Assert.StartsWith($"{record.GetType().Name} {{ ", text, StringComparison.Ordinal);
        Assert.All(record.GetType().GetProperties(), member => Assert.Contains($" {member.Name} = ", text, StringComparison.Ordinal));
        Assert.DoesNotContain("System.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_PrintsListsItemByItem()
    {
        Assert.Contains(", Items = [SubscriptionItem { Id = si_1, PriceKey = team/seat/usd/month, Quantity = 3 }], ", Full.ToString(), StringComparison.Ordinal);
        Assert.Contains(", AddOns = [pack = 3, sso = 1], ", Full.ToString(), StringComparison.Ordinal);
        Assert.Contains(", Refunds = [Refund { Id = re_1, ", Refunded.ToString(), StringComparison.Ordinal);
        Assert.Contains(", Discounts = [], ", Active().ToString(), StringComparison.Ordinal);
    }
}
