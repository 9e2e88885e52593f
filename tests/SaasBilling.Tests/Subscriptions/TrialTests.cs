using static SaasBilling.Tests.Subscriptions.Facts;

namespace SaasBilling.Tests.Subscriptions;

public sealed class TrialTests
{
    private readonly Story _story = new();

    [Fact]
    public void TrialEnding_ThreeDaysBefore_SaysHowLongAndThatThereIsNoCard()
    {
        _story.See(Trialing());
        Assert.Equal(Day(11), _story.State!.WakeAt);

        Assert.Equal("", _story.At(10.9).Wake());
        Assert.Equal("TrialEnding", _story.At(11).Wake());
        var ending = _story.Event<TrialEnding>();
        Assert.Equal(TimeSpan.FromDays(3), ending.Remaining);
        Assert.Equal(Day(11), ending.OccurredAt);
        Assert.Equal("there is no payment method: the subscription will end", ending.Explanation);
        Assert.Equal("", _story.At(12).Wake());
        Assert.Null(_story.State!.WakeAt);
    }

    // B-23: the reminder spoke of a card that was not there.
    [Theory]
    [InlineData("pro", true, "the visa card ending in 4242 will be charged")]
    [InlineData("pro", false, "there is no payment method: the subscription will end")]
    [InlineData("team", false, "there is no payment method: the subscription will be paused")]
    [InlineData("usage", false, "there is no payment method: an invoice will be open")]
    public void B23_TrialEnding_ExplainsByCardAndPlan(string plan, bool card, string explanation)
    {
        _story.See(Trialing(plan), card ? new Cards(Visa) : new Cards());
        _story.At(11).Wake();

        Assert.Equal(explanation, _story.Event<TrialEnding>().Explanation);
    }

    // B-23: the reminder came on the wrong day.
    [Fact]
    public void B23_TrialEnding_WorkerWasOff_CarriesTheInstantWhenItWasDue()
    {
        _story.See(Trialing());

        Assert.Equal("TrialEnding", _story.At(13).Wake());
        Assert.Equal(Day(11), _story.Event<TrialEnding>().OccurredAt);
        Assert.Equal(TimeSpan.FromDays(3), _story.Event<TrialEnding>().Remaining);
    }

    [Fact]
    public void TrialEnding_ComesBesideAnotherChange_CarriesTheInstantWhenItWasDue()
    {
        _story.See(Trialing("team"));

        Assert.Equal("TrialEnding QuantityChanged", _story.At(13).See(Seats(Trialing("team"), 9)));
        Assert.Equal(Day(11), _story.Event<TrialEnding>().OccurredAt);
    }

    [Fact]
    public void TrialEnding_TrialOver_IsNotRaised()
    {
        _story.See(Trialing());

        Assert.Equal("", _story.At(14).Wake());
        Assert.Equal("", _story.At(15).Wake());
        Assert.Null(_story.State!.WakeAt);
    }

    [Fact]
    public void TrialEnding_ShorterTrial_IsRaisedAtOnce()
    {
        Assert.Equal("CustomerCreated TrialStarted TrialEnding AccessGranted", _story.See(Trialing(days: 2)));
        Assert.Equal(TimeSpan.FromDays(2), _story.Event<TrialEnding>().Remaining);
        Assert.Equal("", _story.At(1).See(Trialing(days: 2)));
        Assert.Equal("", _story.At(1).Wake());
    }

    [Fact]
    public void TrialEnding_CanceledTrial_IsNotRaised()
    {
        _story.See(CancelsAt(Trialing(), Day(14), Day(0)));
        Assert.Null(_story.State!.WakeAt);

        Assert.Equal("", _story.At(12).Wake());
        Assert.Equal("SubscriptionCanceled AccessRestricted", _story.At(14).See(Canceled(CancelsAt(Trialing(), Day(14), Day(0)), Day(14))));
        Assert.Equal(AccessReason.TrialExpired, _story.Event<AccessRestricted>().Reason);
    }

    [Fact]
    public void TrialEnding_CancellationUndoneLate_IsRaisedThen()
    {
        _story.See(CancelsAt(Trialing(), Day(14), Day(0)));

        Assert.Equal("TrialEnding CancellationUndone", _story.At(12).See(Trialing()));
        Assert.Equal(TimeSpan.FromDays(2), _story.Event<TrialEnding>().Remaining);
    }

