using static SaasBilling.Tests.Subscriptions.Facts;

namespace SaasBilling.Tests.Subscriptions;

public sealed class CancellationTests
{
    private readonly Story _story = new();

    // B-10: one field for "at period end" and "at a date".
    [Theory]
    [InlineData(31)]
    [InlineData(17.5)]
    public void B10_CancelsAt_WhereverItLies_IsScheduled(double end)
    {
        _story.See(Active());

        Assert.Equal("CancellationScheduled", _story.At(5).See(CancelsAt(Active(), Day(end), Day(4))));
        Assert.Equal(Day(4), _story.Event<CancellationScheduled>().OccurredAt);
        Assert.Equal(Day(end), _story.Event<CancellationScheduled>().Subscription.CancelsAt);
    }

    // B-10: the reason came in a second event.
    [Fact]
    public void B10_AReasonThatComesLate_IsKept()
    {
        _story.See(Active());
        _story.At(5).See(CancelsAt(Active(), Day(31), Day(5)));

        Assert.Equal("", _story.At(5.1).See(CancelsAt(Active(), Day(31), Day(5), "missing a feature")));
        Assert.Equal("missing a feature", _story.Subscription.CancellationReason);

        _story.At(31).See(Canceled(_story.Subscription, Day(31)));
        Assert.Equal("missing a feature", _story.Event<SubscriptionCanceled>().Explanation);
    }

    [Fact]
    public void B10_AReasonThatComesAfterTheEnd_IsKeptToo()
    {
        _story.See(Active());
        _story.At(5).See(Canceled(Active(), Day(5)));

        Assert.Equal("", _story.At(6).See(Canceled(Active(), Day(5), "too expensive")));
        Assert.Equal("too expensive", _story.Subscription.CancellationReason);
    }

    [Fact]
    public void CancelsAt_Moved_IsScheduledAnew()
    {
        _story.See(CancelsAt(Active(), Day(31), Day(0)));

        Assert.Equal("CancellationScheduled", _story.At(2).See(CancelsAt(Active(), Day(20), Day(0))));
        Assert.Equal(Day(2), _story.Event<CancellationScheduled>().OccurredAt);
    }

    [Fact]
    public void CancelsAt_Cleared_IsUndone()
    {
        _story.See(CancelsAt(Active(), Day(31), Day(0)));

        Assert.Equal("CancellationUndone", _story.At(2).See(Active()));
        Assert.Equal(Day(2), _story.Event<CancellationUndone>().OccurredAt);
    }

    [Fact]
    public void ScheduledAndEnded_SeenAtOnce_IsBoth()
    {
        _story.See(Active());

        Assert.Equal(
            "CancellationScheduled SubscriptionCanceled AccessRestricted",
            _story.At(40).See(Canceled(CancelsAt(Active(), Day(31), Day(5)), Day(31))));
        Assert.Equal([Day(5), Day(31), Day(31)], _story.Last.Events.Select(raised => raised.OccurredAt));
    }

    [Fact]
    public void EndedNow_AScheduledEndIsDropped_IsNoUndo()
    {
        _story.See(CancelsAt(Active(), Day(31), Day(0)));

        Assert.Equal("SubscriptionCanceled AccessRestricted", _story.At(3).See(Canceled(Active(), Day(3))));
    }

    [Fact]
    public void FirstSeenWithAScheduledEnd_IsTold() =>
        Assert.Equal("CustomerCreated SubscriptionActivated CancellationScheduled AccessGranted", _story.See(CancelsAt(Active(), Day(31), Day(0))));

