using SaasBilling.Conformance.Providers;
using SaasBilling.Providers;

namespace SaasBilling.Tests.InMemory.RandomLives;

/// <summary>Something that an application or a customer might do, sensible or not.</summary>
/// <param name="What">In words, for whoever reads about a life that failed.</param>
/// <param name="RunAsync">Does it.</param>
internal sealed record RandomCommand(string What, Func<Task<ProviderResult>> RunAsync)
{
    private static readonly string[] Plans =
    [
        ConformanceCatalog.Free, ConformanceCatalog.Solo, ConformanceCatalog.Pro, ConformanceCatalog.Team, ConformanceCatalog.Hundred,
        ConformanceCatalog.Metered, ConformanceCatalog.MeteredDear,
    ];

    private static readonly string[] Coupons =
    [
        ConformanceCatalog.HalfOnce, ConformanceCatalog.QuarterForever, ConformanceCatalog.FiveForever, ConformanceCatalog.HalfForThreeMonths,
        ConformanceCatalog.Everything, ConformanceCatalog.OnlyOne, ConformanceCatalog.FiveEurosForever,
    ];

    private static readonly string[] Cards =
    [
        TestPaymentMethods.Visa, TestPaymentMethods.Mastercard, TestPaymentMethods.DeclinedAfterAttaching, TestPaymentMethods.InsufficientFunds,
        TestPaymentMethods.RequiresAuthentication, TestPaymentMethods.RequiresAuthenticationOnce, TestPaymentMethods.ThreeDSecureThenDeclined,
        TestPaymentMethods.Disputed, TestPaymentMethods.Blocked,
    ];

    /// <summary>The command that a number stands for; null when it would need something that is not there.</summary>
    public static RandomCommand? Of(Scene scene, CustomerSnapshot known, Dice dice)
    {
        var provider = scene.Provider;
        var key = scene.NewKey();
        var subscription = dice.PickOrNull(known.Subscriptions);
        var invoice = dice.PickOrNull(known.Invoices);
        var reference = subscription is null ? default : Scene.Ref(subscription);
        switch (dice.Roll(17))
        {
            case 0 or 1:
                var card = new AddPaymentMethodRequest(scene.CustomerId, dice.Pick(Cards), !dice.OneIn(4));
                return new($"{card}", () => provider.AddPaymentMethodAsync(card, key, Scene.Token));
            case 2 when dice.PickOrNull(known.PaymentMethods ?? []) is { } method:
                return new($"remove {method}", () => provider.RemovePaymentMethodAsync(scene.CustomerId, method.Id, key, Scene.Token));
            case 3 or 4:
                var request = Subscription(scene, known, ref dice);
                return new($"{request} {string.Join(',', request.Coupons)}", () => provider.CreateSubscriptionAsync(request, key, Scene.Token));
            case 5 or 6 when subscription is not null:
                var change = Change(scene, subscription, ref dice);
                return new($"{change}", () => provider.ChangeSubscriptionAsync(change, key, Scene.Token));
            case 7 when subscription is not null:
                return dice.OneIn(2)
                    ? new($"drop the change of {reference}", () => provider.DropScheduledChangeAsync(reference, key, Scene.Token))
                    : new($"resume {reference}", () => provider.ResumeSubscriptionAsync(reference, key, Scene.Token));
            case 8 when subscription is not null:
                var end = dice.OneIn(3) ? (DateTimeOffset?)null : scene.Now.AddHours(dice.Roll(1_000) - 10);
                return new($"end the trial of {reference} {end}", () => provider.SetTrialEndAsync(reference, end, key, Scene.Token));
            case 9 when subscription is not null:
                var pause = new PauseOptions { Behavior = (PauseBehavior)dice.Roll(3), ResumesAt = dice.OneIn(2) ? scene.Now.AddHours(dice.Roll(2_000)) : null };
                return new($"{reference} {pause}", () => provider.PauseSubscriptionAsync(reference, pause, key, Scene.Token));
            case 10 when subscription is not null:
                return new($"resume {reference}", () => provider.ResumeSubscriptionAsync(reference, key, Scene.Token));
            case 11 when subscription is not null:
                var cancel = new CancelOptions
                {
                    Timing = (CancelTiming)dice.Roll(2),
                    At = dice.OneIn(3) ? scene.Now.AddHours(dice.Roll(3_000)) : null,
                    Prorate = dice.OneIn(2),
                    InvoiceNow = dice.OneIn(2),
                    Reason = dice.OneIn(2) ? "because" : null,
                };
                return new($"{reference} {cancel}", () => provider.CancelSubscriptionAsync(reference, cancel, key, Scene.Token));
            case 12 when subscription is not null:
                var coupon = dice.Pick(Coupons);
                return dice.OneIn(3)
                    ? new($"{reference} without {coupon}", () => provider.RemoveCouponAsync(reference, coupon, key, Scene.Token))
                    : new($"{reference} with {coupon}", () => provider.ApplyCouponAsync(reference, coupon, key, Scene.Token));
            case 13:
                var charge = new AddChargeRequest
                {
                    CustomerId = scene.CustomerId,
                    SubscriptionId = dice.OneIn(2) ? subscription?.Id : null,
                    Amount = Money.FromMinorUnits(dice.Roll(10_000) - 2_000, dice.OneIn(20) ? "EUR" : "USD"),
                    Description = "Extra",
                };
                return dice.OneIn(2)
                    ? new($"{charge}", () => provider.AddChargeAsync(charge, key, Scene.Token))
                    : new($"now {charge}", () => provider.ChargeNowAsync(charge, key, Scene.Token));
            case 14:
                var credit = Money.FromMinorUnits(dice.Roll(6_000) - 500, "USD");
                return new($"credit {credit}", () => provider.AddCreditAsync(scene.CustomerId, credit, "goodwill", key, Scene.Token));
            case 15 when invoice is not null:
                var action = (InvoiceAction)dice.Roll(5);
                var refund = Money.FromMinorUnits(dice.Roll(3_000), "USD");
                return dice.OneIn(4)
                    ? new($"refund {refund} of {invoice.Id}", () => provider.RefundAsync(scene.CustomerId, invoice.Id, refund, key, Scene.Token))
                    : new($"{action} {invoice.Id}", () => provider.ActOnInvoiceAsync(scene.CustomerId, invoice.Id, action, key, Scene.Token));
            case 16:
                var usage = new UsageRequest(scene.CustomerId, ConformanceCatalog.Calls, dice.Roll(5_000), scene.Now.AddMinutes(-dice.Roll(90)), dice.OneIn(4) ? "again" : key);
                return new($"{usage}", () => provider.RecordUsageAsync(usage, Scene.Token));
            default:
                return null;
        }
    }

