using SaasBilling.Storage;
using static SaasBilling.Tests.Subscriptions.Facts;

namespace SaasBilling.Tests.Subscriptions;

/// <summary>Each row of the status table, as the difference that the provider shows.</summary>
public sealed class StatusTableTests
{
    private readonly Story _story = new();

    [Fact]
    public void Started_with_a_trial() =>
        Assert.Equal(
            "CustomerCreated PaymentMethodAdded TrialStarted InvoiceFinalized InvoicePaid AccessGranted",
            _story.See(Trialing(), First(Trialing()), new Cards(Visa)));

    [Fact]
    public void Started_and_paid() =>
        Assert.Equal("CustomerCreated SubscriptionActivated InvoiceFinalized InvoicePaid AccessGranted", _story.See(Active(), First(Active())));

    [Fact]
    public void Started_with_nothing_to_pay() =>
        Assert.Equal("CustomerCreated SubscriptionActivated AccessGranted", _story.See(Active("free")));

    [Fact]
    public void Started_waiting_for_the_bank()
    {
        var invoice = Failed(Draft(Incomplete(), reason: BillingReason.SubscriptionCreate), Start, code: null, asks: true);

        Assert.Equal("CustomerCreated InvoiceFinalized PaymentActionRequired", _story.See(Incomplete(), invoice));
        Assert.Equal("the bank asks the customer to authenticate the payment", _story.Event<PaymentActionRequired>().Explanation);
        Assert.False(_story.State!.AccessWasGranted);
    }

    [Fact]
    public void Incomplete_paid_is_active()
    {
        var declined = Failed(Draft(Incomplete(), reason: BillingReason.SubscriptionCreate), Start);
        _story.See(Incomplete(), declined);

        Assert.Equal("SubscriptionActivated InvoicePaid AccessGranted", _story.At(0.5).See(Active(), Paid(declined, Day(0.25))));
        Assert.All(_story.Last.Events, raised => Assert.Equal(Day(0.25), raised.OccurredAt));
    }

    [Fact]
    public void Incomplete_not_paid_expires_in_silence()
    {
        var open = Failed(Draft(Incomplete(), reason: BillingReason.SubscriptionCreate), Start);
        _story.See(Incomplete(), open);

        var expired = Incomplete() with { Status = SubscriptionStatus.IncompleteExpired, EndedAt = Start.AddHours(23) };

        Assert.Equal("", _story.At(1).See(expired, open with { Status = InvoiceStatus.Void }));
        Assert.True(_story.Last.Changed);
        Assert.Empty(_story.State!.OpenInvoices);
    }

    [Fact]
    public void A_trial_over_is_active_at_once_and_converted_when_its_first_invoice_is_paid()
    {
        _story.See(Trialing(), First(Trialing()));
        var active = Converted(Trialing());

        Assert.Equal("SubscriptionActivated", _story.At(14).See(active, Draft(active, "in_2")));
        Assert.Equal(Day(14), _story.Last.Events[0].OccurredAt);

        var paid = Paid(Draft(active, "in_2"));
        Assert.Equal("InvoiceFinalized InvoicePaid TrialConverted", _story.At(14.1).See(paid));
        Assert.Equal(Day(14).AddHours(1), _story.Event<TrialConverted>().OccurredAt);
        Assert.Equal(Day(14).AddHours(1), _story.State!.Trials[0].ConvertedAt);
    }

    [Fact]
    public void A_trial_converts_with_a_zero_invoice()
    {
        _story.See(Trialing("usage"));
        var active = Converted(Trialing("usage"));

        Assert.Equal(
            "SubscriptionActivated InvoiceFinalized InvoicePaid TrialConverted",
            _story.At(15).See(active, Paid(Draft(active, amount: 0))));
    }

