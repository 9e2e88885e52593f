using SaasBilling.Providers;

namespace SaasBilling.Conformance.Providers;

/// <summary>A mutation that can be given twice under one key.</summary>
internal sealed record Mutation(string Name, Func<Scene, Task<Func<string, Task<ProviderResult>>>> PrepareAsync)
{
    /// <summary>One of each that a provider has, with what it needs prepared.</summary>
    public static readonly IReadOnlyList<Mutation> All =
    [
        New("ensure a customer", scene => key => scene.Provider.EnsureCustomerAsync(new EnsureCustomerRequest(scene.CustomerId, new CustomerDetails { Name = "Acme" }), key, Scene.Token)),
        New("delete a customer", Subscribed(ConformanceCatalog.Pro, (scene, _) => key => scene.Provider.DeleteCustomerAsync(scene.CustomerId, key, Scene.Token))),
        New("add a payment method", scene => key => scene.Provider.AddPaymentMethodAsync(new AddPaymentMethodRequest(scene.CustomerId, scene.Cards.Works, MakeDefault: true), key, Scene.Token)),
        New("remove a payment method", async scene =>
        {
            var card = await scene.AddCardAsync(scene.Cards.Works);
            return key => scene.Provider.RemovePaymentMethodAsync(scene.CustomerId, card.Id, key, Scene.Token);
        }),
        New("create a subscription", async scene =>
        {
            await scene.AddCardAsync(scene.Cards.Works);
            return key => scene.Provider.CreateSubscriptionAsync(scene.Request(ConformanceCatalog.Pro), key, Scene.Token);
        }),
        New("create a subscription whose payment is declined", async scene =>
        {
            await scene.AddCardAsync(scene.Cards.Declines);
            return key => scene.Provider.CreateSubscriptionAsync(scene.Request(ConformanceCatalog.Pro), key, Scene.Token);
        }),
        New("change a subscription", Subscribed(ConformanceCatalog.Solo, (scene, subscription) =>
        {
            var change = scene.Change(subscription, new SubscriptionChange { PlanKey = ConformanceCatalog.Pro, Proration = Proration.AlwaysInvoice });
            return key => scene.Provider.ChangeSubscriptionAsync(change, key, Scene.Token);
        })),
        New("change a subscription with prorations on the next invoice", Subscribed(ConformanceCatalog.Solo, (scene, subscription) =>
        {
            var change = scene.Change(subscription, new SubscriptionChange { PlanKey = ConformanceCatalog.Pro });
            return key => scene.Provider.ChangeSubscriptionAsync(change, key, Scene.Token);
        })),
        New("change the interval", Subscribed(ConformanceCatalog.Pro, (scene, subscription) =>
        {
            var change = scene.Change(subscription, new SubscriptionChange { Interval = BillingInterval.Yearly });
            return key => scene.Provider.ChangeSubscriptionAsync(change, key, Scene.Token);
        })),
        New("drop a scheduled change", async scene =>
        {
            var subscription = await scene.SubscribeAsync(ConformanceCatalog.Pro);
            await scene.ChangeAsync(subscription, new SubscriptionChange { PlanKey = ConformanceCatalog.Solo, Timing = ChangeTiming.AtPeriodEnd });
            return key => scene.Provider.DropScheduledChangeAsync(Scene.Ref(subscription), key, Scene.Token);
        }),
        New("end a trial", async scene =>
        {
            await scene.AddCardAsync(scene.Cards.Works);
            var subscription = await scene.SubscribeAsync(scene.TrialRequest(ConformanceCatalog.Pro, days: 14));
            return key => scene.Provider.SetTrialEndAsync(Scene.Ref(subscription), trialEnd: null, key, Scene.Token);
        }),
        New("pause a subscription", Subscribed(ConformanceCatalog.Pro, (scene, subscription) =>
            key => scene.Provider.PauseSubscriptionAsync(Scene.Ref(subscription), new PauseOptions(), key, Scene.Token))),
        New("resume a subscription", async scene =>
        {
            var subscription = await scene.SubscribeAsync(ConformanceCatalog.Pro);
            await scene.PauseAsync(subscription);
            return key => scene.Provider.ResumeSubscriptionAsync(Scene.Ref(subscription), key, Scene.Token);
        }),
        New("resume a subscription that a trial's end paused", async scene =>
        {
            var subscription = await scene.SubscribeAsync(scene.TrialRequest(ConformanceCatalog.Pro, days: 14, TrialEndBehavior.Pause));
            await scene.AdvanceAsync(TimeSpan.FromDays(20));
            await scene.AddCardAsync(scene.Cards.Works);
            return key => scene.Provider.ResumeSubscriptionAsync(Scene.Ref(subscription), key, Scene.Token);
        }),
        New("cancel a subscription at its period's end", Subscribed(ConformanceCatalog.Pro, (scene, subscription) =>
            key => scene.Provider.CancelSubscriptionAsync(Scene.Ref(subscription), new CancelOptions(), key, Scene.Token))),
        New("cancel a subscription now", Subscribed(ConformanceCatalog.Pro, (scene, subscription) =>
            key => scene.Provider.CancelSubscriptionAsync(Scene.Ref(subscription), new CancelOptions { Timing = CancelTiming.Immediately, Prorate = true }, key, Scene.Token))),
        New("apply a coupon", Subscribed(ConformanceCatalog.Pro, (scene, subscription) =>
            key => scene.Provider.ApplyCouponAsync(Scene.Ref(subscription), ConformanceCatalog.OnlyOne, key, Scene.Token))),
        New("remove a coupon", async scene =>
        {
            var subscription = await scene.SubscribeAsync(ConformanceCatalog.Pro);
            await scene.ApplyCouponAsync(subscription, ConformanceCatalog.FiveForever);
            return key => scene.Provider.RemoveCouponAsync(Scene.Ref(subscription), ConformanceCatalog.FiveForever, key, Scene.Token);
        }),
        New("add a charge", scene => key => scene.Provider.AddChargeAsync(Charge(scene), key, Scene.Token)),
        New("charge now", async scene =>
        {
            await scene.AddCardAsync(scene.Cards.Works);
            return key => scene.Provider.ChargeNowAsync(Charge(scene), key, Scene.Token);
        }),
        New("charge now and be declined", async scene =>
        {
            await scene.AddCardAsync(scene.Cards.Declines);
            return key => scene.Provider.ChargeNowAsync(Charge(scene), key, Scene.Token);
        }),
        New("add credit", scene => key => scene.Provider.AddCreditAsync(scene.CustomerId, Money.Of(10, "USD"), "goodwill", key, Scene.Token)),
        New("refund", async scene =>
        {
            await scene.AddCardAsync(scene.Cards.Works);
            var invoice = await scene.ChargeNowAsync(Money.Of(30, "USD"), "Training");
            return key => scene.Provider.RefundAsync(scene.CustomerId, invoice.Id, Money.Of(10, "USD"), key, Scene.Token);
        }),
        New("pay an invoice", Open(InvoiceAction.Pay)),
        New("pay an invoice out of band", Open(InvoiceAction.PayOutOfBand)),
        New("void an invoice", Open(InvoiceAction.Void)),
        New("write an invoice off", Open(InvoiceAction.MarkUncollectible)),
        New("finalize an invoice", async scene =>
        {
            var subscription = await scene.SubscribeAsync(ConformanceCatalog.Pro);
            await scene.AdvanceToAsync(subscription.CurrentPeriod.End.AddMinutes(5));
            var draft = await scene.NewestInvoiceAsync();
            return key => scene.Provider.ActOnInvoiceAsync(scene.CustomerId, draft.Id, InvoiceAction.Finalize, key, Scene.Token);
        }),
        New("record usage", Subscribed(ConformanceCatalog.Metered, (scene, _) =>
        {
            var at = scene.Now;
            return key => scene.Provider.RecordUsageAsync(new UsageRequest(scene.CustomerId, ConformanceCatalog.Calls, 100, at, key), Scene.Token);
        })),
    ];

