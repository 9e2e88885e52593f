using SaasBilling.Pricing;
using SaasBilling.Providers;
using SaasBilling.Tests.Plans;

namespace SaasBilling.Tests.Subscriptions;

/// <summary>What a provider says, in the shape in which it says it; tests change it with <c>with</c>.</summary>
internal static class Facts
{
    public const string CustomerId = "acme";

    public static readonly DateTimeOffset Start = new(2026, 1, 1, 9, 0, 0, TimeSpan.Zero);

    public static readonly PlanCatalog Catalog = Catalogs.Build(builder => builder
        .AddPlan("free", plan => plan.Name("Free").Free().Feature("projects", limit: 3))
        .AddPlan("pro", plan => plan.Name("Pro")
            .Price(29m, "USD", BillingInterval.Monthly)
            .Price(290m, "USD", BillingInterval.Yearly)
            .Trial(days: 14)
            .Feature("export").Feature("projects", limit: 50).Feature("api_calls", limit: 1000))
        .AddPlan("team", plan => plan.Name("Team")
            .PricePerSeat(10m, "USD", BillingInterval.Monthly)
            .PricePerSeat(10m, "EUR", BillingInterval.Monthly)
            .PricePerSeat(100m, "USD", BillingInterval.Yearly)
            .Trial(days: 14, whenNoPaymentMethod: TrialEndBehavior.Pause)
            .Feature("export").Feature("projects", limit: 200))
        .AddPlan("usage", plan => plan.Name("Usage")
            .Metered("api_calls", 0.01m, "USD", BillingInterval.Monthly)
            .Trial(days: 14, whenNoPaymentMethod: TrialEndBehavior.CreateInvoice)
            .Feature("api_calls", limit: 10).Feature("projects"))
        .AddPlan("weekly", plan => plan.Price(5m, "USD", BillingInterval.Weekly))
        .AddAddOn("pack", addOn => addOn.Price(5m, "USD", BillingInterval.Monthly).Feature("projects", limit: 10))
        .AddAddOn("sso", addOn => addOn.Price(20m, "USD", BillingInterval.Monthly).Feature("sso"))
        .AddAddOn("storage", addOn => addOn.Metered("gigabytes", 0.1m, "USD", BillingInterval.Monthly).Feature("gigabytes", limit: 5))
        .AddMeter("api_calls")
        .AddMeter("projects", UsageAggregation.Last)
        .AddMeter("gigabytes", UsageAggregation.Max)
        .AddMeter("logins", UsageAggregation.Count)
        .AddCoupon("forever20", coupon => coupon.PercentOff(20).Forever())
        .AddCoupon("forever5", coupon => coupon.AmountOff(5, "USD").Forever())
        .AddCoupon("team_only", coupon => coupon.PercentOff(50).Forever().OnlyFor("team"))
        .AddCoupon("launch", coupon => coupon.PercentOff(50).Once()));

    public static readonly Customer Acme = new() { Id = CustomerId, CreatedAt = Start };

    public static readonly PaymentMethod Visa = new("pm_1", "visa", "4242", 12, 2030, true);

    /// <summary>Every status in which no period is billed.</summary>
    public static TheoryData<SubscriptionStatus> NotBilled =>
        [.. Enum.GetValues<SubscriptionStatus>().Except([SubscriptionStatus.Active, SubscriptionStatus.PastDue])];

    public static DateTimeOffset Day(double days) => Start.AddDays(days);

    public static BillingPeriod Month(int number) => new(Start.AddMonths(number), Start.AddMonths(number + 1));

    public static Subscription Active(string plan = "pro", string id = "sub_1", DateTimeOffset? at = null) => new()
    {
        Id = id,
        CustomerId = CustomerId,
        Name = "default",
        PlanKey = plan,
        Status = SubscriptionStatus.Active,
        Items = ItemsOf(plan),
        CurrentPeriod = new(at ?? Start, (at ?? Start).AddMonths(1)),
        BillingCycleAnchor = at ?? Start,
        Currency = plan == "free" ? null : Currency.Of("USD"),
        CreatedAt = at ?? Start,
    };

    public static Subscription Trialing(string plan = "pro", string id = "sub_1", DateTimeOffset? at = null, int days = 14)
    {
        var trial = new BillingPeriod(at ?? Start, (at ?? Start).AddDays(days));
        return Active(plan, id, at) with { Status = SubscriptionStatus.Trialing, Trial = trial, CurrentPeriod = trial, BillingCycleAnchor = trial.End };
    }

    public static Subscription Incomplete(string plan = "pro", string id = "sub_1", DateTimeOffset? at = null) =>
        Active(plan, id, at) with
        {
            Status = SubscriptionStatus.Incomplete,
            PendingPayment = new("in_1", Money.Of(29, "USD"), RequiresAction: true, null, null, null),
        };

    /// <summary>The trial is over: the first paid period.</summary>
    public static Subscription Converted(Subscription trialing) => trialing with
    {
        Status = SubscriptionStatus.Active,
        CurrentPeriod = new(trialing.Trial!.End, trialing.Trial.End.AddMonths(1)),
        BillingCycleAnchor = trialing.Trial.End,
    };

