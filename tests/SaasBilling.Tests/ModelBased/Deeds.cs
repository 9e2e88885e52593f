using SaasBilling.Tests.Billing;

namespace SaasBilling.Tests.ModelBased;

/// <summary>Does what a deed says through the public API, sensible or not.</summary>
internal static class Deeds
{
    private static readonly string[] Plans = ["pro", "team", "api", "free", "patient", "trusting", "careful", "euro"];

    private static readonly string[] Cards =
    [
        TestPaymentMethods.Visa, TestPaymentMethods.Mastercard, TestPaymentMethods.DeclinedAfterAttaching, TestPaymentMethods.RequiresAuthentication,
        TestPaymentMethods.RequiresAuthenticationOnce, TestPaymentMethods.Disputed, TestPaymentMethods.ThreeDSecureThenDeclined,
    ];

    private static readonly string[] Coupons = ["half", "welcome", "early", "teams", "first", "bienvenue"];

    /// <summary>All that can happen, waiting most of all.</summary>
    public static readonly (int Weight, DeedKind Kind)[] All =
    [
        (8, DeedKind.Wait), (4, DeedKind.AddCard), (1, DeedKind.RemoveCard), (3, DeedKind.StartTrial), (5, DeedKind.Subscribe), (4, DeedKind.Change),
        (1, DeedKind.UndoChange), (3, DeedKind.Cancel), (3, DeedKind.Resume), (2, DeedKind.Pause), (2, DeedKind.Reactivate), (1, DeedKind.AddCharge),
        (1, DeedKind.ChargeNow), (1, DeedKind.AddCredit), (3, DeedKind.PayInvoice), (1, DeedKind.EndInvoice), (1, DeedKind.Refund), (1, DeedKind.ApplyCoupon),
        (1, DeedKind.RemoveCoupon), (2, DeedKind.ExtendTrial), (2, DeedKind.EndTrial), (1, DeedKind.RecordUsage), (2, DeedKind.AnswerBank), (1, DeedKind.ReachMilestone),
    ];

