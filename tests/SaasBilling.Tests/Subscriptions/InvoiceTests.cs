using static SaasBilling.Tests.Subscriptions.Facts;

namespace SaasBilling.Tests.Subscriptions;

public sealed class InvoiceTests
{
    private readonly Story _story = new();

    [Fact]
    public void Draft_IsKeptAndRaisesNothing()
    {
        Assert.Equal("CustomerCreated", _story.See(Draft(Active())));
        Assert.Single(_story.State!.OpenInvoices);
        Assert.Single(_story.Last.Invoices);
    }

    [Fact]
    public void Finalized_WhenItsDraftIsDone_AtItsInstant()
    {
        _story.See(Draft(Active()));

        Assert.Equal("InvoiceFinalized", _story.At(2).See(Open(Draft(Active()))));
        Assert.Equal(Start.AddHours(1), _story.Event<InvoiceFinalized>().OccurredAt);
        Assert.Equal(InvoiceStatus.Open, Assert.Single(_story.State!.OpenInvoices).Status);
    }

    [Theory]
    [InlineData(InvoiceStatus.Paid, "InvoiceFinalized InvoicePaid")]
    [InlineData(InvoiceStatus.Void, "InvoiceFinalized")]
    [InlineData(InvoiceStatus.Uncollectible, "InvoiceFinalized")]
    public void FirstSeenBeyondDraft_IsFinalized(InvoiceStatus status, string events)
    {
        _story.See();

        Assert.Equal(events, _story.See(Open(Draft(Active())) with { Status = status, PaidAt = status == InvoiceStatus.Paid ? Day(1) : null }));
        Assert.Equal(status == InvoiceStatus.Uncollectible ? 1 : 0, _story.State!.OpenInvoices.Count);
    }

    [Fact]
    public void DraftThrownAway_WasNeverAnInvoice()
    {
        _story.See(Draft(Active()));

        Assert.Equal("", _story.See(Draft(Active()) with { Status = InvoiceStatus.Void }));
        Assert.Empty(_story.State!.OpenInvoices);
        Assert.Single(_story.Last.Invoices);
    }

    [Fact]
    public void Failures_EachIsTold_AlsoWhenSeveralAreLearntAtOnce()
    {
        var twice = Failed(Failed(Draft(Active()), Day(0), "generic_decline"), Day(3), "insufficient_funds", asks: true);

        Assert.Equal("CustomerCreated InvoiceFinalized PaymentFailed PaymentFailed PaymentActionRequired", _story.At(4).See(twice));
        Assert.Equal(["generic_decline", "insufficient_funds"], _story.Last.Events.OfType<PaymentFailed>().Select(raised => raised.Explanation));
        Assert.Equal(Day(3), _story.Event<PaymentActionRequired>().OccurredAt);

        Assert.Equal("PaymentFailed", _story.At(9).See(Failed(twice, Day(8))));
    }

    [Fact]
    public void PaymentRecovered_FirstPaymentAtTheSecondTry_IsNone()
    {
        var failed = Failed(Draft(Incomplete(), reason: BillingReason.SubscriptionCreate), Start);
        _story.See(Incomplete(), failed);

        Assert.Equal("SubscriptionActivated InvoicePaid AccessGranted", _story.At(0.1).See(Active(), Paid(failed, Day(0.1))));
    }

    [Fact]
    public void PaymentRecovered_AOneOffChargeThatHadFailed_IsRecovered()
    {
        var failed = Failed(Draft(Active(), reason: BillingReason.Manual), Start);
        _story.See(failed);

        Assert.Equal("InvoicePaid PaymentRecovered", _story.At(1).See(Paid(failed, Day(1))));
    }

    [Fact]
    public void PaymentRecovered_WrittenOffAndPaidAfterAll_IsRecovered()
    {
        var failed = Failed(Draft(Active()), Start);
        _story.See(failed);
        _story.At(20).See(failed with { Status = InvoiceStatus.Uncollectible });

        Assert.Equal("InvoicePaid PaymentRecovered", _story.At(30).See(Paid(failed, Day(30))));
    }

    [Fact]
    public void PaymentRecovered_AZeroInvoiceWhilePastDue_RecoversNothing()
    {
        _story.See(PastDue(Active(), Day(0)));

        Assert.Equal("InvoiceFinalized InvoicePaid", _story.At(1).See(Active(), Paid(Draft(Active(), amount: 0), Day(1))));
    }

    [Fact]
    public void PaymentFailed_WhatWasPassedOver_IsNotTold()
    {
        var failed = Failed(Draft(Active()), Start, "lost_card");
        _story.See(failed);

        Assert.Equal("", _story.At(3).See(failed with { NextPaymentAttempt = Day(8) }));
        Assert.True(_story.Last.Changed);
    }

    [Fact]
    public void Refunds_EachOnce_AlsoOfAnInvoiceThatTheStateLetGo()
    {
        var paid = First(Active());
        _story.See(Active(), paid);
        var refunded = paid with { Refunds = [new("re_1", "in_1", Money.Of(5, "USD"), Day(2))] };

        Assert.Equal("PaymentRefunded", _story.At(2).See(refunded));
        Assert.Equal(Money.Of(5, "USD"), _story.Event<PaymentRefunded>().Refund.Amount);
        Assert.Equal("PaymentRefunded", _story.At(3).See(refunded with { Refunds = [.. refunded.Refunds, new("re_2", "in_1", Money.Of(1, "USD"), Day(3))] }));
        Assert.Equal("re_2", _story.Event<PaymentRefunded>().Refund.Id);
    }

    [Fact]
    public void Dispute_Once()
    {
        var paid = First(Active());
        _story.See(paid);

        Assert.Equal("PaymentDisputed", _story.At(2).See(paid with { DisputedAt = Day(2) }));
        Assert.Equal("", _story.At(3).See(paid with { DisputedAt = Day(2) }));
    }

    [Fact]
    public void OtherDetails_AreWrittenAndTellNothing()
    {
        _story.See(Open(Draft(Active())));

        Assert.Equal("", _story.See(Open(Draft(Active())) with { HostedUrl = new("https://pay.test/in_1") }));
        Assert.Single(_story.Last.Invoices);
        Assert.Equal("https://pay.test/in_1", _story.State!.OpenInvoices[0].HostedUrl!.ToString());
    }

    [Fact]
    public void Order_WithinOneInstant_CausesComeFirst() =>
        Assert.Equal(
            "CustomerCreated PaymentMethodAdded TrialStarted TrialEnding CancellationScheduled ChargeAdded InvoiceFinalized InvoicePaid AccessGranted",
            _story.See(
                new Charges(Charge("ii_1")),
                First(Trialing(days: 2)),
                CancelsAt(Trialing(days: 2), Day(10), Start),
                new Cards(Visa)));
}
