using SaasBilling.Storage;
using SaasBilling.Tests.Subscriptions;
using static SaasBilling.Tests.Subscriptions.Facts;

namespace SaasBilling.Tests.Reporting;

public sealed class MrrMovementsTests
{
    private const long Cent = 1_000_000;

    private readonly Story _story = new();

    [Fact]
    public void New_ForTheFirstTime_ThenChurn_ThenReactivation()
    {
        _story.See(Active());
        _story.At(5).See(Canceled(Active(), Day(5)));
        _story.At(9).See(Active(id: "sub_2", at: Day(9)));

        Assert.Equal(
            [
                new("acme", "USD", Start, MrrMovementKind.New, 2900 * Cent),
                new("acme", "USD", Day(5), MrrMovementKind.Churn, -2900 * Cent),
                new("acme", "USD", Day(9), MrrMovementKind.Reactivation, 2900 * Cent),
            ],
            _story.Movements);
    }

    [Fact]
    public void Expansion_And_Contraction()
    {
        _story.See(Active("team"));
        _story.At(1).See(Seats(Active("team"), 5));
        _story.At(2).See(Seats(Active("team"), 1));

        Assert.Equal([(MrrMovementKind.New, 3000 * Cent), (MrrMovementKind.Expansion, 2000 * Cent), (MrrMovementKind.Contraction, -4000 * Cent)], Kinds());
    }

    [Fact]
    public void Trial_CountsFromItsConversionOn()
    {
        _story.See(Trialing());
        Assert.Empty(_story.Movements);

        _story.At(15).See(Converted(Trialing()));
        Assert.Equal(Day(14), Assert.Single(_story.Movements).At);
    }

    [Fact]
    public void Trial_ThatExpires_NeverCounted()
    {
        _story.See(Trialing());
        _story.At(14).See(Canceled(Trialing(), Day(14)));

        Assert.Empty(_story.Movements);
        Assert.Empty(_story.State!.Mrr);
    }

    [Theory]
    [MemberData(nameof(NotBilled), MemberType = typeof(Facts))]
    public void OtherStatuses_DoNotCount(SubscriptionStatus status)
    {
        _story.See(Active() with { Status = status });

        Assert.Empty(_story.Movements);
    }

    [Fact]
    public void PastDue_StillCounts_UntilDunningGivesUp()
    {
        _story.See(Active());
        _story.At(2).See(PastDue(Active(), Day(2)));
        Assert.Single(_story.Movements);

        _story.At(17).See(Canceled(PastDue(Active(), Day(2)), Day(17)));
        Assert.Equal((MrrMovementKind.Churn, Day(17)), (_story.Movements[^1].Kind, _story.Movements[^1].At));
    }

    [Fact]
    public void Pause_IsChurn_AndItsEndAReturn()
    {
        _story.See(Active());
        _story.At(2).See(Active() with { Status = SubscriptionStatus.Paused, Pause = new() });
        _story.At(4).See(Active());

        Assert.Equal([MrrMovementKind.New, MrrMovementKind.Churn, MrrMovementKind.Reactivation], _story.Movements.Select(movement => movement.Kind));
    }

    [Fact]
    public void CancellationAtPeriodEnd_ChurnsWhenAccessEnds()
    {
        _story.See(Active());
        _story.At(3).See(CancelsAt(Active(), Day(31), Day(3)));
        Assert.Single(_story.Movements);

        _story.At(32).See(Canceled(CancelsAt(Active(), Day(31), Day(3)), Day(31)));
        Assert.Equal(Day(31), _story.Movements[^1].At);
    }

    [Fact]
    public void OneOfTwoSubscriptionsCanceled_IsContraction()
    {
        _story.See(Active(), Active("team", "sub_2") with { Name = "second" });
        _story.At(3).See(Canceled(Active(), Day(3)));

        Assert.Equal([(MrrMovementKind.New, 5900 * Cent), (MrrMovementKind.Contraction, -2900 * Cent)], Kinds());
    }

    [Fact]
    public void Renewal_MovesNothing()
    {
        _story.See(Active());
        _story.At(31).See(Renewed(Active()));

        Assert.Single(_story.Movements);
    }

