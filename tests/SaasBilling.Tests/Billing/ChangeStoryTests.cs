namespace SaasBilling.Tests.Billing;

public sealed class ChangeStoryTests
{
    /// <summary>B-26: accepting a quote charges exactly its lines.</summary>
    [Theory]
    [InlineData(Proration.AlwaysInvoice)]
    [InlineData(Proration.CreateProrations)]
    [InlineData(Proration.None)]
    public async Task A_quote_is_what_is_charged_to_the_cent(Proration proration)
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        await app.DaysAsync(10.123);
        var quote = await app.Acme.QuoteChangeAsync(new() { PlanKey = "team", Seats = 7, Proration = proration });
        await app.Simulator.AdvanceAsync(TimeSpan.FromMinutes(59));
        var before = await app.Acme.GetInvoicesAsync();
        var changed = await app.Acme.ChangeAsync(quote);

        Assert.Equal("team", changed.PlanKey);
        Assert.Equal(proration == Proration.None ? 0 : 2, quote.Lines.Count);
        if (proration == Proration.AlwaysInvoice)
        {
            var invoice = (await app.Acme.GetInvoicesAsync())[0];
            Assert.Equal((quote.DueNow, InvoiceStatus.Paid), (invoice.AmountPaid, invoice.Status));
            Assert.Equal(quote.Lines, invoice.Lines);
        }
        else
        {
            Assert.Equal(Money.Zero("USD"), quote.DueNow);
            Assert.Equal(before.Count, (await app.Acme.GetInvoicesAsync()).Count);
        }