    [Fact]
    public void A_trial_converts_after_a_failure_too()
    {
        _story.See(Trialing());
        var active = Converted(Trialing());
        var draft = Draft(active, "in_2");
        _story.At(14).See(active, draft);
        var failed = Failed(draft, Day(14).AddHours(1));

        Assert.Equal("InvoiceFinalized PaymentFailed", _story.At(14.1).See(PastDue(active, Day(14).AddHours(1)), failed));
        Assert.Equal("InvoicePaid PaymentRecovered TrialConverted", _story.At(17).See(active, Paid(failed, Day(17))));
        Assert.Equal("after 1 failed attempt", _story.Event<PaymentRecovered>().Explanation);
    }

    [Fact]
    public void A_renewal_declined_is_past_due()
    {
        _story.See(Active(), First(Active()));
        var renewed = Renewed(Active());
        var draft = Draft(renewed, "in_2");

        Assert.Equal("SubscriptionRenewed", _story.At(31).See(renewed, draft));
        Assert.Equal("InvoiceFinalized PaymentFailed", _story.At(31.1).See(PastDue(renewed, Day(31).AddHours(1)), Failed(draft, Day(31).AddHours(1))));
        Assert.Equal("insufficient_funds", _story.Event<PaymentFailed>().Explanation);
    }

    [Fact]
    public void A_trial_over_without_a_payment_method_is_canceled()
    {
        _story.See(Trialing());

        Assert.Equal("TrialExpired SubscriptionCanceled AccessRestricted", _story.At(14).See(Canceled(Trialing(), Day(14))));
        Assert.Equal("the trial ended without a payment method", _story.Event<TrialExpired>().Explanation);
        Assert.Equal("the trial ended without a payment method", _story.Event<SubscriptionCanceled>().Explanation);
        Assert.Equal(AccessReason.TrialExpired, _story.Event<AccessRestricted>().Reason);
        Assert.Null(_story.State!.Trials[0].ConvertedAt);
    }

    [Fact]
    public void A_trial_over_without_a_payment_method_is_paused()
    {
        _story.See(Trialing("team"));

        Assert.Equal(
            "TrialExpired SubscriptionPaused AccessRestricted",
            _story.At(15).See(Trialing("team") with { Status = SubscriptionStatus.Paused }));
        Assert.All(_story.Last.Events, raised => Assert.Equal(Day(14), raised.OccurredAt));
    }

    [Fact]
    public void A_trial_over_without_a_payment_method_is_invoiced()
    {
        _story.See(Trialing("usage"));
        var active = Converted(Trialing("usage"));
        var draft = Draft(active);

        Assert.Equal("SubscriptionActivated", _story.At(14).See(active, draft));
        Assert.Equal(
            "InvoiceFinalized PaymentFailed",
            _story.At(15).See(PastDue(active, Day(14).AddHours(1)), Failed(draft, Day(14).AddHours(1), "no_payment_method")));
        Assert.Equal("no_payment_method", _story.Event<PaymentFailed>().Explanation);
    }

    [Fact]
    public void Paused_after_a_trial_and_resumed_starts_a_new_period_and_converts()
    {
        _story.See(Trialing("team"));
        _story.At(14).See(Trialing("team") with { Status = SubscriptionStatus.Paused });
        var resumed = Trialing("team") with { Status = SubscriptionStatus.Active, CurrentPeriod = new(Day(20), Day(20).AddMonths(1)), BillingCycleAnchor = Day(20) };

        Assert.Equal(
            "SubscriptionResumed InvoiceFinalized InvoicePaid TrialConverted AccessGranted",
            _story.At(20).See(resumed, Paid(Draft(resumed, reason: BillingReason.SubscriptionUpdate), Day(20))));
        Assert.All(_story.Last.Events, raised => Assert.Equal(Day(20), raised.OccurredAt));
    }

