using SaasBilling.Tests.Billing;

namespace SaasBilling.Tests.ModelBased;

/// <summary>A command of the public API, and what has to be there for it.</summary>
/// <param name="Before">Brings the customer to where the command makes sense.</param>
/// <param name="RunAsync">The command.</param>
internal sealed record Command(Func<BillingApp, Task> Before, Func<BillingApp, Task> RunAsync)
{
    public static readonly IReadOnlyDictionary<string, Command> All = new Dictionary<string, Command>
    {
        ["ensure"] = new(Nothing, app => app.Acme.EnsureCustomerAsync(new() { Name = "Acme" })),
        ["delete"] = new(Subscribed, app => app.Acme.DeleteCustomerAsync()),
        ["milestone"] = new(Nothing, app => app.Acme.RecordMilestoneAsync("imported-data")),
        ["add card"] = new(Nothing, app => app.Acme.AddPaymentMethodAsync(TestPaymentMethods.Visa)),
        ["remove card"] = new(Subscribed, app => app.Acme.RemovePaymentMethodAsync("pm_1_1")),
        ["trial"] = new(Nothing, app => app.Acme.StartTrialAsync("pro")),
        ["extend trial"] = new(InTrial, app => app.Acme.ExtendTrialAsync(BillingApp.Start.AddDays(30))),
        ["end trial"] = new(InTrial, app => app.Acme.EndTrialAsync()),
        ["free time"] = new(Subscribed, app => app.Acme.ExtendTrialAsync(BillingApp.Start.AddDays(30))),
        ["subscribe"] = new(WithCard, app => app.Acme.SubscribeAsync("team", new() { Seats = 3 })),
        ["subscribe with a card"] = new(Nothing, app => app.Acme.SubscribeAsync("team", new() { PaymentMethodToken = TestPaymentMethods.Visa, Seats = 3 })),
        ["subscribe without a card"] = new(Nothing, app => app.Acme.SubscribeAsync("team", new() { Seats = 3 })),
        ["subscribe to the free plan"] = new(Nothing, app => app.Acme.SubscribeAsync("free")),
        ["subscribe anew"] = new(Then(app => app.Acme.SubscribeAsync("team"), WithCard), app => app.Acme.SubscribeAsync("pro", new() { SkipTrial = true })),
        ["change"] = new(Subscribed, app => app.Acme.ChangeAsync(new SubscriptionChange { PlanKey = "team", Seats = 4, Proration = Proration.AlwaysInvoice })),
        ["change on the next invoice"] = new(Subscribed, app => app.Acme.ChangeAsync(new SubscriptionChange { PlanKey = "team", Seats = 4 })),
        ["change the interval"] = new(Subscribed, app => app.Acme.ChangeAsync(new SubscriptionChange { Interval = BillingInterval.Yearly })),
        ["change at the period's end"] = new(Subscribed, ChangeLater),
        ["undo the change"] = new(Then(Subscribed, ChangeLater), app => app.Acme.UndoScheduledChangeAsync()),
        ["cancel"] = new(Subscribed, app => app.Acme.CancelAsync()),
        ["cancel now"] = new(Subscribed, app => app.Acme.CancelAsync(new() { Timing = CancelTiming.Immediately, Prorate = true, InvoiceNow = true })),
        ["cancel at a date"] = new(Subscribed, app => app.Acme.CancelAsync(new() { At = BillingApp.Start.AddDays(9) })),
        ["undo the cancellation"] = new(Then(Subscribed, app => app.Acme.CancelAsync()), app => app.Acme.ResumeAsync()),
        ["pause"] = new(Subscribed, app => app.Acme.PauseAsync(new() { ResumesAt = BillingApp.Start.AddDays(9) })),
        ["resume"] = new(Then(Subscribed, app => app.Acme.PauseAsync()), app => app.Acme.ResumeAsync()),
        ["reactivate"] = new(Then(Subscribed, app => app.Acme.CancelAsync(new() { Timing = CancelTiming.Immediately })), app => app.Acme.ReactivateAsync()),
        ["charge"] = new(Subscribed, app => app.Acme.AddChargeAsync(Money.Of(5m, "USD"), "x")),
        ["charge now"] = new(Subscribed, app => app.Acme.ChargeNowAsync(Money.Of(5m, "USD"), "x")),
        ["credit"] = new(Subscribed, app => app.Acme.AddCreditAsync(Money.Of(5m, "USD"), "x")),
        ["refund"] = new(Subscribed, app => app.Acme.RefundAsync("in_1_1", Money.Of(5m, "USD"))),
        ["apply a coupon"] = new(Subscribed, app => app.Acme.ApplyCouponAsync("half")),
        ["remove a coupon"] = new(Then(Subscribed, app => app.Acme.ApplyCouponAsync("half")), app => app.Acme.RemoveCouponAsync("half")),
        ["pay"] = new(Owing, app => app.Acme.PayInvoiceAsync("in_1_1")),
        ["pay out of band"] = new(Owing, app => app.Acme.PayInvoiceAsync("in_1_1", paidOutOfBand: true)),
        ["void"] = new(Owing, app => app.Acme.VoidInvoiceAsync("in_1_1")),
        ["write off"] = new(Owing, app => app.Acme.MarkInvoiceUncollectibleAsync("in_1_1")),
        ["finalize"] = new(app => app.Acme.SubscribeAsync("team", new() { InvoiceDueInDays = 10 }), app => app.Acme.FinalizeInvoiceAsync("in_1_1")),
        ["use"] = new(app => app.SubscribedAsync("api"), app => app.Acme.RecordUsageAsync("api_calls", 7, "key")),
    };

    private static Task Nothing(BillingApp app) => Task.CompletedTask;

    private static Task WithCard(BillingApp app) => app.Acme.AddPaymentMethodAsync(TestPaymentMethods.Visa);

    private static Task Subscribed(BillingApp app) => app.SubscribedAsync();

    private static Task InTrial(BillingApp app) => app.Acme.StartTrialAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });

    private static Task ChangeLater(BillingApp app) => app.Acme.ChangeAsync(new SubscriptionChange { PlanKey = "team", Seats = 4, Timing = ChangeTiming.AtPeriodEnd });

    // An Incomplete subscription's first invoice, and by now a card that could pay it.
    private static async Task Owing(BillingApp app)
    {
        await app.Acme.SubscribeAsync("team", new() { Seats = 3, PaymentMethodToken = TestPaymentMethods.DeclinedAfterAttaching });
        await app.Acme.AddPaymentMethodAsync(TestPaymentMethods.Visa);
    }

    private static Func<BillingApp, Task> Then(Func<BillingApp, Task> first, Func<BillingApp, Task> second) => async app =>
    {
        await first(app);
        await second(app);
    };
}