    [Fact]
    public void YearlyPrice_IsATwelfth()
    {
        _story.See(Active() with { Interval = BillingInterval.Yearly, Items = [new("si_1", "pro/usd/year", 1)] });

        Assert.Equal(2_416_666_667, Assert.Single(_story.State!.Mrr).Micro);
    }

    [Fact]
    public void WeeklyPrice_Is52Twelfths()
    {
        _story.See(Active("weekly") with { Interval = BillingInterval.Weekly });

        Assert.Equal(2_166_666_667, Assert.Single(_story.State!.Mrr).Micro);
    }

    [Fact]
    public void AddOnsCount_UsageAndChargesDoNot()
    {
        _story.See(
            With(Active(), "pack", 3) with { Items = [.. With(Active(), "pack", 3).Items, new("si_3", "storage/gigabytes/usd/month", 0)] },
            Active("usage", "sub_2") with { Name = "second" },
            Active("free", "sub_3") with { Name = "third" },
            new Charges(Charge("ii_1", 500)));

        Assert.Equal((2900 + 1500) * Cent, Assert.Single(_story.State!.Mrr).Micro);
    }

    [Theory]
    [InlineData("forever20", 2320)]
    [InlineData("forever5", 2400)]
    [InlineData("team_only", 2900)]
    [InlineData("launch", 2900)]
    [InlineData("no_longer_there", 2900)]
    public void DiscountsThatStayForever_ReduceIt(string coupon, long cents)
    {
        _story.See(Active() with { Discounts = [new(coupon, Start, null)] });

        Assert.Equal(cents * Cent, Assert.Single(_story.State!.Mrr).Micro);
    }

    [Fact]
    public void Discounts_InTheirOrder()
    {
        _story.See(Active() with { Discounts = [new("forever20", Start, null), new("forever5", Start, null)] });
        Assert.Equal(1820 * Cent, Assert.Single(_story.State!.Mrr).Micro);

        _story.At(1).See(Active() with { Discounts = [new("forever5", Start, null), new("forever20", Start, null)] });
        Assert.Equal(1920 * Cent, Assert.Single(_story.State!.Mrr).Micro);
        Assert.Equal([(MrrMovementKind.New, 1820 * Cent), (MrrMovementKind.Expansion, 100 * Cent)], Kinds());
    }

    [Fact]
    public void ZeroSeats_AreNoRevenue()
    {
        _story.See(Active());
        _story.At(1).See(Active("team") with { Items = [new("si_1", "team/seat/usd/month", 0)] });

        Assert.Equal(MrrMovementKind.Churn, _story.Movements[^1].Kind);
    }

    [Fact]
    public void CurrenciesAreNeverAdded()
    {
        _story.See(Active(), Active("team", "sub_2") with { Name = "second", Currency = Currency.Of("EUR"), Items = [new("si_1", "team/seat/eur/month", 2)] });

        Assert.Equal([("EUR", 2000 * Cent), ("USD", 2900 * Cent)], _story.State!.Mrr.Select(amount => (amount.Currency, amount.Micro)));
        Assert.Equal([MrrMovementKind.New, MrrMovementKind.New], _story.Movements.Select(movement => movement.Kind));
    }

    [Fact]
    public void PriceThatIsNoLongerSold_CountsNothing()
    {
        _story.See(Active("gone"));

        Assert.Empty(_story.Movements);
    }

    [Fact]
    public void EnormousFigures_DoNotStopBilling()
    {
        _story.See(Seats(Active("team"), long.MaxValue), With(Active(id: "sub_2"), "pack", long.MaxValue / 10_000) with { Name = "second" });

        Assert.Equal(long.MaxValue, Assert.Single(_story.State!.Mrr).Micro);
        _story.At(1).See(Canceled(Seats(Active("team"), long.MaxValue), Day(1)), Canceled(With(Active(id: "sub_2"), "pack", long.MaxValue / 10_000) with { Name = "second" }, Day(1)));
        Assert.Equal(0, Assert.Single(_story.State!.Mrr).Micro);
    }

    private IEnumerable<(MrrMovementKind Kind, long Delta)> Kinds() => _story.Movements.Select(movement => (movement.Kind, movement.Delta));
}
