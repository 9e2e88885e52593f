using Microsoft.Extensions.DependencyInjection;
using SaasBilling.InMemory;
using SaasBilling.Providers;
using SaasBilling.Storage;
using SaasBilling.Tests.Billing;

namespace SaasBilling.Tests.Road;

public sealed class CustomerRoadTests
{
    private readonly FaultyStore _store = new();

    [Fact]
    public async Task A_lost_race_is_run_again_on_the_new_version()
    {
        await using var app = App();
        await app.SubscribedAsync();
        var rounds = 0;
        _store.BeforeCommit = async _ =>
        {
            if (++rounds <= 3)
                await _store.OvertakeAsync("acme");
        };
        var changed = await app.Acme.ChangeAsync(new SubscriptionChange { PlanKey = "team", Seats = 4 });

        Assert.Equal((4, "team"), (rounds, changed.PlanKey));
        var state = (await app.StateAsync())!;
        Assert.Equal(3, state.Milestones.Count);
        Assert.Single(await app.HistoryAsync(), "PlanChanged");
        Assert.Equal((await app.Acme.GetHistoryAsync()).Count, state.EventCount);
    }

    [Fact]
    public async Task A_race_that_is_always_lost_ends_in_Conflict_and_the_work_is_found_later()
    {
        await using var app = App();
        await app.SubscribedAsync();
        _store.BeforeCommit = _ => _store.OvertakeAsync("acme");
        var conflict = await Assert.ThrowsAsync<BillingException>(() => app.Acme.CancelAsync());
        Assert.Equal(BillingErrorCode.Conflict, conflict.Code);
        Assert.Equal("Customer 'acme' was changed by others 10 times while this was being written. Try again; if it goes on, look for what changes this customer all the time.", conflict.Message);

        _store.BeforeCommit = null;
        Assert.NotNull((await app.Acme.CancelAsync()).CancelsAt);
        Assert.Single(await app.HistoryAsync(), "CancellationScheduled");
    }

    /// <summary>The store was down between the provider's answer and the commit: the repetition is the same request, and is done once.</summary>
    [Theory]
    [InlineData("subscribe")]
    [InlineData("charge")]
    [InlineData("charge now")]
    [InlineData("credit")]
    [InlineData("refund")]
    [InlineData("trial")]
    [InlineData("change")]
    [InlineData("usage")]
    public async Task A_command_that_is_repeated_after_a_failed_commit_is_done_once(string command)
    {
        await using var app = App();
        await app.Acme.AddPaymentMethodAsync(TestPaymentMethods.Visa);
        if (command is "change" or "refund" or "usage")
            await app.SubscribedAsync(command == "usage" ? "api" : "pro");
        var before = await app.StateAsync();
        var invoices = await app.Acme.GetInvoicesAsync();
        _store.BeforeCommit = _ => throw new InvalidOperationException("The database is down.");
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(app, command, invoices));
        Assert.Same(before, await app.StateAsync());

        _store.BeforeCommit = null;
        if (command != "change")
            await app.HoursAsync(0.25);
        await RunAsync(app, command, invoices);