    [Fact]
    public void Pause_And_Resume()
    {
        _story.See(Active(), First(Active()));
        var paused = Active() with { Status = SubscriptionStatus.Paused, Pause = new() { ResumesAt = Day(10) } };

        Assert.Equal("SubscriptionPaused AccessRestricted", _story.At(3).See(paused));
        Assert.Equal("until 2026-01-11 09:00 UTC", _story.Event<SubscriptionPaused>().Explanation);
        Assert.Equal(AccessReason.Paused, _story.Event<AccessRestricted>().Reason);

        Assert.Equal("SubscriptionResumed AccessGranted", _story.At(11).See(Active()));
        Assert.All(_story.Last.Events, raised => Assert.Equal(Day(10), raised.OccurredAt));
    }

    [Fact]
    public void Resume_BeforeItsTime_IsWhenItWasSeen()
    {
        _story.See(Active() with { Status = SubscriptionStatus.Paused, Pause = new() { ResumesAt = Day(10) } });

        _story.At(4).See(Active());
        Assert.Equal(Day(4), _story.Event<SubscriptionResumed>().OccurredAt);
    }

    [Fact]
    public void Resume_UndoesACancellationAndAPauseAtOnce()
    {
        _story.See(CancelsAt(Active() with { Status = SubscriptionStatus.Paused, Pause = new() }, Day(31), Day(0)));

        Assert.Equal("SubscriptionResumed CancellationUndone AccessGranted", _story.At(4).See(Active()));
    }

    [Fact]
    public void Resume_OfWhatWasPastDue_GivesGraceFromTheFailure()
    {
        var pastDue = PastDue(Active(), Day(1));
        _story.See(pastDue with { Status = SubscriptionStatus.Paused, Pause = new() });

        Assert.Equal("SubscriptionResumed AccessGranted", _story.At(4).See(pastDue));
        Assert.Equal(Day(4), _story.Event<AccessGranted>().OccurredAt);
        Assert.Equal(Day(8), _story.State!.WakeAt);
    }

    [Fact]
    public void Reactivation_IsToldBesideWhatTheNewOneRaises()
    {
        _story.See(Active());
        _story.At(3).See(Canceled(Active(), Day(3)));

        Assert.Equal("SubscriptionActivated SubscriptionReactivated AccessGranted", _story.At(9).See(Active(id: "sub_2", at: Day(9))));
        Assert.Equal("sub_2", _story.Event<SubscriptionReactivated>().Subscription.Id);
    }

    [Fact]
    public void Reactivation_OfOneThatIsIncomplete_ComesWhenItIsPaid()
    {
        _story.See(Canceled(Active(), Day(3)));

        Assert.Equal("", _story.At(9).See(Incomplete(id: "sub_2", at: Day(9))));
        Assert.Equal("SubscriptionActivated SubscriptionReactivated AccessGranted", _story.At(9.5).See(Active(id: "sub_2", at: Day(9))));
    }

    [Fact]
    public void Reactivation_WithATrial()
    {
        _story.See(Canceled(Active(), Day(3)));

        Assert.Equal("TrialStarted SubscriptionReactivated AccessGranted", _story.At(9).See(Trialing(id: "sub_2", at: Day(9))));
    }

    [Fact]
    public void Reactivation_EndAndNewBeginningSeenTogetherInAnyOrder_IsTold()
    {
        _story.See(Active());

        _story.At(9).See(Active(id: "sub_2", at: Day(9)), Canceled(Active(), Day(3)));

        Assert.Contains("SubscriptionReactivated", Story.Names(_story.Last.Events), StringComparison.Ordinal);
        Assert.Equal(["sub_1", "sub_2"], _story.State!.Subscriptions.Select(subscription => subscription.Id));
    }

    [Fact]
    public void Reactivation_AnotherName_IsNone()
    {
        _story.See(Canceled(Active(), Day(3)));

        Assert.Equal("SubscriptionActivated AccessGranted", _story.At(9).See(Active(id: "sub_2", at: Day(9)) with { Name = "addon-product" }));
    }

