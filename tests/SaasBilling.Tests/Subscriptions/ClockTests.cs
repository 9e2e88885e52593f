using SaasBilling.Subscriptions;
using static SaasBilling.Tests.Subscriptions.Facts;

namespace SaasBilling.Tests.Subscriptions;

/// <summary>What the mere passing of time raises, and when it must be looked for.</summary>
public sealed class ClockTests
{
    private static readonly DateTimeOffset CardExpires = new(2031, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Story _story = new();

    [Fact]
    public void InvoiceUpcoming_SevenDaysBefore_OncePerPeriod()
    {
        _story.See(Active());
        Assert.Equal(Day(24), _story.State!.WakeAt);

        Assert.Equal("", _story.At(23.9).Wake());
        Assert.Equal("InvoiceUpcoming", _story.At(24).Wake());
        Assert.Equal("preview_sub_1", _story.Event<InvoiceUpcoming>().Invoice.Id);
        Assert.Equal("", _story.At(25).Wake());
        Assert.Null(_story.State!.WakeAt);

        _story.At(31).See(Renewed(Active()));
        Assert.Equal(Start.AddMonths(2).AddDays(-7), _story.State!.WakeAt);
        Assert.Empty(_story.State.Notices);
        Assert.Equal("InvoiceUpcoming", _story.At(Start.AddMonths(2).AddDays(-7)).Wake());
    }

    [Fact]
    public void InvoiceUpcoming_WorkerWasOff_CarriesTheInstantWhenItWasDue()
    {
        _story.See(Active());
        _story.At(29).Wake();

        Assert.Equal(Day(24), _story.Event<InvoiceUpcoming>().OccurredAt);
    }

    [Fact]
    public void InvoiceUpcoming_PeriodOver_IsNotRaised()
    {
        _story.See(Active());

        Assert.Equal("", _story.At(31).Wake());
        Assert.Null(_story.State!.WakeAt);
    }

    [Fact]
    public void InvoiceUpcoming_NothingWillBeInvoiced_IsNotRaisedAndNotAskedAgain()
    {
        _story.See(Active());

        Assert.Equal("", _story.At(24).Wake(withPreviews: false));
        Assert.Null(_story.State!.WakeAt);
        Assert.Equal("", _story.At(25).Wake());
    }

    [Fact]
    public void InvoiceUpcoming_DueBesideAnotherChange_WaitsForItsPreviewAndWakesAtOnce()
    {
        _story.See(Active());

        Assert.Equal("PlanChanged", _story.At(25).See(Active("team")));
        Assert.Equal(Day(24), _story.State!.WakeAt);
        Assert.Equal("InvoiceUpcoming", _story.Wake());
        Assert.Equal(Day(24), _story.Event<InvoiceUpcoming>().OccurredAt);
    }

    [Fact]
    public void InvoiceUpcoming_CancellationUndoneLate_IsDueFromThenOn()
    {
        _story.See(CancelsAt(Active(), Day(31), Day(0)));
        Assert.Null(_story.State!.WakeAt);

        _story.At(28).See(Active());
        Assert.Equal(Day(28), _story.State!.WakeAt);
        Assert.Equal("InvoiceUpcoming", _story.At(29).Wake());
        Assert.Equal(Day(28), _story.Event<InvoiceUpcoming>().OccurredAt);
    }

    [Fact]
    public void InvoiceUpcoming_PeriodShorterThanTheNotice_IsDueAtItsStart()
    {
        var weekly = Active("weekly") with { Interval = BillingInterval.Weekly, CurrentPeriod = new(Start, Day(7)) };
        var daily = weekly with { Id = "sub_2", Name = "daily", CurrentPeriod = new(Start, Day(1)) };

        _story.See(weekly, daily);
        Assert.Equal(Start, _story.State!.WakeAt);
        Assert.Equal("InvoiceUpcoming InvoiceUpcoming", _story.Wake());
        Assert.All(_story.Last.Events, raised => Assert.Equal(Start, raised.OccurredAt));
    }

    [Fact]
    public void InvoiceUpcoming_IsForPastDueToo()
    {
        _story.See(PastDue(Active(), Day(1)));

        Assert.Equal("InvoiceUpcoming AccessRestricted", Sorted(_story.At(24).Wake()));
    }

    [Theory]
    [MemberData(nameof(NotBilled), MemberType = typeof(Facts))]
    public void InvoiceUpcoming_OtherStatuses_AreNotAnnounced(SubscriptionStatus status)
    {
        _story.See(Active() with { Status = status });

        Assert.Empty(Transition.UpcomingDue(_story.State!, _story.Options, Day(25)));
        Assert.Null(_story.State!.WakeAt);
    }

    [Theory]
    [InlineData(31, 0)]
    [InlineData(20, 0)]
    [InlineData(45, 1)]
    public void InvoiceUpcoming_OnlyWhereTheSubscriptionRenews(double cancelsAt, int due)
    {
        _story.See(CancelsAt(Active(), Day(cancelsAt), Day(0)));

        Assert.Equal(due, Transition.UpcomingDue(_story.State!, _story.Options, Day(24)).Count);
    }

    [Fact]
    public void InvoiceUpcoming_FreePlanOrNoNotice_IsNot()
    {
        _story.See(Active("free"));
        Assert.Null(_story.State!.WakeAt);

        var quiet = new Story { Options = new() { UpcomingInvoiceNotice = TimeSpan.Zero } };
        quiet.See(Active());
        Assert.Null(quiet.State!.WakeAt);
        Assert.Empty(Transition.UpcomingDue(quiet.State, quiet.Options, Day(30)));
    }

    [Fact]
    public void PaymentMethodExpiring_ThirtyDaysBeforeTheMonthEnds_OncePerCard()
    {
        _story.See(new Cards(Visa));
        var due = CardExpires.AddDays(-30);
        Assert.Equal(due, _story.State!.WakeAt);

        Assert.Equal("PaymentMethodExpiring", _story.At(due).Wake());
        Assert.Equal("", _story.At(due.AddDays(5)).See(new Cards(Visa with { IsDefault = false })));
        Assert.Equal("", _story.At(due.AddDays(6)).Wake());
        Assert.Null(_story.State!.WakeAt);
    }

    [Fact]
    public void PaymentMethodExpiring_AddedShortBefore_IsRaisedAtOnce()
    {
        Assert.Equal("CustomerCreated PaymentMethodAdded PaymentMethodExpiring", _story.At(CardExpires.AddDays(-3)).See(new Cards(Visa)));
        Assert.Equal(CardExpires.AddDays(-3), _story.Event<PaymentMethodExpiring>().OccurredAt);
    }

    [Fact]
    public void PaymentMethodExpiring_AddedWhenExpired_IsNotRaised()
    {
        Assert.Equal("CustomerCreated PaymentMethodAdded", _story.At(CardExpires).See(new Cards(Visa)));
        Assert.Null(_story.State!.WakeAt);
    }

    [Fact]
    public void PaymentMethodExpiring_WorkerWasOff_IsToldWithTheInstantWhenItWasDue()
    {
        _story.See(new Cards(Visa));

        Assert.Equal("PaymentMethodExpiring", _story.At(CardExpires.AddDays(90)).Wake());
        Assert.Equal(CardExpires.AddDays(-30), _story.Event<PaymentMethodExpiring>().OccurredAt);
    }

    [Fact]
    public void PaymentMethodExpiring_RenewedByItsIssuer_IsAnnouncedAnewForTheNewDate()
    {
        _story.See(new Cards(Visa));
        _story.At(CardExpires.AddDays(-30)).Wake();

        Assert.Equal("", _story.At(CardExpires.AddDays(-20)).See(new Cards(Visa with { ExpiryYear = 2034 })));
        Assert.Equal(CardExpires.AddYears(4).AddDays(-30), _story.State!.WakeAt);
    }

    [Theory]
    [InlineData(0, 2030)]
    [InlineData(13, 2030)]
    [InlineData(12, 0)]
    [InlineData(12, 9999)]
    public void PaymentMethodExpiring_NoDate_IsNeverDue(int month, int year)
    {
        Assert.Equal("CustomerCreated PaymentMethodAdded", _story.See(new Cards(Visa with { ExpiryMonth = month, ExpiryYear = year })));
        Assert.Null(_story.State!.WakeAt);
    }

    // B-12: past_due locked people out at once, or never.
    [Fact]
    public void B12_AccessRestricted_WhenGraceEnds_AtThatInstant()
    {
        _story.See(Active());
        _story.At(2).See(PastDue(Active(), Day(1)));
        Assert.Equal(Day(8), _story.State!.WakeAt);

        Assert.Equal("", _story.At(7.99).Wake());
        Assert.Equal("AccessRestricted", _story.At(9).Wake());
        Assert.Equal(Day(8), _story.Event<AccessRestricted>().OccurredAt);
        Assert.Equal(AccessReason.PaymentFailed, _story.Event<AccessRestricted>().Reason);
        Assert.Equal("the payment is still open at the end of the grace period", _story.Event<AccessRestricted>().Explanation);
        Assert.Equal("", _story.At(10).Wake());
    }

    [Fact]
    public void B12_NoGrace_TakesAccessWithTheFailure()
    {
        var strict = new Story { Options = new() { PastDueGrace = TimeSpan.Zero } };
        strict.See(Active());

        Assert.Equal("AccessRestricted", strict.At(2).See(PastDue(Active(), Day(1))));
        Assert.Equal(Day(1), strict.Event<AccessRestricted>().OccurredAt);
    }

    [Fact]
    public void B12_EndlessGrace_NeverTakesAccess()
    {
        var kind = new Story { Options = new() { PastDueGrace = TimeSpan.MaxValue, TrialEndingNotice = TimeSpan.MaxValue, UpcomingInvoiceNotice = TimeSpan.MaxValue } };
        kind.See(Active());
        kind.At(2).See(PastDue(Active(), Day(1)));

        Assert.Equal("InvoiceUpcoming", kind.At(20).Wake());
        Assert.Equal("", kind.At(20_000).Wake());
        Assert.True(kind.State!.AccessWasGranted);
    }

    [Fact]
    public void GraceEndedUnnoticed_ThenPaid_IsTwoEdgesEachAtItsInstant()
    {
        _story.See(Active());
        var pastDue = PastDue(Active(), Day(1));
        var failed = Failed(Draft(Active(), "in_2"), Day(1));
        _story.At(1).See(pastDue, failed);

        Assert.Equal("AccessRestricted InvoicePaid PaymentRecovered AccessGranted", _story.At(12).See(Active(), Paid(failed, Day(11))));
        Assert.Equal([Day(8), Day(11), Day(11), Day(11)], _story.Last.Events.Select(raised => raised.OccurredAt));
    }

    [Fact]
    public void PaidWithinGrace_ReadAfterIt_IsNoEdge()
    {
        _story.See(Active());
        var failed = Failed(Draft(Active(), "in_2"), Day(1));
        _story.At(1).See(PastDue(Active(), Day(1)), failed);

        Assert.Equal("InvoicePaid PaymentRecovered", _story.At(12).See(Active(), Paid(failed, Day(7))));
    }

    [Fact]
    public void GraceEndedUnnoticed_ThenCanceled_IsRestrictedWhenGraceEnded()
    {
        _story.See(Active());
        _story.At(1).See(PastDue(Active(), Day(1)));

        Assert.Equal("AccessRestricted SubscriptionCanceled", _story.At(20).See(Canceled(PastDue(Active(), Day(1)), Day(16))));
        Assert.Equal([Day(8), Day(16)], _story.Last.Events.Select(raised => raised.OccurredAt));
    }

    [Fact]
    public void AnotherSubscriptionKeepsAccess_WhenOneFallsOutOfGrace()
    {
        _story.See(Active(), Active("team", "sub_2") with { Name = "second" });
        _story.At(1).See(PastDue(Active(), Day(1)));

        Assert.Equal("", _story.At(8).Wake());
        Assert.True(_story.State!.AccessWasGranted);
    }

    [Fact]
    public void WakeAt_IsTheEarliestOfAll()
    {
        _story.See(Trialing(), PastDue(Active("team", "sub_2") with { Name = "second" }, Day(2)), new Cards(Visa));

        Assert.Equal(Day(9), _story.State!.WakeAt);
        _story.At(9).Wake();
        Assert.Equal(Day(11), _story.State!.WakeAt);
        _story.At(11).Wake();
        Assert.Equal(Day(24), _story.State!.WakeAt);
        _story.At(24).Wake();
        Assert.Equal(CardExpires.AddDays(-30), _story.State!.WakeAt);
    }

    [Fact]
    public void Wake_NothingDue_ChangesNothing()
    {
        _story.See(Trialing());

        _story.At(3).Wake();
        Assert.False(_story.Last.Changed);
        Assert.Same(_story.State, _story.Last.After);
    }

    [Fact]
    public void Wake_OneLateWake_TellsAllInTheOrderOfTime()
    {
        _story.See(PastDue(Active(), Day(20)), new Cards(Visa with { ExpiryMonth = 1, ExpiryYear = 2026 }));

        Assert.Equal("PaymentMethodExpiring InvoiceUpcoming AccessRestricted", _story.At(29).Wake());
        Assert.Equal([new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero), Day(24), Day(27)], _story.Last.Events.Select(raised => raised.OccurredAt));
    }

    private static string Sorted(string names) => string.Join(' ', names.Split(' ').OrderByDescending(name => name, StringComparer.Ordinal));
}