        var state = (await app.StateAsync())!;
        Assert.Equal(command == "credit" ? Money.Of(5m, "USD") : null, state.Customer.CreditBalance);
        Assert.Equal(command == "charge" ? 1 : 0, state.PendingCharges.Count);
        Assert.Equal(command is "charge" or "credit" ? 0 : 1, (await app.Acme.GetInvoicesAsync()).Count);
        Assert.Equal(command is "subscribe" or "trial" or "change" or "refund" or "usage" ? 1 : 0, state.Subscriptions.Count);
        Assert.Equal(command == "usage" ? 7 : null, command == "usage" ? (await app.Acme.CheckAsync("api_calls", 0)).Used : null);
        Assert.Equal(state.EventCount, (await app.HistoryAsync()).Count);
        Assert.Equal(await WholeAsync(app), await TruthAsync(app));
    }

    /// <summary>B-1: the answer was lost, and the trial's end, which counts from the request, makes the repetition another request to the provider.</summary>
    [Fact]
    public async Task A_start_that_the_provider_did_before_is_adopted()
    {
        InMemoryProvider? engine = null;
        await using var app = new BillingApp(builder => builder.Services.AddSingleton(services => ProviderProxy.Of(
            engine = services.GetRequiredService<InMemoryProvider>(),
            async (method, call) =>
            {
                if (method != nameof(IBillingProvider.CreateSubscriptionAsync))
                    return await call();
                if (await engine.ReadCustomerAsync("acme", null, CancellationToken.None) is { Subscriptions.Count: > 0 })
                    throw new BillingException(BillingErrorCode.Conflict, "This key was used with other parameters.");
                await call();
                throw new BillingException(BillingErrorCode.ProviderUnavailable, "The line went dead.");
            })));
        await Assert.ThrowsAsync<BillingException>(() => app.Acme.StartTrialAsync("pro"));
        Assert.Null(await app.Acme.GetSubscriptionAsync());
        await app.HoursAsync(0.1);
        var adopted = await app.Acme.StartTrialAsync("pro");

        Assert.Equal((SubscriptionStatus.Trialing, BillingApp.Start.AddDays(14)), (adopted.Status, adopted.Trial!.End));
        Assert.Equal(["CustomerCreated", "TrialStarted", "InvoiceFinalized", "InvoicePaid", "AccessGranted"], await app.HistoryAsync());
    }

    /// <summary>What a provider cannot do is said with its name and the ability's.</summary>
    [Fact]
    public async Task An_absent_ability_is_named()
    {
        await using var app = new BillingApp(builder => builder.Services.AddSingleton(services =>
            ProviderProxy.Of(services.GetRequiredService<InMemoryProvider>(), (_, call) => call())));
        Task Refused(string ability, string type, Func<Task> act) => app.RefusedAsync(
            BillingErrorCode.NotSupportedByProvider,
            $"The billing provider 'in-memory' has no {ability} ({type}). Use a provider that has one, or do without.",
            act);

        await Refused("card form", "ICheckoutProvider", () => app.Acme.CreateCheckoutAsync("pro", new() { SuccessUrl = new("https://a.test"), CancelUrl = new("https://a.test") }));
        await Refused("card form", "ICheckoutProvider", () => app.Acme.CompleteCheckoutAsync("cs_1"));
        await Refused("page for customers", "IPortalProvider", () => app.Acme.CreatePortalUrlAsync(new("https://a.test")));
        await Refused("catalog of its own", "ICatalogProvider", () => app.Billing.SyncCatalogAsync());
        await Refused("customers that were made elsewhere", "IAdoptionProvider", () => app.Acme.AdoptAsync("cus_1"));
        await Refused("way to run a customer ahead", "IForecastProvider", () => app.Acme.ForecastAsync(app.Now.AddDays(1)));
    }

    [Fact]
    public async Task The_same_command_after_its_commit_is_another_wish()
    {
        await using var app = App();
        await app.Acme.AddPaymentMethodAsync(TestPaymentMethods.Visa);
        await app.Acme.ChargeNowAsync(Money.Of(10m, "USD"), "Hour of training");
        await app.Acme.ChargeNowAsync(Money.Of(10m, "USD"), "Hour of training");

        Assert.Equal(2, (await app.Acme.GetInvoicesAsync()).Count);
    }

    /// <summary>B-2: a late snapshot of what was before never overwrites what is.</summary>
    [Fact]
    public async Task Old_news_changes_nothing()
    {
        await using var app = App();
        await app.SubscribedAsync();
        var provider = app.Services.GetRequiredService<InMemoryProvider>();
        var old = (await provider.ReadCustomerAsync("acme", null, CancellationToken.None))!;
        await app.Acme.ChangeAsync(new SubscriptionChange { PlanKey = "team", Seats = 2 });
        await app.Acme.CancelAsync();
        var state = await app.StateAsync();
        await app.Road.AbsorbAsync(old with { Since = "1" }, CancellationToken.None);

        Assert.Same(state, await app.StateAsync());
    }

    [Fact]
    public async Task A_step_that_was_never_told_is_found_by_the_next_command()
    {
        await using var app = App();
        await app.SubscribedAsync();
        var provider = app.Services.GetRequiredService<InMemoryProvider>();
        var renewal = provider.RunNext(BillingApp.Start.AddMonths(1))!;
        await app.Acme.EnsureCustomerAsync(new() { Name = "Acme" });

        Assert.Contains("SubscriptionRenewed", await app.HistoryAsync());
        var state = await app.StateAsync();
        await app.Road.AbsorbAsync(renewal, CancellationToken.None);
        Assert.Same(state, await app.StateAsync());
    }

    /// <summary>The clock may strike between two provider calls of one command; what it did is not lost.</summary>
    [Fact]
    public async Task A_step_between_two_calls_of_one_command_is_told()
    {
        InMemoryProvider? engine = null;
        await using var app = new BillingApp(builder => builder.Services.AddSingleton(services => ProviderProxy.Of(
            engine = services.GetRequiredService<InMemoryProvider>(),
            (method, call) =>
            {
                var answer = call();
                if (method == nameof(IBillingProvider.AddPaymentMethodAsync) && engine.NextDueAt is { } due)
                    engine.RunNext(due);
                return answer;
            })));
        await app.SubscribedAsync();
        await app.Billing.For("acme", "second").SubscribeAsync("team", new() { PaymentMethodToken = TestPaymentMethods.Visa });

        Assert.Contains("SubscriptionRenewed", await app.HistoryAsync());
        Assert.Equal(2, (await app.StateAsync())!.Subscriptions.Count);
    }

    /// <summary>B-18: what was made at the provider without us is adopted.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_subscription_that_the_provider_knows_alone_is_adopted(bool byReconciliation)
    {
        await using var app = App();
        var provider = app.Services.GetRequiredService<InMemoryProvider>();
        await provider.EnsureCustomerAsync(new("acme", new CustomerDetails { Name = "Acme" }), "a", CancellationToken.None);
        await provider.AddPaymentMethodAsync(new("acme", TestPaymentMethods.Visa, true), "b", CancellationToken.None);
        await provider.CreateSubscriptionAsync(
            new() { CustomerId = "acme", Name = "default", PlanKey = "pro", Items = [new("pro/usd/month", 1)], Interval = BillingInterval.Monthly, Currency = Currency.Of("USD") },
            "c",
            CancellationToken.None);
        Assert.False((await app.Acme.GetAccessAsync()).IsGranted);

        if (byReconciliation)
            Assert.Equal((1, 1, 0), await app.ReconciledAsync());
        else
            await app.Road.RefreshAsync("acme", CancellationToken.None);

        Assert.Equal("pro", (await app.Acme.GetSubscriptionAsync())!.PlanKey);
        Assert.True((await app.Acme.GetAccessAsync()).IsGranted);
        Assert.Equal(["CustomerCreated", "PaymentMethodAdded", "SubscriptionActivated", "InvoiceFinalized", "InvoicePaid", "AccessGranted"], await app.HistoryAsync());
        Assert.Equal((1, 0, 0), await app.ReconciledAsync());
    }

    /// <summary>Missed steps are found: the state equals the provider's, and each missing event is raised once.</summary>
    [Fact]
    public async Task Reconciliation_finds_what_was_missed()
    {
        await using var told = App();
        await using var missed = new BillingApp();
        foreach (var app in new[] { told, missed })
        {
            for (var i = 0; i < 10; i++)
            {
                var trial = await app.Billing.For($"customer-{i}").StartTrialAsync(i % 2 == 0 ? "pro" : "patient", i % 3 == 0 ? null : new() { PaymentMethodToken = TestPaymentMethods.Visa });
                Assert.Equal(SubscriptionStatus.Trialing, trial.Status);
            }
        }

        await told.DaysAsync(60);
        var provider = missed.Services.GetRequiredService<InMemoryProvider>();
        var until = missed.Now.AddDays(60);
        var steps = 0;
        while (provider.NextDueAt is { } due && due <= until)
        {
            // Every third step is never told.
            var snapshot = provider.RunNext(due)!;
            if (steps++ % 3 != 0)
                await missed.Road.AbsorbAsync(snapshot, CancellationToken.None);
        }

        await missed.Simulator.AdvanceToAsync(until);
        var report = await missed.Billing.ReconcileAsync();
        Assert.Equal(10, report.Checked);

        for (var i = 0; i < 10; i++)
        {
            var id = $"customer-{i}";
            Assert.Equal(await told.Billing.For(id).GetSubscriptionAsync(), await missed.Billing.For(id).GetSubscriptionAsync());
            Assert.Equal(await told.Billing.For(id).GetInvoicesAsync(), await missed.Billing.For(id).GetInvoicesAsync());
            Assert.Equal(Kinds(await told.HistoryAsync(id)), Kinds(await missed.HistoryAsync(id)));
        }

        Assert.Equal(0, (await missed.Billing.ReconcileAsync()).Repaired);

        // What was due by the clock alone ran at its time in the one, and late in the other, where time had not been told.
        static IEnumerable<string> Kinds(IEnumerable<string> history) => history.Where(name => name is not ("InvoiceUpcoming" or "TrialEnding")).Order();
    }

    /// <summary>B-1, across processes: two that do the same thing to one customer at once; the result equals some serial order.</summary>
    [Fact]
    public async Task Two_processes_on_one_customer_make_one_subscription()
    {
        await using var one = App();
        await using var other = new BillingApp(builder =>
        {
            builder.Services.AddSingleton<IBillingStore>(_store);
            builder.Services.AddSingleton<IBillingProvider>(one.Services.GetRequiredService<IBillingProvider>());
        });
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 30).Select(number => Task.Run(async () =>
        {
            try
            {
                return (await (number % 2 == 0 ? one : other).Acme.SubscribeAsync("team", new() { PaymentMethodToken = TestPaymentMethods.Visa })).Id;
            }
            catch (BillingException refused)
            {
                return refused.Code.ToString();
            }
        })));

        Assert.Single(outcomes.Distinct(), outcome => outcome != nameof(BillingErrorCode.AlreadySubscribed));
        Assert.Single((await one.StateAsync())!.Subscriptions);
        Assert.Single(await one.Acme.GetInvoicesAsync());
        Assert.Equal(["CustomerCreated", "PaymentMethodAdded", "SubscriptionActivated", "InvoiceFinalized", "InvoicePaid", "AccessGranted"], await one.HistoryAsync());
    }

    [Fact]
    public async Task No_update_is_lost_when_many_change_one_customer()
    {
        await using var one = App();
        await using var other = new BillingApp(builder =>
        {
            builder.Services.AddSingleton<IBillingStore>(_store);
            builder.Services.AddSingleton<IBillingProvider>(one.Services.GetRequiredService<IBillingProvider>());
        });
        await one.SubscribedAsync();
        await Task.WhenAll(Enumerable.Range(0, 60).Select(number => Task.Run(() => (number % 2 == 0 ? one : other).Acme.AddChargeAsync(Money.Of(1m, "USD"), $"Charge {number}"))));

        Assert.Equal(60, (await one.StateAsync())!.PendingCharges.Count);
        Assert.Equal(60, (await one.HistoryAsync()).Count(name => name == "ChargeAdded"));
        Assert.Equal(Money.Of(89m, "USD"), (await one.Acme.PreviewNextInvoiceAsync())!.Total);
    }

    [Fact]
    public async Task Canceling_before_the_turn_comes_changes_nothing()
    {
        await using var app = App();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => app.Acme.SubscribeAsync("free", cancellationToken: new CancellationToken(canceled: true)));
        Assert.Null(await app.StateAsync());
    }

    [Fact]
    public async Task Once_the_provider_has_answered_the_command_is_written_even_if_the_caller_has_gone()
    {
        await using var app = App();
        using var caller = new CancellationTokenSource();
        _store.BeforeCommit = _ => caller.CancelAsync();

        Assert.Equal(SubscriptionStatus.Active, (await app.Acme.SubscribeAsync("free", cancellationToken: caller.Token)).Status);
        Assert.NotNull(await app.StateAsync());
    }

    private BillingApp App() => new(builder => builder.Services.AddSingleton<IBillingStore>(_store));

    private static Task RunAsync(BillingApp app, string command, IReadOnlyList<Invoice> invoices) => command switch
    {
        "subscribe" => app.Acme.SubscribeAsync("team", new() { Seats = 2 }),
        "trial" => app.Acme.StartTrialAsync("pro", new() { Days = 9 }),
        "charge" => app.Acme.AddChargeAsync(Money.Of(5m, "USD"), "x"),
        "charge now" => app.Acme.ChargeNowAsync(Money.Of(5m, "USD"), "x"),
        "credit" => app.Acme.AddCreditAsync(Money.Of(5m, "USD"), "x"),
        "refund" => app.Acme.RefundAsync(invoices[0].Id, Money.Of(5m, "USD")),
        "change" => app.Acme.ChangeAsync(new SubscriptionChange { PlanKey = "team", Seats = 3 }),
        _ => app.Acme.RecordUsageAsync("api_calls", 7, "key"),
    };

    private static async Task<string> WholeAsync(BillingApp app)
    {
        var state = (await app.StateAsync())!;
        return string.Join('\n', state.Subscriptions.Select(Show).Concat((await app.Acme.GetInvoicesAsync()).Select(Show)).Concat(state.PendingCharges.Select(charge => charge.ToString())).Append(state.Customer.ToString()));
    }

    private static async Task<string> TruthAsync(BillingApp app)
    {
        var truth = (await app.Services.GetRequiredService<InMemoryProvider>().ReadCustomerAsync("acme", null, CancellationToken.None))!;
        return string.Join('\n', truth.Subscriptions.Select(Show).Concat(truth.Invoices.Reverse().Select(Show)).Concat((truth.PendingCharges ?? []).Select(charge => charge.ToString())).Append(truth.Customer.ToString()));
    }

    private static string Show(Subscription subscription) => $"{subscription.Id} {subscription.PlanKey} {subscription.Status} {string.Join(',', subscription.Items)} {subscription.CurrentPeriod}";

    private static string Show(Invoice invoice) => $"{invoice.Id} {invoice.Number} {invoice.Status} {invoice.Total} {invoice.AmountPaid} {string.Join(',', invoice.Refunds)} {string.Join(',', invoice.Lines)}";
}
