namespace SaasBilling.Stripe.Wire;

/// <summary>A subscription.</summary>
internal sealed record WireSubscription
{
    public required string Id { get; init; }

    public required string Customer { get; init; }

    /// <summary>As Stripe has it: a pause of collection is not in it.</summary>
    public required SubscriptionStatus Status { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public required IReadOnlyList<WireItem> Items { get; init; }

    public required BillingPeriod Period { get; init; }

    public required DateTimeOffset Anchor { get; init; }

    public required DateTimeOffset Created { get; init; }

    public string? Currency { get; init; }

    public DateTimeOffset? TrialStart { get; init; }

    public DateTimeOffset? TrialEnd { get; init; }

    public DateTimeOffset? CancelAt { get; init; }

    public bool CancelAtPeriodEnd { get; init; }

    public DateTimeOffset? CanceledAt { get; init; }

    public string? CancelComment { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public PauseOptions? Pause { get; init; }

    public required IReadOnlyList<WireDiscount> Discounts { get; init; }

    public string? DefaultPaymentMethod { get; init; }

    public int? DaysUntilDue { get; init; }

    public string? ScheduleId { get; init; }

    /// <summary>Null where it was not expanded, or there is none.</summary>
    public WireSchedule? Schedule { get; init; }

    /// <summary>The newest invoice, where it was expanded.</summary>
    public string? LatestInvoiceStatus { get; init; }

    public bool IsLive => Status is not (SubscriptionStatus.Canceled or SubscriptionStatus.IncompleteExpired);

    public static WireSubscription Read(StripeObject subscription)
    {
        var items = subscription.List("items").ConvertAll(WireItem.Read);
        return new()
        {
            Id = subscription.Id,
            Customer = subscription.RequiredIdOf("customer"),
            Status = StatusOf(subscription.RequiredText("status")),
            Metadata = subscription.Map("metadata"),
            Items = items,
            Period = PeriodOf(subscription, items),
            Anchor = subscription.RequiredInstant("billing_cycle_anchor"),
            Created = subscription.RequiredInstant("created"),
            Currency = subscription.Text("currency"),
            TrialStart = subscription.Instant("trial_start"),
            TrialEnd = subscription.Instant("trial_end"),
            CancelAt = subscription.Instant("cancel_at"),
            CancelAtPeriodEnd = subscription.Flag("cancel_at_period_end"),
            CanceledAt = subscription.Instant("canceled_at"),
            CancelComment = subscription.Object("cancellation_details")?.Text("comment"),
            EndedAt = subscription.Instant("ended_at"),
            Pause = PauseOf(subscription.Object("pause_collection")),
            Discounts = DiscountsOf(subscription),
            DefaultPaymentMethod = subscription.IdOf("default_payment_method") ?? subscription.IdOf("default_source"),
            DaysUntilDue = subscription.Text("collection_method") == "send_invoice" ? (int)(subscription.Integer("days_until_due") ?? 0) : null,
            ScheduleId = subscription.IdOf("schedule"),
            Schedule = subscription.Object("schedule") is { } schedule ? WireSchedule.Read(schedule) : null,
            LatestInvoiceStatus = subscription.Object("latest_invoice")?.Text("status"),
        };
    }

    /// <summary>A status from the future is Unknown: it changes no access.</summary>
    internal static SubscriptionStatus StatusOf(string status) => status switch
    {
        "trialing" => SubscriptionStatus.Trialing,
        "active" => SubscriptionStatus.Active,
        "incomplete" => SubscriptionStatus.Incomplete,
        "incomplete_expired" => SubscriptionStatus.IncompleteExpired,
        "past_due" => SubscriptionStatus.PastDue,
        "unpaid" => SubscriptionStatus.Unpaid,
        "paused" => SubscriptionStatus.Paused,
        "canceled" => SubscriptionStatus.Canceled,
        _ => SubscriptionStatus.Unknown,
    };

    // Since basil the period is the item's; before, the subscription's (B-7).
    private static BillingPeriod PeriodOf(StripeObject subscription, List<WireItem> items)
    {
        var period = items.Find(item => item.Period is not null && !item.Price.IsMetered)?.Period ?? items.Find(item => item.Period is not null)?.Period;
        return period ?? new BillingPeriod(subscription.RequiredInstant("current_period_start"), subscription.RequiredInstant("current_period_end"));
    }

    private static PauseOptions? PauseOf(StripeObject? pause) => pause is not { } found || found.Text("behavior") is not { } behavior ? null : new PauseOptions
    {
        Behavior = behavior switch
        {
            "void" => PauseBehavior.Void,
            "keep_as_draft" => PauseBehavior.KeepAsDraft,
            _ => PauseBehavior.MarkUncollectible,
        },
        ResumesAt = found.Instant("resumes_at"),
    };

    // Before there were several there was one, under another name.
    private static List<WireDiscount> DiscountsOf(StripeObject subscription)
    {
        var several = subscription.List("discounts").ConvertAll(WireDiscount.Read);
        return several.Count == 0 && subscription.Object("discount") is { } one ? [WireDiscount.Read(one)] : several;
    }
}

/// <summary>One price of a subscription.</summary>
internal sealed record WireItem(string Id, WirePrice Price, long? Quantity, BillingPeriod? Period)
{
    public static WireItem Read(StripeObject item) => new(
        item.Id,
        WirePrice.ReadOf(item),
        item.Integer("quantity"),
        item.Instant("current_period_start") is { } start && item.Instant("current_period_end") is { } end ? new BillingPeriod(start, end) : null);
}

/// <summary>What waits for the period's end.</summary>
internal sealed record WireSchedule(string Id, string Status, string? Change, IReadOnlyList<WirePhase> Phases)
{
    public bool IsWaiting => Status is "active" or "not_started";

    public static WireSchedule Read(StripeObject schedule) => new(
        schedule.Id,
        schedule.RequiredText("status"),
        schedule.Metadata(Names.Change),
        schedule.List("phases").ConvertAll(WirePhase.Read));

    /// <summary>The phase that begins after the present one.</summary>
    public WirePhase? Next(DateTimeOffset now) => Phases.FirstOrDefault(phase => phase.Start > now);
}

/// <summary>A part of a schedule.</summary>
internal sealed record WirePhase(DateTimeOffset Start, DateTimeOffset? End, DateTimeOffset? TrialEnd, IReadOnlyList<(string Price, long? Quantity)> Items, IReadOnlyDictionary<string, string> Metadata)
{
    public static WirePhase Read(StripeObject phase) => new(
        phase.RequiredInstant("start_date"),
        phase.Instant("end_date"),
        phase.Instant("trial_end"),
        phase.List("items").ConvertAll(item => (item.RequiredIdOf("price"), item.Integer("quantity"))),
        phase.Map("metadata"));
}
