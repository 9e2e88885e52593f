namespace SaasBilling.Tests.Billing;

public sealed class TrialStoryTests
{
    [Fact]
    public async Task A_trial_with_a_card_converts_and_is_charged_an_hour_after_its_end()
    {
        await using var app = new BillingApp();
        var trial = await app.Acme.StartTrialAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });
        Assert.Equal(SubscriptionStatus.Trialing, trial.Status);
        Assert.Equal(new BillingPeriod(BillingApp.Start, BillingApp.Start.AddDays(14)), trial.Trial);
        Assert.Equal((true, AccessReason.Trial), Granted(await app.Acme.GetAccessAsync()));

        await app.DaysAsync(14);
        Assert.Equal(SubscriptionStatus.Active, (await app.Acme.GetSubscriptionAsync())!.Status);
        Assert.Equal(InvoiceStatus.Draft, (await app.Acme.GetInvoicesAsync())[0].Status);
        await app.HoursAsync(1);

        var invoice = (await app.Acme.GetInvoicesAsync())[0];
        Assert.Equal((InvoiceStatus.Paid, Money.Of(29m, "USD")), (invoice.Status, invoice.AmountPaid));
        Assert.Equal((true, AccessReason.Subscribed), Granted(await app.Acme.GetAccessAsync()));
        Assert.Equal(
            ["CustomerCreated", "PaymentMethodAdded", "TrialStarted", "InvoiceFinalized", "InvoicePaid", "AccessGranted", "TrialEnding", "SubscriptionActivated", "InvoiceFinalized", "InvoicePaid", "TrialConverted"],
            (await app.HistoryAsync()).Where(name => name != "InvoiceUpcoming"));
    }

    [Fact]
    public async Task Every_event_reaches_the_hook_once_and_in_order()
    {
        await using var app = new BillingApp();
        await app.Acme.StartTrialAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });
        await app.DaysAsync(100);

        Assert.Equal((await app.Acme.GetHistoryAsync()).Select(billingEvent => billingEvent.Id), app.Heard.Select(billingEvent => billingEvent.Id));
        Assert.Equal(app.Heard.Count, app.Heard.Select(billingEvent => billingEvent.Id).Distinct().Count());
    }

    [Theory]
    [InlineData("pro", SubscriptionStatus.Canceled, AccessReason.TrialExpired, "TrialExpired,SubscriptionCanceled,AccessRestricted")]
    [InlineData("patient", SubscriptionStatus.Paused, AccessReason.Paused, "TrialExpired,SubscriptionPaused,AccessRestricted")]
    public async Task A_trial_without_a_card_ends_as_the_plan_says(string plan, SubscriptionStatus status, AccessReason reason, string events)
    {
        await using var app = new BillingApp();
        var trial = await app.Acme.StartTrialAsync(plan);
        await app.Simulator.AdvanceToAsync(trial.Trial!.End.AddSeconds(-1));
        var ending = await app.EventsOfAsync(() => app.Simulator.AdvanceAsync(TimeSpan.FromSeconds(1)));

        Assert.Equal(events.Split(',').Order(), ending.Order());
        Assert.Equal(status, (await app.Acme.GetSubscriptionAsync())!.Status);
        Assert.Equal((false, reason), Granted(await app.Acme.GetAccessAsync()));
        Assert.Equal(0, (await app.Acme.GetInvoicesAsync()).Sum(invoice => invoice.AmountPaid.MinorUnits));
    }

    [Fact]
    public async Task A_trial_without_a_card_that_ends_in_an_invoice_is_past_due_when_that_is_finalized()
    {
        await using var app = new BillingApp();
        await app.Acme.StartTrialAsync("trusting");
        await app.DaysAsync(7);
        Assert.Equal(SubscriptionStatus.Active, (await app.Acme.GetSubscriptionAsync())!.Status);
        await app.HoursAsync(1);

        Assert.Equal(SubscriptionStatus.PastDue, (await app.Acme.GetSubscriptionAsync())!.Status);
        Assert.Equal("no_payment_method", (await app.Acme.GetInvoicesAsync())[0].LastDeclineCode);
        Assert.Equal((true, AccessReason.GracePeriod), Granted(await app.Acme.GetAccessAsync()));
    }

    [Fact]
    public async Task A_paused_trial_goes_on_once_there_is_a_card()
    {
        await using var app = new BillingApp();
        await app.Acme.StartTrialAsync("patient");
        await app.DaysAsync(9);
        await app.RefusedAsync(
            BillingErrorCode.InvalidState,
            "Subscription 'default' of customer 'acme' was paused because its trial ended without a payment method, and there still is none. Call AddPaymentMethodAsync first.",
            () => app.Acme.ResumeAsync());

        await app.Acme.AddPaymentMethodAsync(TestPaymentMethods.Visa);
        var resumed = await app.Acme.ResumeAsync();

        Assert.Equal(SubscriptionStatus.Active, resumed.Status);
        Assert.Equal(app.Now, resumed.CurrentPeriod.Start);
        Assert.Equal(Money.Of(49m, "USD"), (await app.Acme.GetInvoicesAsync())[0].AmountPaid);
    }

    /// <summary>B-6: canceling and subscribing again gives no new trial.</summary>
    [Fact]
    public async Task The_ledger_of_trials_outlives_the_subscription()
    {
        await using var app = new BillingApp();
        await app.Acme.StartTrialAsync("pro");
        await app.Acme.CancelAsync(new() { Timing = CancelTiming.Immediately });

        await app.RefusedAsync(
            BillingErrorCode.TrialAlreadyUsed,
            "Customer 'acme' had a trial of plan 'pro' from 2026-01-01 00:00:00Z on. Call SubscribeAsync, or set SaasBillingOptions.OneTrialPerCustomer to false.",
            () => app.Acme.StartTrialAsync("pro"));
        await app.RefusedAsync(
            BillingErrorCode.TrialAlreadyUsed,
            "Customer 'acme' had a trial of plan 'pro' from 2026-01-01 00:00:00Z on. Call SubscribeAsync, or set SaasBillingOptions.OneTrialPerCustomer to false.",
            () => app.Billing.For("acme", "second").StartTrialAsync("patient"));

        var subscription = await app.Acme.SubscribeAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });
        Assert.Equal((SubscriptionStatus.Active, null), (subscription.Status, subscription.Trial));
    }

    [Fact]
    public async Task The_option_allows_a_trial_each_time()
    {
        await using var app = new BillingApp(options: billing => billing.OneTrialPerCustomer = false);
        await app.Acme.StartTrialAsync("pro");
        await app.Acme.CancelAsync(new() { Timing = CancelTiming.Immediately });

        Assert.Equal(SubscriptionStatus.Trialing, (await app.Acme.SubscribeAsync("pro")).Status);
    }

    [Fact]
    public async Task A_plan_that_requires_a_card_does_not_start_without_one()
    {
        await using var app = new BillingApp();
        const string Message = "The trial of plan 'careful' needs a payment method, and customer 'acme' has none. Pass a PaymentMethodToken, call AddPaymentMethodAsync first, or send the customer through CreateCheckoutAsync.";
        await app.RefusedAsync(BillingErrorCode.InvalidState, Message, () => app.Acme.StartTrialAsync("careful"));
        await app.RefusedAsync(BillingErrorCode.InvalidState, Message, () => app.Acme.SubscribeAsync("careful"));

        Assert.Equal(SubscriptionStatus.Trialing, (await app.Acme.StartTrialAsync("careful", new() { PaymentMethodToken = TestPaymentMethods.Visa })).Status);
    }

    [Fact]
    public async Task A_trial_can_be_as_long_as_the_caller_says()
    {
        await using var app = new BillingApp();
        Assert.Equal(app.Now.AddDays(30), (await app.Billing.For("a").StartTrialAsync("pro", new() { Days = 30 })).Trial!.End);
        Assert.Equal(app.Now.AddDays(730), (await app.Billing.For("b").StartTrialAsync("pro", new() { EndsAt = app.Now.AddDays(730) })).Trial!.End);
        Assert.Equal(app.Now.AddDays(3), (await app.Billing.For("c").StartTrialAsync("team", new() { Days = 3, Seats = 4 })).Trial!.End);
    }

    [Fact]
    public async Task Extending_a_trial_and_setting_it_back_gives_an_equal_subscription()
    {
        await using var app = new BillingApp();
        var trial = await app.Acme.StartTrialAsync("pro");
        var longer = await app.Acme.ExtendTrialAsync(trial.Trial!.End.AddDays(7));
        var back = await app.Acme.ExtendTrialAsync(trial.Trial.End);

        Assert.Equal(trial.Trial.End.AddDays(7), longer.CurrentPeriod.End);
        Assert.Equal(trial, back);
    }

    [Fact]
    public async Task A_trial_can_be_shortened_and_its_reminder_moves_with_it()
    {
        await using var app = new BillingApp();
        await app.Acme.StartTrialAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });
        await app.Acme.ExtendTrialAsync(BillingApp.Start.AddDays(5));
        await app.DaysAsync(2);

        Assert.Contains("TrialEnding", await app.HistoryAsync());
        await app.DaysAsync(3);
        Assert.Equal(SubscriptionStatus.Active, (await app.Acme.GetSubscriptionAsync())!.Status);
    }

    [Fact]
    public async Task Free_time_on_an_active_subscription_moves_the_anchor_and_charges_nothing()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        await app.DaysAsync(10);
        var free = await app.Acme.ExtendTrialAsync(app.Now.AddDays(60));

        Assert.Equal((SubscriptionStatus.Trialing, app.Now.AddDays(60)), (free.Status, free.BillingCycleAnchor));
        await app.DaysAsync(59);
        Assert.Single(await app.Acme.GetInvoicesAsync());
        await app.DaysAsync(2);
        Assert.Equal(Money.Of(29m, "USD"), (await app.Acme.GetInvoicesAsync())[0].AmountPaid);
    }

    [Fact]
    public async Task Ending_a_trial_charges_at_once()
    {
        await using var app = new BillingApp();
        await app.Acme.StartTrialAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });
        await app.DaysAsync(2);
        var events = await app.EventsOfAsync(() => app.Acme.EndTrialAsync());

        Assert.Equal(["SubscriptionActivated", "InvoiceFinalized", "InvoicePaid", "TrialConverted"], events);
        Assert.Equal(Money.Of(29m, "USD"), (await app.Acme.GetInvoicesAsync())[0].AmountPaid);
        Assert.Equal(app.Now, (await app.Acme.GetSubscriptionAsync())!.CurrentPeriod.Start);
    }

    [Fact]
    public async Task Ending_a_trial_without_a_card_does_what_the_plan_says_or_is_refused()
    {
        await using var app = new BillingApp();
        await app.Billing.For("a").StartTrialAsync("pro");
        await app.Billing.For("b").StartTrialAsync("patient");
        await app.Billing.For("acme").StartTrialAsync("trusting");

        Assert.Equal(SubscriptionStatus.Canceled, (await app.Billing.For("a").EndTrialAsync()).Status);
        Assert.Equal(SubscriptionStatus.Paused, (await app.Billing.For("b").EndTrialAsync()).Status);
        await app.RefusedAsync(
            BillingErrorCode.InvalidState,
            "Customer 'acme' has no payment method, so that the invoice of the trial's end could not be paid. Call AddPaymentMethodAsync first.",
            () => app.Acme.EndTrialAsync());
    }

    [Fact]
    public async Task A_canceled_trial_is_never_charged_and_reminds_nobody()
    {
        await using var app = new BillingApp();
        var trial = await app.Acme.StartTrialAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });
        var canceled = await app.Acme.CancelAsync();
        Assert.Equal((SubscriptionStatus.Trialing, trial.Trial!.End), (canceled.Status, canceled.CancelsAt));
        Assert.True((await app.Acme.GetAccessAsync()).IsGranted);
        await app.DaysAsync(20);

        Assert.Equal(SubscriptionStatus.Canceled, (await app.Acme.GetSubscriptionAsync())!.Status);
        Assert.DoesNotContain("TrialEnding", await app.HistoryAsync());
        Assert.Equal(0, (await app.Acme.GetInvoicesAsync()).Sum(invoice => invoice.AmountPaid.MinorUnits));
    }

    // B-23: the reminder must not speak of what does not happen. "-" after a plan: changed to in the trial; "+": scheduled for its end.
    [Theory]
    [InlineData("pro", false, null, "there is no payment method: the subscription will end", SubscriptionStatus.Canceled, 0)]
    [InlineData("pro", true, null, "the visa card ending in 4242 will be charged", SubscriptionStatus.Active, 29)]
    [InlineData("pro", false, 10, "an invoice will be sent", SubscriptionStatus.Active, 29)]
    [InlineData("pro", true, 10, "an invoice will be sent", SubscriptionStatus.Active, 29)]
    [InlineData("patient", false, null, "there is no payment method: the subscription will be paused", SubscriptionStatus.Paused, 0)]
    [InlineData("trusting", false, null, "there is no payment method: an invoice will be open", SubscriptionStatus.PastDue, 49)]
    [InlineData("team", false, null, "there is no payment method: the subscription will end", SubscriptionStatus.Canceled, 0)]
    [InlineData("pro-patient", false, null, "there is no payment method: the subscription will be paused", SubscriptionStatus.Paused, 0)]
    [InlineData("patient-trusting", false, null, "there is no payment method: an invoice will be open", SubscriptionStatus.PastDue, 49)]
    [InlineData("trusting-team", false, null, "there is no payment method: the subscription will end", SubscriptionStatus.Canceled, 0)]
    [InlineData("pro+patient", false, null, "there is no payment method: the subscription will be paused", SubscriptionStatus.Paused, 0)]
    [InlineData("pro-free", false, null, "the plan is free: nothing will be charged", SubscriptionStatus.Active, 0)]
    [InlineData("pro+free", true, null, "the plan is free: nothing will be charged", SubscriptionStatus.Active, 0)]
    public async Task B23_what_the_reminder_says_is_what_happens(string plans, bool card, int? dueInDays, string explanation, SubscriptionStatus status, int invoiced)
    {
        await using var app = new BillingApp();
        var plan = plans.Split('-', '+');
        await app.Acme.StartTrialAsync(plan[0], new() { Days = 7, InvoiceDueInDays = dueInDays, PaymentMethodToken = card ? TestPaymentMethods.Visa : null });
        if (plan.Length > 1)
            await app.Acme.ChangeAsync(new() { PlanKey = plan[1], Timing = plans.Contains('+', StringComparison.Ordinal) ? ChangeTiming.AtPeriodEnd : ChangeTiming.Immediately });

        await app.DaysAsync(7);
        await app.HoursAsync(1);

        Assert.Equal(explanation, Assert.Single(app.Heard.OfType<TrialEnding>()).Explanation);
        Assert.Equal(status, (await app.Acme.GetSubscriptionAsync())!.Status);
        Assert.Equal(Money.Of(invoiced, "USD"), (await app.Acme.GetInvoicesAsync())[0].Total);
    }

    [Fact]
    public async Task A_trial_of_a_free_plan_asks_for_no_card()
    {
        await using var app = new BillingApp();
        await app.Acme.StartTrialAsync("pro");
        Assert.Equal(NextStep.AddPaymentMethod, (await app.Acme.CheckAsync("projects")).NextStep);

        await app.Acme.ChangeAsync(new() { PlanKey = "free" });

        Assert.Equal(NextStep.None, (await app.Acme.CheckAsync("projects", 0)).NextStep);
    }

    private static (bool, AccessReason) Granted(AccessSnapshot access) => (access.IsGranted, access.Reason);
}