    /// <summary>The next period.</summary>
    public static Subscription Renewed(Subscription subscription) => subscription with
    {
        CurrentPeriod = new(subscription.CurrentPeriod.End, NextBoundary(subscription)),
    };

    public static Subscription PastDue(Subscription subscription, DateTimeOffset since) => subscription with { Status = SubscriptionStatus.PastDue, PastDueSince = since };

    public static Subscription Recovered(Subscription subscription) => subscription with { Status = SubscriptionStatus.Active, PastDueSince = null };

    public static Subscription Canceled(Subscription subscription, DateTimeOffset at, string? reason = null) => subscription with
    {
        Status = SubscriptionStatus.Canceled,
        CanceledAt = subscription.CanceledAt ?? at,
        EndedAt = at,
        CancellationReason = reason ?? subscription.CancellationReason,
        Pause = null,
    };

    public static Subscription CancelsAt(Subscription subscription, DateTimeOffset end, DateTimeOffset asked, string? reason = null) =>
        subscription with { CancelsAt = end, CanceledAt = asked, CancellationReason = reason };

    public static Subscription Undone(Subscription subscription) => subscription with { CancelsAt = null, CanceledAt = null, CancellationReason = null };

    public static Subscription Seats(Subscription subscription, long seats) =>
        subscription with { Items = [.. subscription.Items.Select(item => item.PriceKey.Contains("/seat/", StringComparison.Ordinal) ? item with { Quantity = seats } : item)] };

    public static Subscription With(Subscription subscription, string addOn, long quantity) =>
        subscription with { Items = [.. subscription.Items, new($"si_{addOn}", $"{addOn}/usd/month", quantity)] };

    public static Invoice Draft(Subscription subscription, string id = "in_1", DateTimeOffset? at = null, decimal amount = 29, BillingReason reason = BillingReason.SubscriptionCycle)
    {
        var money = Money.Of(amount, "USD");
        var created = at ?? subscription.CurrentPeriod.Start;
        return new()
        {
            Id = id,
            CustomerId = CustomerId,
            SubscriptionId = subscription.Id,
            Status = InvoiceStatus.Draft,
            Reason = reason,
            Subtotal = money,
            Discount = Money.Zero("USD"),
            Tax = Money.Zero("USD"),
            Total = money,
            AmountDue = money,
            AmountPaid = Money.Zero("USD"),
            Lines = [new("Pro", money, 1, subscription.CurrentPeriod, false)],
            CreatedAt = created,
            NextPaymentAttempt = created.AddHours(1),
        };
    }

    public static Invoice Open(Invoice draft, DateTimeOffset? at = null) => draft with
    {
        Status = InvoiceStatus.Open,
        FinalizedAt = at ?? draft.CreatedAt.AddHours(1),
        Number = $"ACME-{draft.Id}",
        NextPaymentAttempt = null,
    };

    public static Invoice Paid(Invoice invoice, DateTimeOffset? at = null)
    {
        var open = invoice.FinalizedAt is null ? Open(invoice, at) : invoice;
        return open with { Status = InvoiceStatus.Paid, PaidAt = at ?? open.FinalizedAt, AmountPaid = open.AmountDue, AttemptCount = open.AttemptCount + 1 };
    }

    public static Invoice Failed(Invoice invoice, DateTimeOffset at, string? code = "insufficient_funds", bool asks = false)
    {
        var open = invoice.FinalizedAt is null ? Open(invoice, at) : invoice;
        return open with
        {
            Failures = [.. open.Failures, new($"{open.Id}_try_{open.Failures.Count + 1}", at, code, asks)],
            AttemptCount = open.AttemptCount + 1,
            LastDeclineCode = code,
        };
    }

    /// <summary>The first invoice of a subscription: paid at once, nothing due in a trial.</summary>
    public static Invoice First(Subscription subscription, string id = "in_1") =>
        Paid(Draft(subscription, id, subscription.CreatedAt, subscription.Trial is null ? 29 : 0, BillingReason.SubscriptionCreate), subscription.CreatedAt);

    public static PendingCharge Charge(string id, decimal amount = 10) =>
        new(id, null, new("Setup", Money.Of(amount, "USD"), 1, new(Start, Start), false));

    private static IReadOnlyList<SubscriptionItem> ItemsOf(string plan) => plan switch
    {
        "free" => [],
        "team" => [new("si_1", "team/seat/usd/month", 3)],
        "usage" => [new("si_1", "usage/api_calls/usd/month", 0)],
        "weekly" => [new("si_1", "weekly/usd/week", 1)],
        _ => [new("si_1", $"{plan}/usd/month", 1)],
    };

    private static DateTimeOffset NextBoundary(Subscription subscription)
    {
        var index = BillingCycle.IndexAt(subscription.BillingCycleAnchor, subscription.Interval, subscription.CurrentPeriod.End);
        return BillingCycle.Boundary(subscription.BillingCycleAnchor, subscription.Interval, index + 1);
    }
}