    public static async Task<object?> DoAsync(BillingApp app, ICustomerBilling customer, Deed deed)
    {
        var pick = deed.Pick;
        switch (deed.Kind)
        {
            case DeedKind.Wait:
                await app.HoursAsync(Pick(pick, 1, 2, 12, 23, 24, 72, 100, 336, 744, 1_440));
                return null;
            case DeedKind.AddCard:
                return await customer.AddPaymentMethodAsync(Pick(pick, Cards), pick % 4 != 1);
            case DeedKind.RemoveCard:
                return await customer.GetPaymentMethodsAsync() is { Count: > 0 } cards ? await RemoveAsync(customer, cards[pick % cards.Count]) : null;
            case DeedKind.StartTrial:
                return await customer.StartTrialAsync(Pick(pick, Plans), new() { Days = pick % 3 == 0 ? 1 + (pick % 20) : null, Interval = Yearly(pick) });
            case DeedKind.Subscribe:
                return await customer.SubscribeAsync(Pick(pick, Plans), new()
                {
                    SkipTrial = pick % 2 == 0,
                    Seats = Pick(pick, Plans) == "team" ? 1 + (pick % 4) : 1,
                    Interval = Yearly(pick),
                    InvoiceDueInDays = pick % 11 == 0 ? 10 : null,
                    Coupons = pick % 13 == 0 ? ["half"] : null,
                });
            case DeedKind.Change:
                return await customer.ChangeAsync(new SubscriptionChange
                {
                    PlanKey = pick % 3 == 0 ? null : Pick(pick, Plans),
                    Seats = pick % 3 == 0 || Pick(pick, Plans) == "team" ? 1 + (pick % 5) : null,
                    Interval = Yearly(pick),
                    Proration = Pick(pick, Proration.CreateProrations, Proration.None, Proration.AlwaysInvoice),
                    Timing = pick % 4 == 1 ? ChangeTiming.AtPeriodEnd : ChangeTiming.Immediately,
                });
            case DeedKind.UndoChange:
                return await customer.UndoScheduledChangeAsync();
            case DeedKind.Cancel:
                return await customer.CancelAsync(new()
                {
                    Timing = pick % 3 == 0 ? CancelTiming.Immediately : CancelTiming.AtPeriodEnd,
                    At = pick % 5 == 4 && pick % 3 != 0 ? app.Now.AddDays(1 + (pick % 50)) : null,
                    Prorate = pick % 4 == 0,
                    InvoiceNow = pick % 9 == 0,
                });
            case DeedKind.Resume:
                return await customer.ResumeAsync();
            case DeedKind.Pause:
                return await customer.PauseAsync(new()
                {
                    Behavior = Pick(pick, PauseBehavior.Void, PauseBehavior.KeepAsDraft, PauseBehavior.MarkUncollectible),
                    ResumesAt = pick % 2 == 0 ? app.Now.AddDays(1 + (pick % 40)) : null,
                });
            case DeedKind.Reactivate:
                return await customer.ReactivateAsync();
            case DeedKind.AddCharge:
                return await customer.AddChargeAsync(Money.Of(pick % 3 == 0 ? -4m : 12m, "USD"), "Extra");
            case DeedKind.ChargeNow:
                return await customer.ChargeNowAsync(Money.Of(7m, "USD"), "Training");
            case DeedKind.AddCredit:
                await customer.AddCreditAsync(Money.Of(15m, "USD"), "Sorry");
                return null;
            case DeedKind.PayInvoice:
                return await InvoiceAsync(customer, pick) is { } owed ? await customer.PayInvoiceAsync(owed.Id, pick % 5 == 0) : null;
            case DeedKind.EndInvoice:
                return await InvoiceAsync(customer, pick) is not { } ended ? null : await (pick % 3 == 0
                    ? customer.VoidInvoiceAsync(ended.Id)
                    : pick % 3 == 1 ? customer.MarkInvoiceUncollectibleAsync(ended.Id) : customer.FinalizeInvoiceAsync(ended.Id));
            case DeedKind.Refund:
                return await InvoiceAsync(customer, pick) is { } paid ? await customer.RefundAsync(paid.Id, pick % 2 == 0 ? Money.Of(1m, "USD") : null) : null;
            case DeedKind.ApplyCoupon:
                return await customer.ApplyCouponAsync(Pick(pick, Coupons));
            case DeedKind.RemoveCoupon:
                return await customer.RemoveCouponAsync(Pick(pick, Coupons));
            case DeedKind.ExtendTrial:
                return await customer.ExtendTrialAsync(app.Now.AddDays(1 + (pick % 40)));
            case DeedKind.EndTrial:
                return await customer.EndTrialAsync();
            case DeedKind.RecordUsage:
                await customer.RecordUsageAsync(Pick(pick, "api_calls", "projects"), pick % 900);
                return null;
            case DeedKind.AnswerBank:
                await app.Simulator.AnswerPaymentActionAsync(deed.CustomerId, pick % 3 != 0, customer.SubscriptionName);
                return null;
            default:
                await customer.RecordMilestoneAsync($"step-{pick % 3}");
                return null;
        }
    }

    public static T Pick<T>(int pick, params ReadOnlySpan<T> from) => from[pick / 3 % from.Length];

    private static async Task<object?> RemoveAsync(ICustomerBilling customer, PaymentMethod card)
    {
        await customer.RemovePaymentMethodAsync(card.Id);
        return null;
    }

    private static BillingInterval? Yearly(int pick) => pick % 17 == 0 ? BillingInterval.Yearly : pick % 19 == 0 ? BillingInterval.Monthly : null;

    private static async Task<Invoice?> InvoiceAsync(ICustomerBilling customer, int pick) =>
        await customer.GetInvoicesAsync() is { Count: > 0 } invoices ? invoices[pick % 2 == 0 ? 0 : pick % invoices.Count] : null;
}
