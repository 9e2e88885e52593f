using SaasBilling.Storage;

namespace SaasBilling.Conformance.Storage;

/// <summary>What the store suite writes: one of each, small, and different in every member that a store could forget.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 30, 0, TimeSpan.Zero);

    public static DateTimeOffset At(double minutes) => Start.AddMinutes(minutes);

    public static CustomerState State(string customerId, long version = 1, DateTimeOffset? wakeAt = null) => new()
    {
        Customer = new Customer { Id = customerId, CreatedAt = Start },
        Version = version,
        WakeAt = wakeAt,
    };

    public static BillingCommit Commit(string customerId, long version = 1, DateTimeOffset? wakeAt = null) => new()
    {
        Customer = State(customerId, version, wakeAt),
        ExpectedVersion = version - 1,
    };

    public static MilestoneReached Event(string customerId, int number, DateTimeOffset? at = null) => new()
    {
        Id = $"{customerId}/{number}",
        CustomerId = customerId,
        OccurredAt = at ?? Start,
        Milestone = $"milestone {number}",
    };

    public static Job Hook(BillingEvent billingEvent, string lane, DateTimeOffset? dueAt = null) => new()
    {
        Key = $"hook:{billingEvent.Id}:{lane}",
        Kind = JobKind.Hook,
        CustomerId = billingEvent.CustomerId,
        Lane = lane,
        DueAt = dueAt ?? Start,
        Sequence = long.Parse(billingEvent.Id.Split('/')[^1]),
        EventId = billingEvent.Id,
    };

    /// <summary>A commit with one event for each number, delivered to each lane.</summary>
    public static BillingCommit Deliveries(string customerId, long version, int[] numbers, string[] lanes, DateTimeOffset? dueAt = null)
    {
        var events = numbers.Select(number => Event(customerId, number)).ToArray();
        return Commit(customerId, version) with
        {
            Events = events,
            Jobs = [.. events.SelectMany(_ => lanes, (billingEvent, lane) => Hook(billingEvent, lane, dueAt))],
        };
    }

    public static InboxMessage Message(string eventId, double minutes = 0, string subject = "cus_1") => new()
    {
        Provider = "stripe",
        EventId = eventId,
        IsLive = true,
        Type = "invoice.paid",
        ObjectId = "in_1",
        Subject = subject,
        ReceivedAt = At(minutes),
        Body = $$"""{"id":"{{eventId}}","name":"Zürich 🙂"}""",
    };

    public static Invoice Invoice(string customerId, string id, DateTimeOffset? createdAt = null, long amount = 2900) => new()
    {
        Id = id,
        Number = $"NO-{id}",
        CustomerId = customerId,
        SubscriptionId = "sub_1",
        Status = InvoiceStatus.Open,
        Reason = BillingReason.SubscriptionCycle,
        Subtotal = Usd(amount),
        Discount = Usd(100),
        Tax = Usd(7),
        Total = Usd(amount - 93),
        AmountDue = Usd(amount - 100),
        AmountPaid = Usd(11),
        Lines = [new InvoiceLine("Pro, 3 seats", Usd(amount), 3, new BillingPeriod(Start, At(44640)), IsProration: true) { PriceKey = "pro/seat/usd/month" }],
        CreatedAt = createdAt ?? Start,
        FinalizedAt = At(60),
        DueAt = At(61),
        PaidAt = At(62),
        NextPaymentAttempt = At(63),
        AttemptCount = 2,
        LastDeclineCode = "insufficient_funds",
        Failures = [new PaymentFailure("att_1", At(60), "insufficient_funds", RequiresAction: false), new PaymentFailure("att_2", At(61), null, RequiresAction: true)],
        Refunds = [new Refund("re_1", id, Usd(5), At(64))],
        DisputedAt = At(65),
        HostedUrl = new Uri("https://billing.example/invoices/1"),
    };

    public static Subscription Subscription(string customerId) => new()
    {
        Id = "sub_1",
        CustomerId = customerId,
        Name = "default",
        PlanKey = "pro",
        Status = SubscriptionStatus.PastDue,
        Items = [new SubscriptionItem("si_1", "pro/usd/month", 1), new SubscriptionItem("si_2", "pro/seat/usd/month", 7)],
        CurrentPeriod = new BillingPeriod(Start, At(44640)),
        BillingCycleAnchor = At(-10),
        Interval = BillingInterval.Quarterly,
        Currency = Currency.Of("USD"),
        CreatedAt = At(-20),
        Trial = new BillingPeriod(At(-20), At(-10)),
        CancelsAt = At(44640),
        CanceledAt = At(5),
        CancellationReason = "Zu teuer 🙂",
        EndedAt = At(44641),
        PastDueSince = At(3),
        Pause = new PauseOptions { Behavior = PauseBehavior.KeepAsDraft, ResumesAt = At(900) },
        ScheduledChange = new SubscriptionChange { PlanKey = "team", Seats = 9, AddOns = new Dictionary<string, long> { ["sso"] = 2 }, Timing = ChangeTiming.AtPeriodEnd },
        PendingPayment = new PendingPayment("in_1", Usd(2900), RequiresAction: true, "authentication_required", new Uri("https://billing.example/pay/1"), "secret_1"),
        Discounts = [new AppliedDiscount("launch", Start, At(90000)), new AppliedDiscount("forever", Start, null)],
        InvoiceDueInDays = 30,
    };

    public static PaymentMethod Card { get; } = new("pm_1", "visa", "4242", 12, 2031, IsDefault: true);

    /// <summary>A state in which no member has its default.</summary>
    public static CustomerState FullState(string customerId) => new()
    {
        Customer = new Customer
        {
            Id = customerId,
            Email = "billing@acme.example",
            Name = "Acme",
            TimeZone = "Europe/Vienna",
            Locale = "de-AT",
            Metadata = new Dictionary<string, string> { ["tier"] = "gold" },
            CreatedAt = At(-20),
            DeletedAt = At(99),
            CreditBalance = Usd(-250),
        },
        Version = 1,
        EventCount = 17,
        RecentCalls = ["5c2f", "9a01"],
        ProviderCursor = "cursor 17",
        Subscriptions = [Subscription(customerId), Subscription(customerId) with { Id = "sub_2", Name = "second", Status = SubscriptionStatus.Canceled }],
        OpenInvoices = [Invoice(customerId, "in_1")],
        PaymentMethods = [Card],
        PendingCharges = [new("ch_1", "sub_1", new InvoiceLine("Setup", Usd(5000), 1, new BillingPeriod(Start, Start), IsProration: false))],
        Trials = [new TrialRecord("sub_1", "pro", At(-20), At(-10)), new TrialRecord("sub_2", "team", At(-40), null)],
        Milestones = ["imported-data", "invited-team"],
        Usage = [new MeterUsage("api_calls", Start, 12.5m, At(4))],
        Notices = [new Notice("TrialEnding", "sub_1", At(-10))],
        AccessWasGranted = true,
        Mrr = [new MrrAmount("USD", 2_900_000_000, EverPositive: true)],
        WakeAt = At(43200),
    };

    /// <summary>One event of every type.</summary>
    public static IReadOnlyList<BillingEvent> EventsOfEveryType(string customerId)
    {
        var subscription = Subscription(customerId);
        var invoice = Invoice(customerId, "in_1");
        BillingEvent[] events =
        [
            new CustomerCreated { Id = "", CustomerId = customerId, OccurredAt = Start },
            new CustomerDeleted { Id = "", CustomerId = customerId, OccurredAt = Start },
            new MilestoneReached { Id = "", CustomerId = customerId, OccurredAt = Start, Milestone = "imported-data" },
            new TrialStarted { Id = "", CustomerId = customerId, OccurredAt = Start, Subscription = subscription },
            new TrialEnding { Id = "", CustomerId = customerId, OccurredAt = Start, Subscription = subscription, Remaining = TimeSpan.FromDays(3) },
            new TrialExtended { Id = "", CustomerId = customerId, OccurredAt = Start, Subscription = subscription },
            new TrialConverted { Id = "", CustomerId = customerId, OccurredAt = Start, Subscription = subscription },
            new TrialExpired { Id = "", CustomerId = customerId, OccurredAt = Start, Subscription = subscription },
            new SubscriptionActivated { Id = "", CustomerId = customerId, OccurredAt = Start, Subscription = subscription },
            new SubscriptionRenewed { Id = "", CustomerId = customerId, OccurredAt = Start, Subscription = subscription },
            new PlanChanged { Id = "", CustomerId = customerId, OccurredAt = Start, Subscription = subscription, PreviousPlanKey = "free" },
            new QuantityChanged { Id = "", CustomerId = customerId, OccurredAt = Start, Subscription = subscription },
            new CancellationScheduled { Id = "", CustomerId = customerId, OccurredAt = Start, Subscription = subscription },
            new CancellationUndone { Id = "", CustomerId = customerId, OccurredAt = Start, Subscription = subscription },
            new SubscriptionCanceled { Id = "", CustomerId = customerId, OccurredAt = Start, Subscription = subscription, Explanation = "Zu teuer" },
            new SubscriptionReactivated { Id = "", CustomerId = customerId, OccurredAt = Start, Subscription = subscription },
            new SubscriptionPaused { Id = "", CustomerId = customerId, OccurredAt = Start, Subscription = subscription },
            new SubscriptionResumed { Id = "", CustomerId = customerId, OccurredAt = Start, Subscription = subscription },
            new PaymentMethodAdded { Id = "", CustomerId = customerId, OccurredAt = Start, PaymentMethod = Card },
            new PaymentMethodRemoved { Id = "", CustomerId = customerId, OccurredAt = Start, PaymentMethod = Card },
            new PaymentMethodExpiring { Id = "", CustomerId = customerId, OccurredAt = Start, PaymentMethod = Card },
            new ChargeAdded { Id = "", CustomerId = customerId, OccurredAt = Start, Line = invoice.Lines[0] },
            new InvoiceUpcoming { Id = "", CustomerId = customerId, OccurredAt = Start, Invoice = invoice },
            new InvoiceFinalized { Id = "", CustomerId = customerId, OccurredAt = Start, Invoice = invoice },
            new InvoicePaid { Id = "", CustomerId = customerId, OccurredAt = Start, Invoice = invoice },
            new PaymentFailed { Id = "", CustomerId = customerId, OccurredAt = Start, Invoice = invoice, Explanation = "insufficient_funds" },
            new PaymentActionRequired { Id = "", CustomerId = customerId, OccurredAt = Start, Invoice = invoice },
            new PaymentRecovered { Id = "", CustomerId = customerId, OccurredAt = Start, Invoice = invoice },
            new PaymentRefunded { Id = "", CustomerId = customerId, OccurredAt = Start, Refund = invoice.Refunds[0] },
            new PaymentDisputed { Id = "", CustomerId = customerId, OccurredAt = Start, Invoice = invoice },
            new UsageLimitReached { Id = "", CustomerId = customerId, OccurredAt = Start, Feature = "projects", Limit = 50 },
            new AccessGranted { Id = "", CustomerId = customerId, OccurredAt = Start, Reason = AccessReason.Trial },
            new AccessRestricted { Id = "", CustomerId = customerId, OccurredAt = Start, Reason = AccessReason.PaymentFailed },
        ];
        return [.. events.Select((billingEvent, index) => billingEvent with { Id = $"{customerId}/{index + 1}", OccurredAt = At(index) })];
    }

    private static Money Usd(long minorUnits) => Money.FromMinorUnits(minorUnits, "USD");
}