        await app.Simulator.AdvanceToAsync(changed.CurrentPeriod.End.AddHours(1));
        var next = (await app.Acme.GetInvoicesAsync())[0];
        Assert.Equal(quote.NextInvoice!.Total, next.Total);
        Assert.Equal(quote.NextInvoice.Lines, next.Lines);
    }

    /// <summary>B-26: a new calendar starts when the quote is accepted; what it costs was pinned before.</summary>
    [Theory]
    [InlineData("pro", "team")]
    [InlineData("api", "api_yearly")]
    [InlineData("free", "pro")]
    public async Task A_quote_that_starts_a_new_period_is_what_is_charged(string from, string to)
    {
        await using var app = new BillingApp(builder => builder.AddPlan("api_yearly", plan => plan
            .Price(200m, "USD", BillingInterval.Yearly)
            .Metered("api_calls", 0.01m, "USD", BillingInterval.Yearly)));
        await app.SubscribedAsync(from);
        if (from == "api")
            await app.Acme.RecordUsageAsync("api_calls", 300);
        await app.DaysAsync(10.123);
        var quote = await app.Acme.QuoteChangeAsync(new() { PlanKey = to, Interval = from == "free" ? null : BillingInterval.Yearly });
        await app.Simulator.AdvanceAsync(TimeSpan.FromMinutes(59));
        var changed = await app.Acme.ChangeAsync(quote);

        var invoice = (await app.Acme.GetInvoicesAsync())[0];
        Assert.Equal((quote.DueNow, InvoiceStatus.Paid), (invoice.AmountPaid, invoice.Status));
        Assert.Equal(quote.Lines.Select(line => (line.Description, line.Amount)), invoice.Lines.Select(line => (line.Description, line.Amount)));
        Assert.Equal(app.Now, changed.CurrentPeriod.Start);
    }

    [Fact]
    public async Task A_quote_for_a_new_period_is_not_for_usage_that_came_later()
    {
        await using var app = new BillingApp(builder => builder.AddPlan("api_yearly", plan => plan
            .Price(200m, "USD", BillingInterval.Yearly)
            .Metered("api_calls", 0.01m, "USD", BillingInterval.Yearly)));
        await app.SubscribedAsync("api");
        var quote = await app.Acme.QuoteChangeAsync(new() { PlanKey = "api_yearly", Interval = BillingInterval.Yearly });
        await app.Acme.RecordUsageAsync("api_calls", 300);

        Assert.Equal(BillingErrorCode.QuoteExpired, (await Assert.ThrowsAsync<BillingException>(() => app.Acme.ChangeAsync(quote))).Code);
    }

    /// <summary>What was debited for the flat price stays debited for the time, whatever kind of price takes its place.</summary>
    [Fact]
    public async Task A_change_to_seats_without_proration_and_back_costs_nothing()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        await app.DaysAsync(10);
        await app.Acme.ChangeAsync(new() { PlanKey = "team", Seats = 10, Proration = Proration.None });
        await app.DaysAsync(10);
        await app.Acme.ChangeAsync(new() { PlanKey = "pro", Proration = Proration.AlwaysInvoice });

        var invoice = (await app.Acme.GetInvoicesAsync())[0];
        Assert.Equal([Money.Of(-10.29m, "USD"), Money.Of(10.29m, "USD")], invoice.Lines.Select(line => line.Amount));
        Assert.Equal(Money.Zero("USD"), invoice.AmountDue);
    }

    [Fact]
    public async Task A_quote_is_valid_for_an_hour()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        var quote = await app.Acme.QuoteChangeAsync(new() { PlanKey = "team" });
        Assert.Equal(app.Now.AddHours(1), quote.ValidUntil);
        await app.HoursAsync(1);

        await app.RefusedAsync(
            BillingErrorCode.QuoteExpired,
            "The quote was valid until 2026-01-01 01:00:00Z, and it is 2026-01-01 01:00:00Z now. Nothing was changed. Ask for a new quote with QuoteChangeAsync.",
            () => app.Acme.ChangeAsync(quote));
    }

    /// <summary>B-26: what the quote was computed from has changed, so it fails rather than charging something else.</summary>
    [Fact]
    public async Task A_quote_for_what_has_changed_meanwhile_fails()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync("team", options: new() { Seats = 3 });
        await app.DaysAsync(15);
        var quote = await app.Acme.QuoteChangeAsync(new() { Seats = 5, Proration = Proration.AlwaysInvoice });
        await app.Acme.ChangeAsync(new SubscriptionChange { Seats = 4, Proration = Proration.AlwaysInvoice });

        await app.RefusedAsync(
            BillingErrorCode.QuoteExpired,
            $"What the quote was computed from has changed: it would now charge {(await app.Acme.QuoteChangeAsync(quote.Change)).DueNow} at once, with 2 lines, and the quote says {quote.DueNow}, with 2. Nothing was changed. Ask for a new quote with QuoteChangeAsync.",
            () => app.Acme.ChangeAsync(quote));
    }

    [Fact]
    public async Task A_quote_from_before_the_renewal_fails()
    {
        await using var app = new BillingApp(options: billing => billing.QuoteValidity = TimeSpan.FromDays(2));
        await app.SubscribedAsync();
        await app.DaysAsync(30.5);
        var quote = await app.Acme.QuoteChangeAsync(new() { PlanKey = "team" });
        await app.DaysAsync(1);

        await app.RefusedAsync(
            BillingErrorCode.QuoteExpired,
            "The quote is for 2026-01-31 12:00:00Z, which does not lie in the part of the current period that has passed: that began at 2026-02-01 00:00:00Z. Nothing was changed. Ask for a new quote with QuoteChangeAsync.",
            () => app.Acme.ChangeAsync(quote));
    }

    [Fact]
    public async Task A_change_and_its_reverse_at_one_instant_give_an_equal_subscription_and_cost_nothing()
    {
        await using var app = new BillingApp();
        var before = await app.SubscribedAsync();
        await app.DaysAsync(10);
        await app.Acme.ChangeAsync(new SubscriptionChange { PlanKey = "team", Seats = 4 });
        var back = await app.Acme.ChangeAsync(new SubscriptionChange { PlanKey = "pro" });

        Assert.Equal(before, back);
        Assert.Equal(Money.Of(29m, "USD"), (await app.Acme.PreviewNextInvoiceAsync())!.Total);
    }

    [Fact]
    public async Task A_change_in_a_trial_costs_nothing_and_keeps_the_trial()
    {
        await using var app = new BillingApp();
        var trial = await app.Acme.StartTrialAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });
        await app.DaysAsync(3);
        var quote = await app.Acme.QuoteChangeAsync(new() { PlanKey = "team", Seats = 3 });
        var changed = await app.Acme.ChangeAsync(quote);

        Assert.Equal((Money.Zero("USD"), 0), (quote.DueNow, quote.Lines.Count));
        Assert.Equal((SubscriptionStatus.Trialing, trial.Trial), (changed.Status, changed.Trial));
        await app.DaysAsync(12);
        Assert.Equal(Money.Of(30m, "USD"), (await app.Acme.GetInvoicesAsync())[0].AmountPaid);
    }

    [Fact]
    public async Task Another_interval_starts_a_new_period_that_is_charged_at_once()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        await app.DaysAsync(10);
        var quote = await app.Acme.QuoteChangeAsync(new() { Interval = BillingInterval.Yearly });
        var yearly = await app.Acme.ChangeAsync(quote);

        Assert.Equal(new BillingPeriod(app.Now, app.Now.AddYears(1)), yearly.CurrentPeriod);
        Assert.Equal(quote.DueNow, (await app.Acme.GetInvoicesAsync())[0].AmountPaid);
        Assert.InRange(quote.DueNow.Amount, 270m, 272m);
        Assert.Contains(await app.Acme.GetHistoryAsync(), raised => raised is PlanChanged { PreviousPlanKey: "pro" });
    }

    [Fact]
    public async Task From_free_to_paid_a_new_period_starts()
    {
        await using var app = new BillingApp();
        await app.Acme.AddPaymentMethodAsync(TestPaymentMethods.Visa);
        await app.Acme.SubscribeAsync("free");
        await app.DaysAsync(10);
        var paid = await app.Acme.ChangeAsync(new SubscriptionChange { PlanKey = "pro" });

        Assert.Equal((SubscriptionStatus.Active, app.Now, Currency.Of("USD")), (paid.Status, paid.CurrentPeriod.Start, paid.Currency));
        Assert.Equal(Money.Of(29m, "USD"), Assert.Single(await app.Acme.GetInvoicesAsync()).AmountPaid);
        Assert.Equal(AccessReason.Subscribed, (await app.Acme.GetAccessAsync()).Reason);
    }

    [Fact]
    public async Task From_paid_to_free_nothing_is_invoiced_any_more()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        await app.DaysAsync(10);
        var free = await app.Acme.ChangeAsync(new SubscriptionChange { PlanKey = "free" });
        await app.DaysAsync(100);

        Assert.Equal(("free", null), (free.PlanKey, free.Currency));
        Assert.Equal(AccessReason.FreePlan, (await app.Acme.GetAccessAsync()).Reason);
        Assert.Equal(Money.Of(29m, "USD").MinorUnits, (await app.Acme.GetInvoicesAsync()).Sum(invoice => invoice.AmountPaid.MinorUnits));
    }

    /// <summary>B-16: a downgrade at the end of the period, shown, with an undo.</summary>
    [Fact]
    public async Task A_downgrade_waits_for_the_periods_end()
    {
        await using var app = new BillingApp();
        var before = await app.SubscribedAsync("team", options: new() { Seats = 5 });
        await app.DaysAsync(10);
        var change = new SubscriptionChange { Seats = 2, Timing = ChangeTiming.AtPeriodEnd };
        var quote = await app.Acme.QuoteChangeAsync(change);
        var scheduled = await app.Acme.ChangeAsync(change);

        Assert.Equal((0, Money.Zero("USD"), Money.Of(20m, "USD")), (quote.Lines.Count, quote.DueNow, quote.NextInvoice!.Total));
        Assert.Equal(change, scheduled.ScheduledChange);
        Assert.Equal(before, await app.Acme.UndoScheduledChangeAsync());

        await app.Acme.ChangeAsync(change);
        await app.DaysAsync(22);
        Assert.Equal(Money.Of(20m, "USD"), (await app.Acme.GetInvoicesAsync())[0].AmountPaid);
        var after = (await app.Acme.GetSubscriptionAsync())!;
        Assert.Equal((2, null), (after.Items[0].Quantity, after.ScheduledChange));
        Assert.Single(await app.HistoryAsync(), "QuantityChanged");
    }

    [Fact]
    public async Task A_scheduled_change_back_to_what_is_drops_the_one_that_waits()
    {
        await using var app = new BillingApp();
        var before = await app.SubscribedAsync("team", options: new() { Seats = 5 });
        await app.Acme.ChangeAsync(new SubscriptionChange { Seats = 2, Timing = ChangeTiming.AtPeriodEnd });
        var kept = await app.Acme.ChangeAsync(new SubscriptionChange { Seats = 5, Timing = ChangeTiming.AtPeriodEnd });

        Assert.Equal(before, kept);
    }

    [Fact]
    public async Task A_change_of_nothing_changes_nothing()
    {
        await using var app = new BillingApp();
        var before = await app.SubscribedAsync("team", options: new() { Seats = 5 });
        var state = await app.StateAsync();
        await app.DaysAsync(1);
        var change = new SubscriptionChange { PlanKey = "team", Seats = 5, Interval = BillingInterval.Monthly, AddOns = new Dictionary<string, long>() };

        Assert.Equal(before, await app.Acme.ChangeAsync(change));
        var quote = await app.Acme.QuoteChangeAsync(change);
        Assert.Equal((0, Money.Zero("USD")), (quote.Lines.Count, quote.DueNow));
        Assert.Equal(before, await app.Acme.ChangeAsync(quote));
        Assert.Same(state, await app.StateAsync());
    }

    [Fact]
    public async Task Add_ons_are_the_full_wanted_set()
    {
        await using var app = new BillingApp();
        var before = await app.SubscribedAsync();
        await app.DaysAsync(10);
        var with = await app.Acme.ChangeAsync(new SubscriptionChange { AddOns = new Dictionary<string, long> { ["storage"] = 3 } });
        Assert.Contains(with.Items, item => item is { PriceKey: "storage/usd/month", Quantity: 3 });
        Assert.Equal(80, (await app.Acme.GetAccessAsync()).Limit("projects"));

        var seats = await app.Acme.ChangeAsync(new SubscriptionChange { PlanKey = "team", Seats = 2 });
        Assert.Contains(seats.Items, item => item is { PriceKey: "storage/usd/month", Quantity: 3 });
        await app.Acme.ChangeAsync(new SubscriptionChange { PlanKey = "pro" });
        var without = await app.Acme.ChangeAsync(new SubscriptionChange { AddOns = new Dictionary<string, long> { ["storage"] = 0 } });

        Assert.Equal(before, without);
        Assert.Equal(50, (await app.Acme.GetAccessAsync()).Limit("projects"));
    }

    [Fact]
    public async Task An_add_on_that_the_new_interval_lacks_is_refused_with_what_there_is()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync(options: new() { AddOns = new Dictionary<string, long> { ["storage"] = 1 } });

        await app.RefusedAsync(
            BillingErrorCode.InvalidArgument,
            "Add-on 'storage' has no price per year in USD, in which plan 'pro' is billed here. It is sold per month in USD.",
            () => app.Acme.ChangeAsync(new SubscriptionChange { Interval = BillingInterval.Yearly }));
    }

    [Fact]
    public async Task Seats_go_to_a_plan_that_has_them_and_are_dropped_by_one_that_has_none()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync("team", options: new() { Seats = 5 });
        Assert.Single((await app.Acme.ChangeAsync(new SubscriptionChange { PlanKey = "pro" })).Items);

        Assert.Equal(1, (await app.Acme.ChangeAsync(new SubscriptionChange { PlanKey = "team" })).Items[0].Quantity);
    }

    /// <summary>Money outcomes are state: the change stands, and what could not be charged is owed.</summary>
    [Fact]
    public async Task A_change_whose_charge_fails_stands_and_is_past_due()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        await app.Acme.AddPaymentMethodAsync(TestPaymentMethods.DeclinedAfterAttaching);
        await app.DaysAsync(10);
        var changed = await app.Acme.ChangeAsync(new SubscriptionChange { PlanKey = "team", Seats = 20, Proration = Proration.AlwaysInvoice });

        Assert.Equal(("team", SubscriptionStatus.PastDue), (changed.PlanKey, changed.Status));
        Assert.Equal("generic_decline", changed.PendingPayment!.DeclineCode);
    }

    [Fact]
    public async Task A_change_at_the_end_of_a_subscription_that_ends_is_refused()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();
        await app.Acme.CancelAsync();

        await app.RefusedAsync(
            BillingErrorCode.InvalidState,
            "Subscription 'default' of customer 'acme' ends at 2026-02-01 00:00:00Z, so that there is no next period to change. Undo the cancellation with ResumeAsync first, or change it immediately.",
            () => app.Acme.ChangeAsync(new SubscriptionChange { PlanKey = "team", Timing = ChangeTiming.AtPeriodEnd }));
    }

    /// <summary>"A null member stays as it is": as it is when the period ends, not as it was when the change was asked for.</summary>
    [Fact]
    public async Task What_is_added_while_a_change_waits_is_not_lost_at_the_periods_end()
    {
        await using var app = new BillingApp(builder => builder.AddPlan("studio", plan => plan.PricePerSeat(20m, "USD", BillingInterval.Monthly)));
        await app.SubscribedAsync("team", options: new() { Seats = 3 });
        await app.Acme.ChangeAsync(new() { PlanKey = "studio", Timing = ChangeTiming.AtPeriodEnd });
        await app.DaysAsync(10);
        var quote = await app.Acme.QuoteChangeAsync(new() { Seats = 5, AddOns = new Dictionary<string, long> { ["storage"] = 2 } });

        var changed = await app.Acme.ChangeAsync(quote);

        Assert.Equal(("team", "studio"), (changed.PlanKey, changed.ScheduledChange?.PlanKey));
        await app.Simulator.AdvanceToAsync(changed.CurrentPeriod.End.AddHours(1));
        var after = await app.Acme.GetSubscriptionAsync();
        Assert.Equal([("studio/seat/usd/month", 5L), ("storage/usd/month", 2L)], after!.Items.Select(item => (item.PriceKey, item.Quantity)));
        Assert.Null(after.ScheduledChange);
        var invoice = (await app.Acme.GetInvoicesAsync())[0];
        Assert.Equal(quote.NextInvoice!.Lines, invoice.Lines);
        Assert.Equal(Money.Of(110m, "USD"), Sum(invoice.Lines.Where(line => !line.IsProration)));
    }

    [Fact]
    public async Task A_change_to_what_was_scheduled_leaves_nothing_waiting()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync("team", options: new() { Seats = 3 });
        await app.Acme.ChangeAsync(new() { PlanKey = "pro", Timing = ChangeTiming.AtPeriodEnd });

        var changed = await app.Acme.ChangeAsync(new() { PlanKey = "pro" });

        Assert.Equal("pro", changed.PlanKey);
        Assert.Null(changed.ScheduledChange);
    }

    [Fact]
    public async Task A_change_after_which_the_waiting_one_is_impossible_is_refused()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync("pro");
        await app.Acme.ChangeAsync(new() { Interval = BillingInterval.Yearly, Timing = ChangeTiming.AtPeriodEnd });

        await app.RefusedAsync(
            BillingErrorCode.InvalidState,
            "Subscription 'default' of customer 'acme' has a change that waits for the period's end, and after this one it would not be possible. Drop it with UndoScheduledChangeAsync first. Add-on 'storage' has no price per year in USD, in which plan 'pro' is billed here. It is sold per month in USD.",
            () => app.Acme.ChangeAsync(new() { AddOns = new Dictionary<string, long> { ["storage"] = 1 } }));
    }

    private static Money Sum(IEnumerable<InvoiceLine> lines) => lines.Aggregate(Money.Zero("USD"), (sum, line) => sum + line.Amount);
}