    [Fact]
    public void Paused_after_a_trial_resumed_and_declined_is_past_due()
    {
        _story.See(Trialing("team"));
        _story.At(14).See(Trialing("team") with { Status = SubscriptionStatus.Paused });
        var resumed = Trialing("team") with { Status = SubscriptionStatus.PastDue, PastDueSince = Day(20), CurrentPeriod = new(Day(20), Day(20).AddMonths(1)), BillingCycleAnchor = Day(20) };

        Assert.Equal(
            "SubscriptionResumed InvoiceFinalized PaymentFailed AccessGranted",
            _story.At(20).See(resumed, Failed(Draft(resumed, reason: BillingReason.SubscriptionUpdate), Day(20))));
        Assert.Equal(AccessReason.GracePeriod, _story.Event<AccessGranted>().Reason);
    }

    [Fact]
    public void Past_due_and_paid_is_recovered_once()
    {
        var (pastDue, failed) = FallBehind();

        Assert.Equal("InvoicePaid PaymentRecovered", _story.At(34).See(Recovered(pastDue), Paid(failed, Day(34))));
        Assert.Equal("", _story.At(35).See(Recovered(pastDue), Paid(failed, Day(34))));
        Assert.False(_story.Last.Changed);
    }

    [Fact]
    public void A_sent_invoice_that_is_paid_late_is_recovered_though_nothing_had_failed()
    {
        var sent = Active() with { InvoiceDueInDays = 10 };
        var invoice = Open(Draft(sent, reason: BillingReason.SubscriptionCycle)) with { DueAt = Day(10) };
        _story.See(sent, invoice);
        _story.At(10).See(PastDue(sent, Day(10)));

        Assert.Equal("InvoicePaid PaymentRecovered", _story.At(12).See(sent, Paid(invoice, Day(12))));
        Assert.Null(_story.Event<PaymentRecovered>().Explanation);
    }

    [Fact]
    public void A_renewal_that_waited_for_the_bank_is_recovered_when_the_customer_answers()
    {
        _story.See(Active(), First(Active()));
        var renewed = Renewed(Active());
        var asking = Failed(Draft(renewed, "in_2"), Day(31).AddHours(1), code: null, asks: true);
        _story.At(31.1).See(PastDue(renewed, Day(31).AddHours(1)), asking);

        Assert.Equal("InvoicePaid PaymentRecovered", _story.At(32).See(renewed, Paid(asking, Day(32))));
    }

    [Fact]
    public void Past_due_and_given_up_is_unpaid()
    {
        var (pastDue, failed) = FallBehind();
        _story.At(40).Wake();
        var last = Failed(failed, Day(46), "expired_card");

        Assert.Equal("PaymentFailed", _story.At(46).See(pastDue with { Status = SubscriptionStatus.Unpaid }, last));
        Assert.Equal([MrrMovementKind.New, MrrMovementKind.Churn], _story.Movements.Select(movement => movement.Kind));
    }

    [Fact]
    public void Past_due_and_given_up_is_canceled_after_the_last_failure()
    {
        var (pastDue, failed) = FallBehind();
        _story.At(40).Wake();

        Assert.Equal("PaymentFailed SubscriptionCanceled", _story.At(46).See(Canceled(pastDue, Day(46)), Failed(failed, Day(46), "expired_card")));
        Assert.Equal("the last attempt to collect the payment failed: expired_card", _story.Event<SubscriptionCanceled>().Explanation);
        Assert.Equal(AccessReason.Canceled, AccessOf(_story).Reason);
    }

    [Fact]
    public void Past_due_and_given_up_may_stay_past_due()
    {
        var (pastDue, failed) = FallBehind();

        Assert.Equal("PaymentFailed", _story.At(34).See(pastDue, Failed(failed, Day(34))));
        Assert.Equal(Day(31).AddHours(1), _story.Subscription.PastDueSince);
    }

    [Fact]
    public void Free_time_for_an_active_subscription_is_no_trial_of_the_ledger()
    {
        _story.See(Active(), First(Active()));
        var free = Active() with { Status = SubscriptionStatus.Trialing, Trial = new(Day(5), Day(40)), CurrentPeriod = new(Day(5), Day(40)), BillingCycleAnchor = Day(40) };

        Assert.Equal("TrialExtended", _story.At(5).See(free));
        Assert.Equal("free time was given", _story.Event<TrialExtended>().Explanation);
        Assert.Empty(_story.State!.Trials);

        var after = Converted(free);
        Assert.Equal("SubscriptionActivated InvoiceFinalized InvoicePaid", _story.At(41).See(after, Paid(Draft(after, "in_2"))));
    }

