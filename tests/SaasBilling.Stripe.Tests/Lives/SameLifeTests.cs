using SaasBilling.Stripe.Http;
using SaasBilling.Tests.Billing;

namespace SaasBilling.Stripe.Tests.Lives;

/// <summary>The same life on the embedded engine and on Stripe: the same events, the same end, the same money.</summary>
public sealed class SameLifeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_trial_without_a_card_that_expires_and_somebody_who_comes_back() => SameAsync(async (acme, pass) =>
    {
        await acme.StartTrialAsync("pro");
        await pass(20);
        await acme.AddPaymentMethodAsync(TestPaymentMethods.Visa);
        await acme.SubscribeAsync("pro");
        await pass(40);
    });

    [Fact]
    public Task A_trial_with_a_card_that_converts_renews_and_ends() => SameAsync(async (acme, pass) =>
    {
        await acme.StartTrialAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });
        await pass(50);
        await acme.CancelAsync();
        await pass(3);
        await acme.ResumeAsync();
        await pass(3);
        await acme.CancelAsync(new() { Reason = "too dear" });
        await pass(40);
    });

    [Fact]
    public Task A_card_that_fails_until_it_is_over() => SameAsync(async (acme, pass) =>
    {
        await acme.SubscribeAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa, SkipTrial = true });
        await acme.AddPaymentMethodAsync(TestPaymentMethods.DeclinedAfterAttaching);
        await pass(60);
    });

    [Fact]
    public Task A_card_that_fails_and_another_that_recovers() => SameAsync(async (acme, pass) =>
    {
        await acme.SubscribeAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa, SkipTrial = true });
        await acme.AddPaymentMethodAsync(TestPaymentMethods.DeclinedAfterAttaching);
        await pass(33);
        await acme.AddPaymentMethodAsync(TestPaymentMethods.Visa);
        await pass(30);
    });

    [Fact]
    public Task Plans_that_change_now_and_at_the_periods_end() => SameAsync(async (acme, pass) =>
    {
        await acme.SubscribeAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa, SkipTrial = true });
        await pass(10);
        await acme.ChangeAsync(new SubscriptionChange { PlanKey = "team", Seats = 3, Proration = Proration.AlwaysInvoice });
        await pass(5);
        await acme.ChangeAsync(new SubscriptionChange { PlanKey = "pro", Timing = ChangeTiming.AtPeriodEnd });
        await pass(25);
        await acme.ChangeAsync(new SubscriptionChange { PlanKey = "free" });
        await pass(40);
    });

    [Fact]
    public Task A_pause_and_charges_and_credit() => SameAsync(async (acme, pass) =>
    {
        await acme.SubscribeAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa, SkipTrial = true });
        await acme.AddChargeAsync(Money.Of(12, "USD"), "Import");
        await pass(32);
        await acme.PauseAsync();
        await pass(30);
        await acme.ResumeAsync();
        await acme.AddCreditAsync(Money.Of(10, "USD"), "sorry");
        await acme.ChargeNowAsync(Money.Of(99, "USD"), "Training");
        await pass(40);
    });

    [Fact]
    public Task A_customer_who_leaves_for_good() => SameAsync(async (acme, pass) =>
    {
        await acme.SubscribeAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa, SkipTrial = true });
        await pass(10);
        await acme.DeleteCustomerAsync();
        await pass(40);
    });

    /// <summary>Webhooks that come twice, and three times, change nothing.</summary>
    [Fact]
    public Task Webhooks_that_come_several_times() => SameAsync(LongAsync, Several(seed: 7, from: 1, to: 4));

    /// <summary>Missed webhooks are found: a third of them is lost, and each event is raised once all the same.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Webhooks_of_which_a_third_is_lost_and_reconciled(int seed)
    {
        await using var engine = new BillingApp();
        await using var stripe = await StripeApp.StartAsync(engine.Billing.Plans, Token, Several(seed, from: 0, to: 3));
        await LongAsync(engine.Acme, engine.DaysAsync);
        await LongAsync(stripe.Acme, days => stripe.PassAsync(TimeSpan.FromDays(days), Token));

        await stripe.Billing.ReconcileAsync(cancellationToken: Token);
        await stripe.PassAsync(TimeSpan.Zero, Token);

        Assert.Equal(await EndAsync(engine.Acme), await EndAsync(stripe.Acme));
        Assert.Equal(await InvoicesAsync(engine.Acme), await InvoicesAsync(stripe.Acme));
        Assert.Equal(0, (await stripe.Billing.ReconcileAsync(cancellationToken: Token)).Repaired);
        Assert.Equal(
            (await NamesAsync(engine.Acme)).Where(name => name.StartsWith("Invoice", StringComparison.Ordinal) || name.StartsWith("Payment", StringComparison.Ordinal)),
            (await NamesAsync(stripe.Acme)).Where(name => name.StartsWith("Invoice", StringComparison.Ordinal) || name.StartsWith("Payment", StringComparison.Ordinal)));
    }

    /// <summary>The same, found by the events list alone, with an endpoint that is down for days besides: only who changed is looked at.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Webhooks_of_which_a_third_is_lost_and_reconciled_by_events(int seed)
    {
        await using var engine = new BillingApp();
        var (isDown, several) = (false, Several(seed, from: 0, to: 3));
        await using var stripe = await StripeApp.StartAsync(engine.Billing.Plans, Token, () => isDown ? 0 : several());
        await stripe.Billing.For("idle").EnsureCustomerAsync(cancellationToken: Token);
        var cursor = (await stripe.Billing.ReconcileAsync(cancellationToken: Token)).Cursor;
        var reports = new List<ReconciliationReport>();

        await LongAsync(engine.Acme, engine.DaysAsync);
        await LongAsync(stripe.Acme, async days =>
        {
            for (var left = days; left > 0; left -= 10)
            {
                isDown = reports.Count % 2 == 1;
                await stripe.PassAsync(TimeSpan.FromDays(10), Token);
                isDown = false;
                reports.Add(await stripe.Billing.ReconcileAsync(new() { Cursor = cursor }, Token));
                cursor = reports[^1].Cursor;
                await stripe.PassAsync(TimeSpan.Zero, Token);
            }
        });

        Assert.All(reports, report => Assert.Equal((false, 0), (report.IsSweep, report.Failed)));
        Assert.All(reports.Skip(1), report => Assert.InRange(report.Checked, 0, 1));
        Assert.Contains(reports, report => report.Checked == 0);
        Assert.Contains(reports, report => report.Repaired == 1);
        Assert.Contains(reports.SelectMany(report => report.Drift), drift => drift.CustomerId == "acme" && drift.Ours != drift.Theirs && drift.Since is not null);
        Assert.Equal(await EndAsync(engine.Acme), await EndAsync(stripe.Acme));
        Assert.Equal(await InvoicesAsync(engine.Acme), await InvoicesAsync(stripe.Acme));
        Assert.Equal((2, 0, true), await SweptAsync(stripe));
        Assert.Equal(
            (await NamesAsync(engine.Acme)).Where(name => name.StartsWith("Invoice", StringComparison.Ordinal) || name.StartsWith("Payment", StringComparison.Ordinal)),
            (await NamesAsync(stripe.Acme)).Where(name => name.StartsWith("Invoice", StringComparison.Ordinal) || name.StartsWith("Payment", StringComparison.Ordinal)));
    }

    private static async Task<(int, int, bool)> SweptAsync(StripeApp stripe)
    {
        var report = await stripe.Billing.ReconcileAsync(cancellationToken: Token);
        return (report.Checked, report.Repaired, report.IsSweep);
    }

    /// <summary>What somebody does in Stripe's dashboard or portal is seen, and is an event as if it had been done here.</summary>
    [Fact]
    public async Task A_click_in_the_portal_is_seen()
    {
        await using var engine = new BillingApp();
        await using var stripe = await StripeApp.StartAsync(engine.Billing.Plans, Token);
        var subscription = await stripe.Acme.SubscribeAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa, SkipTrial = true }, Token);

        await stripe.Stripe.PostAsync($"/v1/subscriptions/{subscription.Id}", new StripeForm().Add("cancel_at_period_end", true).Add("cancellation_details[comment]", "too dear"), "portal-1", Token);
        await stripe.PassAsync(TimeSpan.FromHours(1), Token);

        Assert.Equal((subscription.CurrentPeriod.End, "too dear"), ((await stripe.Acme.GetSubscriptionAsync(Token))!.CancelsAt, (await stripe.Acme.GetSubscriptionAsync(Token))!.CancellationReason));
        Assert.Single(await stripe.Acme.GetHistoryAsync(Token), billingEvent => billingEvent is CancellationScheduled);
    }

    private static async Task LongAsync(ICustomerBilling acme, Func<double, Task> pass)
    {
        await acme.StartTrialAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });
        await pass(50);
        await acme.ChangeAsync(new SubscriptionChange { PlanKey = "team", Seats = 2, Proration = Proration.AlwaysInvoice });
        await acme.AddPaymentMethodAsync(TestPaymentMethods.DeclinedAfterAttaching);
        await pass(30);
        await acme.AddPaymentMethodAsync(TestPaymentMethods.Mastercard);
        await pass(40);
    }

    private static Func<int> Several(int seed, int from, int to)
    {
        var chance = new Random(seed);
        return () => chance.Next(from, to);
    }

    private static async Task<IEnumerable<string>> NamesAsync(ICustomerBilling customer) =>
        (await customer.GetHistoryAsync(Token)).Select(billingEvent => billingEvent.GetType().Name).Order(StringComparer.Ordinal);

    private static async Task SameAsync(Func<ICustomerBilling, Func<double, Task>, Task> live, Func<int>? times = null)
    {
        await using var engine = new BillingApp();
        await using var stripe = await StripeApp.StartAsync(engine.Billing.Plans, Token, times);

        await live(engine.Acme, engine.DaysAsync);
        await live(stripe.Acme, days => stripe.PassAsync(TimeSpan.FromDays(days), Token));

        Assert.NotEqual(0, stripe.Rung);
        Assert.InRange((await engine.Acme.GetHistoryAsync(Token)).Count, 5, 100);
        Assert.Equal(await HistoryAsync(engine.Acme), await HistoryAsync(stripe.Acme));
        Assert.Equal(await EndAsync(engine.Acme), await EndAsync(stripe.Acme));
        Assert.Equal(await InvoicesAsync(engine.Acme), await InvoicesAsync(stripe.Acme));
    }

    private static async Task<IEnumerable<string>> HistoryAsync(ICustomerBilling customer) =>
        (await customer.GetHistoryAsync(Token)).OrderBy(billingEvent => billingEvent.OccurredAt).ThenBy(billingEvent => billingEvent.GetType().Name, StringComparer.Ordinal)
            .Select(billingEvent => $"{billingEvent.OccurredAt:MM-dd HH:mm} {billingEvent.GetType().Name}");

    private static async Task<string> EndAsync(ICustomerBilling customer)
    {
        var subscription = await customer.GetSubscriptionAsync(Token);
        var access = await customer.GetAccessAsync(Token);
        return $"{subscription?.Status} {subscription?.PlanKey} {subscription?.CurrentPeriod} {subscription?.EndedAt:O} {access.IsGranted} {access.Reason} {(await customer.GetCustomerAsync(Token))?.CreditBalance is { IsZero: false }}";
    }

    private static async Task<IEnumerable<string>> InvoicesAsync(ICustomerBilling customer) => (await customer.GetInvoicesAsync(Token))
        .Select(invoice => $"{invoice.CreatedAt:MM-dd HH:mm} {invoice.Status} {invoice.Reason} {invoice.Total} {invoice.AmountPaid} {invoice.Failures.Count} {string.Join(",", invoice.Lines.Select(line => line.PriceKey))}");
}
