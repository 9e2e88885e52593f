using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;

namespace SaasBilling.Tests.ModelBased;

/// <summary>Random lives on the engine and on <see cref="NaiveBilling"/>, compared after each deed.</summary>
public sealed class NaiveBillingTests
{
    private const decimal Basic = 10m;
    private const decimal Pro = 30m;

    private static readonly DateTimeOffset Start = new(2027, 1, 31, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_life_is_what_a_plain_model_says() => Prop.ForAll(
        Deed.Lives(
            (8, DeedKind.Wait),
            (3, DeedKind.AddCard),
            (2, DeedKind.StartTrial),
            (3, DeedKind.Subscribe),
            (2, DeedKind.Change),
            (2, DeedKind.Cancel),
            (2, DeedKind.Resume),
            (2, DeedKind.EndTrial),
            (3, DeedKind.PayInvoice)),
        deeds =>
        {
            LiveAsync(deeds).GetAwaiter().GetResult();
        }).Check(LongTests.Config(lives: 150, deeds: 40));

    private static async Task LiveAsync(Deed[] deeds)
    {
        var services = new ServiceCollection();
        services.AddSaasBilling()
            .AddPlan("basic", plan => plan.Price(Basic, "USD", BillingInterval.Monthly).Trial(days: 14))
            .AddPlan("pro", plan => plan.Price(Pro, "USD", BillingInterval.Monthly))
            .UseInMemory(options => options.StartAt = Start);
        await using var provider = services.BuildServiceProvider();
        var simulator = provider.GetRequiredService<BillingSimulator>();
        var acme = provider.GetRequiredService<IBilling>().For("acme");
        var model = new NaiveBilling(Start);
        var story = new List<string>();
        foreach (var deed in deeds)
        {
            if (await DoAsync(deed, model, acme, simulator) is not { } told)
                continue;

            story.Add(told);
            Assert.True(await Shown(acme) == Shown(model), $"{string.Join('\n', story)}\nmodel:   {Shown(model)}\nbilling: {await Shown(acme)}");
        }
    }

    private static async Task<string?> DoAsync(Deed deed, NaiveBilling model, ICustomerBilling acme, BillingSimulator simulator)
    {
        var (plan, price) = deed.Pick % 2 == 0 ? ("basic", Basic) : ("pro", Pro);
        switch (deed.Kind)
        {
            case DeedKind.Wait:
                var hours = deed.Pick % 3 == 0 ? deed.Pick % 30 : deed.Pick % 900;
                model.Pass(hours);
                await simulator.AdvanceAsync(TimeSpan.FromHours(hours));
                return $"wait {hours} h";
            case DeedKind.AddCard:
                model.CardWorks = deed.Pick % 3 != 0;
                await acme.AddPaymentMethodAsync(model.CardWorks == true ? TestPaymentMethods.Visa : TestPaymentMethods.DeclinedAfterAttaching);
                return $"a card that works: {model.CardWorks}";
            case DeedKind.StartTrial when model.CanStartTrial:
                model.StartTrial(Basic);
                await acme.StartTrialAsync("basic");
                return "start the trial";
            case DeedKind.Subscribe when !model.IsRunning:
                model.Subscribe(price);
                await acme.SubscribeAsync(plan, new() { SkipTrial = true });
                return $"subscribe to {plan}";
            case DeedKind.Change when model.Status is SubscriptionStatus.Active or SubscriptionStatus.PastDue:
                model.Change(price);
                await acme.ChangeAsync(new SubscriptionChange { PlanKey = plan, Proration = Proration.None });
                return $"change to {plan}";
            case DeedKind.Cancel when model.IsRunning && deed.Pick % 3 == 0:
                model.CancelNow();
                await acme.CancelAsync(new() { Timing = CancelTiming.Immediately });
                return "cancel now";
            case DeedKind.Cancel when model.IsRunning:
                model.CancelAtPeriodEnd();
                await acme.CancelAsync();
                return "cancel at the period's end";
            case DeedKind.Resume when model.IsRunning && model.EndsWithPeriod:
                model.Resume();
                await acme.ResumeAsync();
                return "go on after all";
            case DeedKind.EndTrial when model.Status == SubscriptionStatus.Trialing && !model.EndsWithPeriod:
                model.EndTrial();
                await acme.EndTrialAsync();
                return "end the trial";
            case DeedKind.PayInvoice when model.OwesForNewest && model.CardWorks is not null:
                model.PayNewest();
                await acme.PayInvoiceAsync((await acme.GetInvoicesAsync())[0].Id);
                return "pay the newest invoice";
            default:
                return null;
        }
    }

    private static string Shown(NaiveBilling model) => Shown(
        model.Status,
        model.IsRunning ? model.Period : null,
        model.IsAccessGranted,
        model.Collected,
        model.CountOf);

    private static async Task<string> Shown(ICustomerBilling acme)
    {
        var subscription = await acme.GetSubscriptionAsync();
        var invoices = await acme.GetInvoicesAsync();
        var isRunning = subscription?.Status is SubscriptionStatus.Trialing or SubscriptionStatus.Active or SubscriptionStatus.PastDue;
        return Shown(
            subscription?.Status,
            isRunning ? (subscription!.CurrentPeriod.Start, subscription.CurrentPeriod.End) : null,
            (await acme.GetAccessAsync()).IsGranted,
            invoices.Where(invoice => invoice.Status == InvoiceStatus.Paid).Sum(invoice => invoice.AmountPaid.Amount),
            status => invoices.Count(invoice => invoice.Status == status));
    }

    private static string Shown(SubscriptionStatus? status, (DateTimeOffset Start, DateTimeOffset End)? period, bool isGranted, decimal collected, Func<InvoiceStatus, int> countOf) => string.Create(
        CultureInfo.InvariantCulture,
        $"{status?.ToString() ?? "nothing"} {period?.Start:u}..{period?.End:u}, access {isGranted}, collected {collected:0.00}, {countOf(InvoiceStatus.Draft)} drafts, {countOf(InvoiceStatus.Open)} open, {countOf(InvoiceStatus.Paid)} paid, {countOf(InvoiceStatus.Void)} void");
}