    [Fact]
    public void TrialEnding_CanceledAndUndoneAfterIt_IsNotRaisedAgain()
    {
        _story.See(Trialing());
        _story.At(11).Wake();

        Assert.Equal("CancellationScheduled", _story.At(12).See(CancelsAt(Trialing(), Day(14), Day(12))));
        Assert.Equal("CancellationUndone", _story.At(13).See(Trialing()));
    }

    [Fact]
    public void TrialEnding_CancellationAfterTheTrialsEnd_IsRaised()
    {
        _story.See(CancelsAt(Trialing(), Day(30), Day(0)));

        Assert.Equal("TrialEnding", _story.At(11).Wake());
    }

    [Fact]
    public void EndTrial_RaisesNoTrialEnding()
    {
        _story.See(Trialing(), new Cards(Visa));
        var ended = Converted(Trialing() with { Trial = new(Start, Day(5)) });

        Assert.Equal(
            "SubscriptionActivated InvoiceFinalized InvoicePaid TrialConverted",
            _story.At(5).See(ended, Paid(Draft(ended, reason: BillingReason.SubscriptionUpdate), Day(5))));
        Assert.All(_story.Last.Events, raised => Assert.Equal(Day(5), raised.OccurredAt));
    }

    [Fact]
    public void EndTrial_NoPaymentMethod_Expires()
    {
        _story.See(Trialing());
        var ended = Trialing() with { Trial = new(Start, Day(5)), CurrentPeriod = new(Start, Day(5)) };

        Assert.Equal("TrialExpired SubscriptionCanceled AccessRestricted", _story.At(5).See(Canceled(ended, Day(5))));
    }

    [Fact]
    public void EndTrial_InTheSecondInWhichItBegan_Expires()
    {
        _story.See(Trialing());
        var ended = Trialing() with { Trial = new(Start, Start), CurrentPeriod = new(Start, Start) };

        Assert.Equal("TrialExpired SubscriptionCanceled AccessRestricted", _story.See(Canceled(ended, Start)));
    }

    [Fact]
    public void ExtendTrial_IsToldAndAnnouncedAgain()
    {
        _story.See(Trialing());
        _story.At(11).Wake();

        Assert.Equal("TrialExtended", _story.At(12).See(Trialing(days: 24)));
        Assert.Equal("the trial now ends on 2026-01-25 09:00 UTC", _story.Event<TrialExtended>().Explanation);
        Assert.Equal(Day(21), _story.State!.WakeAt);
        Assert.Equal("TrialEnding", _story.At(21).Wake());
    }

    [Fact]
    public void ExtendTrial_ToAnEarlierEndWithinTheNotice_AnnouncesAtOnce()
    {
        _story.See(Trialing());

        Assert.Equal("TrialExtended TrialEnding", _story.At(5).See(Trialing(days: 7)));
        Assert.Equal(Day(5), _story.Event<TrialEnding>().OccurredAt);
        Assert.Equal(TimeSpan.FromDays(2), _story.Event<TrialEnding>().Remaining);
    }

    [Fact]
    public void ExtendTrial_SeenOnlyAfterItsEnd_IsToldBeforeTheEnd()
    {
        _story.See(Trialing());

        Assert.Equal("TrialExtended SubscriptionActivated", _story.At(25).See(Converted(Trialing(days: 24))));
        Assert.Equal([Day(14), Day(24)], _story.Last.Events.Select(raised => raised.OccurredAt));
    }

    [Fact]
    public void CanceledInTheTrial_IsNoExpiry()
    {
        _story.See(Trialing());

        Assert.Equal("SubscriptionCanceled AccessRestricted", _story.At(5).See(Canceled(Trialing(), Day(5))));
        Assert.Equal(AccessReason.TrialExpired, _story.Event<AccessRestricted>().Reason);
    }

    [Fact]
    public void CanceledInThePaidPeriodThatFollowed_IsActivationAndCancellation()
    {
        _story.See(Trialing());

        Assert.Equal(
            "SubscriptionActivated SubscriptionCanceled AccessRestricted",
            _story.At(20).See(Canceled(Converted(Trialing()), Day(20))));
        Assert.Equal(AccessReason.Canceled, _story.Event<AccessRestricted>().Reason);
    }