    private static Mutation New(string name, Func<Scene, Task<Func<string, Task<ProviderResult>>>> prepareAsync) => new(name, prepareAsync);

    private static Mutation New(string name, Func<Scene, Func<string, Task<ProviderResult>>> prepare) => new(name, scene => Task.FromResult(prepare(scene)));

    private static Func<Scene, Task<Func<string, Task<ProviderResult>>>> Subscribed(string planKey, Func<Scene, Subscription, Func<string, Task<ProviderResult>>> then) => async scene =>
    {
        var subscription = await scene.SubscribeAsync(planKey);
        await scene.AdvanceAsync(TimeSpan.FromDays(10));
        return then(scene, subscription);
    };

    private static Func<Scene, Task<Func<string, Task<ProviderResult>>>> Open(InvoiceAction action) => async scene =>
    {
        await scene.AddCardAsync(scene.Cards.Declines);
        var invoice = await scene.ChargeNowAsync(Money.Of(30, "USD"), "Training");
        await scene.AddCardAsync(scene.Cards.Works);
        return key => scene.Provider.ActOnInvoiceAsync(scene.CustomerId, invoice.Id, action, key, Scene.Token);
    };

    private static AddChargeRequest Charge(Scene scene) => new() { CustomerId = scene.CustomerId, Amount = Money.Of(30, "USD"), Description = "Training" };
}