    public static ChangeSubscriptionRequest Change(Scene scene, Subscription subscription, ref Dice dice)
    {
        var planKey = dice.OneIn(2) ? dice.Pick(Plans) : subscription.PlanKey;
        var hasYear = planKey == ConformanceCatalog.Pro;
        var change = new SubscriptionChange
        {
            PlanKey = planKey,
            Interval = hasYear && dice.OneIn(2) ? BillingInterval.Yearly : BillingInterval.Monthly,
            Seats = dice.Roll(6),
            AddOns = new Dictionary<string, long> { [ConformanceCatalog.Support] = hasYear || planKey == ConformanceCatalog.Free ? 0 : dice.Roll(3) },
            Proration = (Proration)dice.Roll(3),
            Timing = (ChangeTiming)(dice.OneIn(4) ? 1 : 0),
        };
        return scene.Change(subscription, change);
    }

    private static CreateSubscriptionRequest Subscription(Scene scene, CustomerSnapshot known, ref Dice dice)
    {
        var name = dice.OneIn(3) ? "side" : "default";
        var planKey = dice.Pick(Plans);
        var isFree = planKey == ConformanceCatalog.Free;
        return scene.Request(planKey, seats: dice.Roll(5)) with
        {
            Name = name,
            TrialEnd = !isFree && dice.OneIn(3) ? scene.Now.AddHours(1 + dice.Roll(1_000)) : null,
            WhenNoPaymentMethod = (TrialEndBehavior)dice.Roll(3),
            BillingCycleAnchor = !isFree && dice.OneIn(6) ? scene.Now.AddHours(dice.Roll(800)) : null,
            Proration = (Proration)dice.Roll(2),
            Coupons = !isFree && dice.OneIn(4) ? [dice.Pick(Coupons)] : [],
            InvoiceDueInDays = dice.OneIn(6) ? dice.Roll(40) : null,
            Replaces = known.Subscriptions.LastOrDefault(subscription => subscription.Name == name && subscription.Status == SubscriptionStatus.Incomplete)?.Id,
        };
    }
}