    [Fact]
    public void A_change_whose_charge_fails_stands_and_the_subscription_is_past_due()
    {
        _story.See(Active(), First(Active()));
        var changed = PastDue(Active("team"), Day(3));

        Assert.Equal(
            "PlanChanged InvoiceFinalized PaymentFailed",
            _story.At(3).See(changed, Failed(Draft(changed, "in_2", Day(3), reason: BillingReason.SubscriptionUpdate), Day(3))));
        Assert.Equal("from pro to team", _story.Event<PlanChanged>().Explanation);
    }

    [Fact]
    public void Unpaid_and_paid_is_active_again()
    {
        var (pastDue, failed) = FallBehind();
        _story.At(46).See(pastDue with { Status = SubscriptionStatus.Unpaid });

        Assert.Equal("InvoicePaid PaymentRecovered AccessGranted", _story.At(50).See(Recovered(pastDue), Paid(failed, Day(50))));
        Assert.Equal(Day(50), _story.Event<AccessGranted>().OccurredAt);
        Assert.Equal(AccessReason.Subscribed, _story.Event<AccessGranted>().Reason);
    }

    [Theory]
    [InlineData(SubscriptionStatus.Trialing, "SubscriptionCanceled AccessRestricted")]
    [InlineData(SubscriptionStatus.Active, "SubscriptionCanceled AccessRestricted")]
    [InlineData(SubscriptionStatus.PastDue, "SubscriptionCanceled AccessRestricted")]
    [InlineData(SubscriptionStatus.Unpaid, "SubscriptionCanceled")]
    [InlineData(SubscriptionStatus.Paused, "SubscriptionCanceled")]
    [InlineData(SubscriptionStatus.Incomplete, "SubscriptionCanceled")]
    public void Any_live_subscription_can_be_canceled_now(SubscriptionStatus status, string events)
    {
        var before = Trialing() with { Status = status, PastDueSince = status == SubscriptionStatus.PastDue ? Day(1) : null };
        _story.At(2).See(before);

        Assert.Equal(events, _story.At(3).See(Canceled(before, Day(3), "too expensive")));
        Assert.Equal("too expensive", _story.Event<SubscriptionCanceled>().Explanation);
        Assert.All(_story.Last.Events, raised => Assert.Equal(Day(3), raised.OccurredAt));
    }

    [Fact]
    public void Canceled_at_the_end_of_its_period()
    {
        _story.See(Active(), First(Active()));
        var scheduled = CancelsAt(Active(), Day(31), Day(5), "not needed");

        Assert.Equal("CancellationScheduled", _story.At(5).See(scheduled));
        Assert.Equal("not needed", _story.Event<CancellationScheduled>().Explanation);
        Assert.Equal("SubscriptionCanceled AccessRestricted", _story.At(31).See(Canceled(scheduled, Day(31))));
        Assert.Equal("not needed", _story.Event<SubscriptionCanceled>().Explanation);
    }

    private (Subscription Subscription, Invoice Failed) FallBehind()
    {
        _story.See(Active(), First(Active()));
        var renewed = Renewed(Active());
        var draft = Draft(renewed, "in_2");
        _story.At(31).See(renewed, draft);
        var pastDue = PastDue(renewed, Day(31).AddHours(1));
        var failed = Failed(draft, Day(31).AddHours(1));
        _story.At(31.1).See(pastDue, failed);
        return (pastDue, failed);
    }

    private static AccessSnapshot AccessOf(Story story) => SaasBilling.Access.AccessRules.Evaluate(story.State, story.Catalog, story.Options, story.Now);
}