    // B-13: a first payment that never came is replaceable by the next try, and the next try is no return.
    [Theory]
    [InlineData(SubscriptionStatus.IncompleteExpired)]
    [InlineData(SubscriptionStatus.Canceled)]
    public void B13_Reactivation_AfterOneThatNeverLived_IsNone(SubscriptionStatus end)
    {
        _story.See(Incomplete());
        _story.At(0.5).See(Incomplete() with { Status = end, EndedAt = Day(0.5) });

        Assert.Equal("SubscriptionActivated AccessGranted", _story.At(1).See(Active(id: "sub_2", at: Day(1))));
    }

    [Fact]
    public void B13_Reactivation_AfterOneThatWasCanceledUnpaidBeforeItWasSeen_IsNone()
    {
        var voided = Open(Draft(Incomplete(), reason: BillingReason.SubscriptionCreate)) with { Status = InvoiceStatus.Void };

        Assert.Equal("CustomerCreated InvoiceFinalized SubscriptionCanceled", _story.At(1).See(Canceled(Incomplete(), Day(0.5)), voided));
        Assert.Equal("SubscriptionActivated AccessGranted", _story.At(1).See(Active(id: "sub_2", at: Day(1))));
    }

    [Fact]
    public void Reactivation_AFailedTryInBetween_StillReturnsToWhatHadLived()
    {
        _story.See(Canceled(Active(), Day(3)));
        _story.At(5).See(Incomplete(id: "sub_2", at: Day(5)));
        _story.At(6).See(Incomplete(id: "sub_2", at: Day(5)) with { Status = SubscriptionStatus.IncompleteExpired, EndedAt = Day(6) });
        Assert.Equal(["sub_1", "sub_2"], _story.State!.Subscriptions.Select(subscription => subscription.Id));

        Assert.Equal("SubscriptionActivated SubscriptionReactivated AccessGranted", _story.At(9).See(Active(id: "sub_3", at: Day(9))));
    }

    [Fact]
    public void State_KeepsTheLiveOnesAndTheLastEndOfEachName()
    {
        _story.See(Active(), Active(id: "other") with { Name = "other" });
        for (var i = 2; i <= 5; i++)
        {
            var earlier = _story.State!.Newest("default")!;
            _story.At(i).See(Canceled(earlier, Day(i)));
            _story.See(Active(id: $"sub_{i}", at: Day(i)));
        }

        Assert.Equal(["other", "sub_4", "sub_5"], _story.State!.Subscriptions.Select(subscription => subscription.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void State_KeepsWhatStillOwes_ALatePaymentConvertsItsTrial()
    {
        var failed = Failed(Draft(Converted(Trialing()), "in_2"), Day(14));
        _story.See(Trialing());
        _story.At(14).See(PastDue(Converted(Trialing()), Day(14)), failed);
        _story.At(20).See(Canceled(PastDue(Converted(Trialing()), Day(14)), Day(20)));
        _story.At(21).See(Canceled(Active(id: "sub_2", at: Day(20)), Day(21)));
        _story.At(22).See(Canceled(Active(id: "sub_3", at: Day(21)), Day(22)));
        Assert.Equal(["sub_1", "sub_3"], _story.State!.Subscriptions.Select(subscription => subscription.Id));

        Assert.Equal("InvoicePaid PaymentRecovered TrialConverted", _story.At(30).See(Paid(failed, Day(30))));
        Assert.Equal(["sub_3"], _story.State!.Subscriptions.Select(subscription => subscription.Id));
    }

    [Fact]
    public void State_AProviderThatNamesAllThatEverWas_BringsNothingBack()
    {
        var first = Canceled(Active(), Day(2));
        var second = Canceled(Active(id: "sub_2", at: Day(3)), Day(4));
        var third = Active(id: "sub_3", at: Day(5));
        _story.See(Active());
        _story.At(2).See(first);
        _story.At(4).See(second);
        _story.At(5).See(third);
        Assert.DoesNotContain(_story.State!.Subscriptions, subscription => subscription.Id == "sub_1");

        Assert.Equal("", _story.At(6).See(third, second, first));
        Assert.False(_story.Last.Changed);
    }
}
