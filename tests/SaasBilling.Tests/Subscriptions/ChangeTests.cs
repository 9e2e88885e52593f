using static SaasBilling.Tests.Subscriptions.Facts;

namespace SaasBilling.Tests.Subscriptions;

public sealed class ChangeTests
{
    private readonly Story _story = new();

    [Fact]
    public void PlanChanged_SaysFromWhere()
    {
        _story.See(Active());

        Assert.Equal("PlanChanged", _story.At(3).See(Active("team")));
        var changed = _story.Event<PlanChanged>();
        Assert.Equal("pro", changed.PreviousPlanKey);
        Assert.Equal("team", changed.Subscription.PlanKey);
        Assert.Equal("from pro to team", changed.Explanation);
        Assert.Equal(Day(3), changed.OccurredAt);
    }

    [Fact]
    public void PlanChanged_AnotherIntervalOfTheSamePlan_HasTheSameKey()
    {
        _story.See(Active());
        var yearly = Active() with
        {
            Interval = BillingInterval.Yearly,
            Items = [new("si_1", "pro/usd/year", 1)],
            BillingCycleAnchor = Day(3),
            CurrentPeriod = new(Day(3), Day(3).AddYears(1)),
        };

        Assert.Equal("PlanChanged", _story.At(4).See(yearly));
        Assert.Equal("pro", _story.Event<PlanChanged>().PreviousPlanKey);
        Assert.Equal("billed every year instead of every month", _story.Event<PlanChanged>().Explanation);
        Assert.Equal(Day(3), _story.Event<PlanChanged>().OccurredAt);
    }

    [Fact]
    public void PlanChanged_AtPeriodEnd_ComesWithTheRenewal()
    {
        _story.See(Active() with { ScheduledChange = new() { PlanKey = "team", Timing = ChangeTiming.AtPeriodEnd } });

        Assert.Equal("PlanChanged SubscriptionRenewed", _story.At(32).See(Renewed(Active("team"))));
        Assert.All(_story.Last.Events, raised => Assert.Equal(Day(31), raised.OccurredAt));
    }

    // B-16: a downgrade that waits is shown, and can be undone; neither is an event.
    [Fact]
    public void ScheduledChange_SetAndDropped_IsStateOnly()
    {
        _story.See(Active());

        Assert.Equal("", _story.At(1).See(Active() with { ScheduledChange = new() { PlanKey = "free", Timing = ChangeTiming.AtPeriodEnd } }));
        Assert.Equal("free", _story.Subscription.ScheduledChange!.PlanKey);
        Assert.Equal("", _story.At(2).See(Active()));
        Assert.Null(_story.Subscription.ScheduledChange);
    }

    [Fact]
    public void QuantityChanged_Seats()
    {
        _story.See(Active("team"));

        Assert.Equal("QuantityChanged", _story.At(1).See(Seats(Active("team"), 8)));
        Assert.Equal("seats: 3 → 8", _story.Event<QuantityChanged>().Explanation);
    }

    // B-17: only the first item of a subscription was seen.
    [Fact]
    public void B17_QuantityChanged_AddOnsAreItemsToo()
    {
        _story.See(Active());

        Assert.Equal("QuantityChanged", _story.At(1).See(With(Active(), "pack", 2)));
        Assert.Equal("pack: 0 → 2", _story.Event<QuantityChanged>().Explanation);
        Assert.Equal("QuantityChanged", _story.At(2).See(With(With(Active(), "pack", 1), "sso", 1)));
        Assert.Equal("pack: 2 → 1, sso: 0 → 1", _story.Event<QuantityChanged>().Explanation);
        Assert.Equal("QuantityChanged", _story.At(3).See(With(Active(), "sso", 1)));
        Assert.Equal("pack: 1 → 0", _story.Event<QuantityChanged>().Explanation);
    }

    [Fact]
    public void QuantityChanged_MeteredAddOn_CountsAsOne()
    {
        _story.See(Active());

        Assert.Equal("QuantityChanged", _story.At(1).See(Active() with { Items = [.. Active().Items, new("si_2", "storage/gigabytes/usd/month", 0)] }));
        Assert.Equal("storage: 0 → 1", _story.Event<QuantityChanged>().Explanation);
    }