    // B-14: a pause is a state of ours, whatever runs beneath it.
    [Fact]
    public void B14_PausedInTheTrial_IsNoExpiry()
    {
        _story.See(Trialing());
        var paused = Trialing() with { Status = SubscriptionStatus.Paused, Pause = new() };

        Assert.Equal("SubscriptionPaused AccessRestricted", _story.At(5).See(paused));
        Assert.Equal("SubscriptionResumed AccessGranted", _story.At(6).See(Trialing()));
    }

    [Theory]
    [InlineData(SubscriptionStatus.Canceled, "TrialExpired SubscriptionCanceled")]
    [InlineData(SubscriptionStatus.Paused, "TrialExpired")]
    [InlineData(SubscriptionStatus.Active, "SubscriptionActivated SubscriptionResumed AccessGranted")]
    public void TrialThatEndsUnderAPause(SubscriptionStatus status, string events)
    {
        _story.See(Trialing());
        _story.At(5).See(Trialing() with { Status = SubscriptionStatus.Paused, Pause = new() });
        var after = status switch
        {
            SubscriptionStatus.Canceled => Canceled(Trialing(), Day(14)),
            SubscriptionStatus.Paused => Trialing() with { Status = status },
            _ => Converted(Trialing()),
        };

        Assert.Equal(events, _story.At(14).See(after));
    }

    [Fact]
    public void TrialThatEndsUnderAPauseThatGoesOn_IsToldWhenItIsResumed()
    {
        _story.See(Trialing());
        _story.At(5).See(Trialing() with { Status = SubscriptionStatus.Paused, Pause = new() });

        Assert.Equal("", _story.At(14).See(Converted(Trialing()) with { Status = SubscriptionStatus.Paused, Pause = new() }));
        Assert.Equal("SubscriptionResumed AccessGranted", _story.At(20).See(Converted(Trialing())));
    }

    [Fact]
    public void Ledger_KeepsEveryTrial()
    {
        _story.See(Trialing());
        _story.At(14).See(Canceled(Trialing(), Day(14)));
        _story.At(20).See(Trialing("team", "sub_2", Day(20)));

        Assert.Equal([new("sub_1", "pro", Start, null) { EndedAt = Day(14) }, new("sub_2", "team", Day(20), null)], _story.State!.Trials);
    }

    [Fact]
    public void Ledger_TrialCanceledOnTheWay_EndedThen()
    {
        _story.See(Trialing());
        _story.At(5).See(Canceled(Trialing(), Day(5)));

        Assert.Equal(Day(5), Assert.Single(_story.State!.Trials).EndedAt);
    }

    [Fact]
    public void Ledger_TrialThatTurnedIntoASubscription_EndedWithItsTime()
    {
        _story.See(Trialing());
        _story.At(15).See(Converted(Trialing()));

        Assert.Equal((Day(14), null), Assert.Single(_story.State!.Trials) is var trial ? (trial.EndedAt, trial.ConvertedAt) : default);
    }

    [Fact]
    public void TrialConverted_ByAChargeOfItsOwn_IsNot()
    {
        _story.See(Trialing());
        var active = Converted(Trialing());

        Assert.Equal(
            "SubscriptionActivated InvoiceFinalized InvoicePaid",
            _story.At(14).See(active, Paid(Draft(active, reason: BillingReason.Manual), Day(14))));
    }

    [Fact]
    public void TrialConverted_InvoiceSeenBeforeTheSubscription_ComesWhenItIsSeenAgain()
    {
        _story.See(Trialing());
        var ended = Converted(Trialing() with { Trial = new(Start, Day(5)) });
        var paid = Paid(Draft(ended, reason: BillingReason.SubscriptionUpdate), Day(5));

        Assert.Equal("InvoiceFinalized InvoicePaid", _story.At(5).See(paid));
        Assert.Equal("SubscriptionActivated TrialConverted", _story.At(5.1).See(ended, paid));
    }

    [Fact]
    public void TrialStarted_AfterAnIncompleteStart()
    {
        _story.See(Incomplete());

        Assert.Equal("TrialStarted AccessGranted", _story.At(0.1).See(Trialing()));
        Assert.Single(_story.State!.Trials);
    }
}
