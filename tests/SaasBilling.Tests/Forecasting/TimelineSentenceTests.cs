namespace SaasBilling.Tests.Forecasting;

/// <summary>What a person reads about an event, and that no sentence says the same thing twice.</summary>
public sealed class TimelineSentenceTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 4, 9, 0, 0, TimeSpan.Zero);

    private static readonly Subscription Launch = new()
    {
        Id = "sub_1",
        CustomerId = "acme",
        Name = "default",
        PlanKey = "launch",
        Status = SubscriptionStatus.Active,
        Items = [new("si_1", "launch/seat/eur/month", 8)],
        CurrentPeriod = new(Start, Start.AddMonths(1)),
        BillingCycleAnchor = Start,
        Trial = new(Start.AddDays(-14), Start),
    };

    public static TheoryData<BillingEvent, string> Sentences => new()
    {
        { Event(new SubscriptionActivated { Id = "", CustomerId = "", OccurredAt = default, Subscription = Launch }), "launch is active; this period ends on 2026-06-04" },
        {
            Event(new PlanChanged { Id = "", CustomerId = "", OccurredAt = default, Subscription = Launch, PreviousPlanKey = "free", Explanation = "from free to launch" }),
            "Changed from free to launch"
        },
        {
            Event(new PlanChanged { Id = "", CustomerId = "", OccurredAt = default, Subscription = Launch, PreviousPlanKey = "launch", Explanation = "billed every month instead of every year" }),
            "launch is now billed per month"
        },
        { Event(new QuantityChanged { Id = "", CustomerId = "", OccurredAt = default, Subscription = Launch, Explanation = "seats: 5 → 8" }), "launch, seats: 5 → 8" },
        { Event(new QuantityChanged { Id = "", CustomerId = "", OccurredAt = default, Subscription = Launch }), "launch now has 8 × launch/seat/eur/month" },
        {
            Event(new TrialExpired { Id = "", CustomerId = "", OccurredAt = default, Subscription = Launch, Explanation = "the trial ended without a payment method" }),
            "Trial of launch ended without a payment method"
        },
        {
            Event(new TrialExtended { Id = "", CustomerId = "", OccurredAt = default, Subscription = Launch, Explanation = "the trial now ends on 2026-05-04 09:00 UTC" }),
            "Trial of launch now ends on 2026-05-04"
        },
        {
            Event(new TrialExtended { Id = "", CustomerId = "", OccurredAt = default, Subscription = Launch, Explanation = "free time was given" }),
            "Trial of launch now ends on 2026-05-04: free time was given"
        },
        {
            Event(new SubscriptionPaused
            {
                Id = "", CustomerId = "", OccurredAt = default, Explanation = "until 2026-07-01 09:00 UTC",
                Subscription = Launch with { Pause = new() { ResumesAt = new(2026, 7, 1, 9, 0, 0, TimeSpan.Zero) } },
            }),
            "launch is paused until 2026-07-01"
        },
        {
            Event(new UsageLimitReached { Id = "", CustomerId = "", OccurredAt = default, Feature = "events", Limit = 1000, Explanation = "1000 of 1000 used" }),
            "'events' reached its limit of 1000"
        },
        {
            Event(new SubscriptionCanceled { Id = "", CustomerId = "", OccurredAt = default, Subscription = Launch, Explanation = "we built our own" }),
            "launch ended: we built our own"
        },
    };

    [Fact]
    public void Of_ASentInvoice_SaysUntilWhenItIsDue() =>
        Assert.Equal("Invoice ACME-0001 of 29.00 USD is sent, due by 2026-06-04", TimelineEntry.Of(Event(Finalized(Sent(29m)))).Summary);

    [Fact]
    public void Of_ASentInvoiceOfZero_SaysNothingOfADueDate() =>
        Assert.Equal("Invoice ACME-0001 of 0.00 USD", TimelineEntry.Of(Event(Finalized(Sent(0m)))).Summary);

    [Fact]
    public void Of_ASentInvoiceThatAPauseVoids_SaysNothingOfADueDate() =>
        Assert.Equal("Invoice ACME-0001 of 29.00 USD", TimelineEntry.Of(Event(Finalized(Sent(29m) with { Status = InvoiceStatus.Void }))).Summary);

    [Fact]
    public void Of_ARecovery_SaysThatItHadFailedOnlyWhereItHad()
    {
        var failed = Sent(29m) with { Failures = [new("fail_1", Start, "generic_decline", RequiresAction: false)] };
        var asked = Sent(29m) with { Failures = [new("fail_1", Start, null, RequiresAction: true)] };

        Assert.Equal("29.00 USD that had failed is paid on invoice ACME-0001", TimelineEntry.Of(Event(Recovered(failed))).Summary);
        Assert.Equal("29.00 USD that was owed is paid on invoice ACME-0001", TimelineEntry.Of(Event(Recovered(asked))).Summary);
        Assert.Equal("29.00 USD that was owed is paid on invoice ACME-0001", TimelineEntry.Of(Event(Recovered(Sent(29m)))).Summary);
    }

    [Theory]
    [MemberData(nameof(Sentences))]
    public void Of_AnEvent_SaysItOnce(BillingEvent billingEvent, string sentence) =>
        Assert.Equal(sentence, TimelineEntry.Of(billingEvent).Summary);

    private static InvoiceFinalized Finalized(Invoice invoice) => new() { Id = "", CustomerId = "", OccurredAt = default, Invoice = invoice };

    private static PaymentRecovered Recovered(Invoice invoice) => new() { Id = "", CustomerId = "", OccurredAt = default, Invoice = invoice };

    private static Invoice Sent(decimal amount) => new()
    {
        Id = "in_1",
        Number = "ACME-0001",
        CustomerId = "acme",
        Status = InvoiceStatus.Open,
        Subtotal = Money.Of(amount, "USD"),
        Discount = Money.Zero("USD"),
        Tax = Money.Zero("USD"),
        Total = Money.Of(amount, "USD"),
        AmountDue = Money.Of(amount, "USD"),
        AmountPaid = Money.Zero("USD"),
        Lines = [],
        CreatedAt = Start,
        DueAt = Start.AddMonths(1),
    };

    private static BillingEvent Event(BillingEvent billingEvent) => billingEvent with { Id = "acme/1", CustomerId = "acme", OccurredAt = Start };
}