    [Fact]
    public void QuantityChanged_ItemsGotOtherIds_IsNot()
    {
        _story.See(Active("team"));

        Assert.Equal("", _story.At(1).See(Active("team") with { Items = [new("si_99", "team/seat/usd/month", 3)] }));
        Assert.Equal("si_99", _story.Subscription.Items[0].Id);
    }

    [Fact]
    public void QuantityChanged_APriceThatIsNoLongerSold_IsStillSeen()
    {
        var legacy = Active() with { Items = [new("si_1", "legacy/usd/month", 1)] };
        _story.See(legacy);

        Assert.Equal("QuantityChanged", _story.At(1).See(legacy with { Items = [new("si_1", "legacy/usd/month", 4)] }));
        Assert.Equal("legacy/usd/month: 1 → 4", _story.Event<QuantityChanged>().Explanation);
    }

    [Theory]
    [InlineData(3, "PlanChanged")]
    [InlineData(7, "PlanChanged QuantityChanged")]
    public void PlanChange_ToldAsQuantityToo_OnlyWhereSeatsReallyDiffer(long seats, string events)
    {
        _story.See(Active("team"));
        var yearly = Active("team") with { Interval = BillingInterval.Yearly, Items = [new("si_2", "team/seat/usd/year", seats)], CurrentPeriod = new(Day(1), Day(1).AddYears(1)) };

        Assert.Equal(events, _story.At(1).See(yearly));
    }

    [Fact]
    public void PlanChange_FromAPlanWithoutSeats_IsNoQuantityChange()
    {
        _story.See(Active());

        Assert.Equal("PlanChanged", _story.At(1).See(Seats(Active("team"), 12)));
    }

    [Fact]
    public void PlanChange_InATrial_KeepsTheTrial()
    {
        _story.See(Trialing());

        Assert.Equal("PlanChanged", _story.At(1).See(Trialing("team")));
        Assert.Equal("pro", _story.State!.Trials[0].PlanKey);
        Assert.Empty(_story.Movements);
    }

    [Fact]
    public void Renewals_ThatPassedUnseen_AreToldOneByOne()
    {
        _story.See(Active());

        Assert.Equal("SubscriptionRenewed SubscriptionRenewed SubscriptionRenewed", _story.At(100).See(Renewed(Renewed(Renewed(Active())))));
        Assert.Equal([Start.AddMonths(1), Start.AddMonths(2), Start.AddMonths(3)], _story.Last.Events.Select(raised => raised.OccurredAt));
        Assert.Equal([Month(1), Month(2), Month(3)], _story.Last.Events.Cast<SubscriptionRenewed>().Select(raised => raised.Subscription.CurrentPeriod));
    }

    [Fact]
    public void Renewals_AfterATrialThatEndedUnseen_AreToldToo()
    {
        _story.See(Trialing());

        Assert.Equal("SubscriptionActivated SubscriptionRenewed", _story.At(60).See(Renewed(Converted(Trialing()))));
        Assert.Equal([Day(14), Day(14).AddMonths(1)], _story.Last.Events.Select(raised => raised.OccurredAt));
    }

    [Fact]
    public void Renewal_WhilePastDueOrUnpaidOrPaused_IsARenewal()
    {
        foreach (var status in new[] { SubscriptionStatus.PastDue, SubscriptionStatus.Unpaid, SubscriptionStatus.Paused })
        {
            var story = new Story();
            var before = Active() with { Status = status, Pause = status == SubscriptionStatus.Paused ? new() : null, PastDueSince = Day(30) };
            story.See(before);

            Assert.Equal("SubscriptionRenewed", story.At(31).See(Renewed(before)));
        }
    }

    [Fact]
    public void Discounts_AreStateOnly()
    {
        _story.See(Active());

        Assert.Equal("", _story.At(1).See(Active() with { Discounts = [new("launch", Day(1), null)] }));
        Assert.Single(_story.Subscription.Discounts);
    }
}
