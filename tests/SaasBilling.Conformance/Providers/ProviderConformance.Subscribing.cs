using SaasBilling.Providers;

namespace SaasBilling.Conformance.Providers;

/// <content>How a subscription starts.</content>
public abstract partial class ProviderConformance
{
    /// <summary>With a card that works it is active at once, and its first invoice is paid.</summary>
    [Fact]
    public async Task CreateSubscription_CardWorks_IsActiveAndPaid()
    {
        await using var scene = await StartAsync();

        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Pro);

        var period = new BillingPeriod(StartAt, StartAt.AddMonths(1));
        Assert.Equal((SubscriptionStatus.Active, CustomerId, "default", ConformanceCatalog.Pro), (subscription.Status, subscription.CustomerId, subscription.Name, subscription.PlanKey));
        Assert.Equal((period, StartAt, StartAt), (subscription.CurrentPeriod, subscription.BillingCycleAnchor, subscription.CreatedAt));
        Assert.Equal((BillingInterval.Monthly, Currency.Of("USD")), (subscription.Interval, subscription.Currency));
        Assert.Equal((null, null, null, null), (subscription.Trial, subscription.PendingPayment, subscription.PastDueSince, subscription.CancelsAt));
        Assert.Equal([("pro/usd/month", 1L)], subscription.Items.Select(item => (item.PriceKey, item.Quantity)));

        var invoice = Assert.Single(await scene.InvoicesAsync());
        Assert.Equal((InvoiceStatus.Paid, BillingReason.SubscriptionCreate, subscription.Id), (invoice.Status, invoice.Reason, invoice.SubscriptionId));
        Assert.Equal((Usd(29), Usd(0), Usd(0), Usd(29)), (invoice.Subtotal, invoice.Discount, invoice.Tax, invoice.Total));
        Assert.Equal((Usd(29), Usd(29), 1), (invoice.AmountDue, invoice.AmountPaid, invoice.AttemptCount));
        Assert.Equal((StartAt, StartAt, StartAt, null), (invoice.CreatedAt, invoice.FinalizedAt, invoice.PaidAt, invoice.NextPaymentAttempt));
        Assert.NotNull(invoice.Number);
        var line = Assert.Single(invoice.Lines);
        Assert.Equal((Usd(29), 1L, period, false, "pro/usd/month"), (line.Amount, line.Quantity, line.Period, line.IsProration, line.PriceKey));
    }

    /// <summary>B-17: every item of a plan is there and is billed, add-ons too.</summary>
    [Fact]
    public async Task CreateSubscription_SeveralItems_BillsEachOfThem()
    {
        await using var scene = await StartAsync();
        await scene.AddCardAsync(scene.Cards.Works);

        var subscription = await scene.SubscribeAsync(scene.Request(ConformanceCatalog.Team, seats: 3, addOns: new Dictionary<string, long> { [ConformanceCatalog.Support] = 2 }));

        Assert.Equal(
            [("support/usd/month", 2L), ("team/seat/usd/month", 3L), ("team/usd/month", 1L)],
            subscription.Items.Select(item => (item.PriceKey, item.Quantity)).OrderBy(item => item.PriceKey, StringComparer.Ordinal));
        Assert.Equal([Usd(20), Usd(24), Usd(30)], Amounts((await scene.NewestInvoiceAsync()).Lines).Order());
        Assert.Equal(Usd(74), (await scene.NewestInvoiceAsync()).AmountPaid);
    }

    /// <summary>A free plan needs no card, has monthly periods, and is never invoiced.</summary>
    [Fact]
    public async Task CreateSubscription_FreePlan_IsActiveWithoutInvoices()
    {
        await using var scene = await StartAsync();

        var subscription = await scene.SubscribeAsync(scene.Request(ConformanceCatalog.Free));
        Assert.Equal((SubscriptionStatus.Active, null), (subscription.Status, subscription.Currency));
        Assert.Equal(new BillingPeriod(StartAt, StartAt.AddMonths(1)), subscription.CurrentPeriod);
        Assert.Empty(subscription.Items);
        await scene.AdvanceToAsync(StartAt.AddMonths(2).AddDays(1));

        Assert.Equal(new BillingPeriod(StartAt.AddMonths(2), StartAt.AddMonths(3)), (await scene.SubscriptionAsync(subscription.Id)).CurrentPeriod);
        Assert.Empty(await scene.InvoicesAsync());
    }

    /// <summary>Zero seats are legal: an invoice of the rest.</summary>
    [Fact]
    public async Task CreateSubscription_ZeroSeats_BillsTheRest()
    {
        await using var scene = await StartAsync();

        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Team, seats: 0);

        Assert.Equal(SubscriptionStatus.Active, subscription.Status);
        Assert.Equal(Usd(20), (await scene.NewestInvoiceAsync()).AmountPaid);
    }

    /// <summary>Two subscriptions of different names live beside one another.</summary>
    [Fact]
    public async Task CreateSubscription_OfAnotherName_LivesBesideTheFirst()
    {
        await using var scene = await StartAsync();
        var first = await scene.SubscribeAsync(ConformanceCatalog.Pro);

        var second = await scene.SubscribeAsync(scene.Request(ConformanceCatalog.Solo) with { Name = "side" });

        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(first, await scene.SubscriptionAsync(first.Id));
        Assert.Equal(["default", "side"], (await scene.ReadAsync()).Subscriptions.Select(subscription => subscription.Name).Order(StringComparer.Ordinal));
    }

    /// <summary>With no card it is incomplete, and says what is to be paid.</summary>
    [Fact]
    public async Task CreateSubscription_NoCard_IsIncompleteWithAPendingPayment()
    {
        await using var scene = await StartAsync();

        var subscription = await scene.SubscribeAsync(scene.Request(ConformanceCatalog.Pro));

        var invoice = Assert.Single(await scene.InvoicesAsync());
        Assert.Equal((SubscriptionStatus.Incomplete, InvoiceStatus.Open, Usd(0)), (subscription.Status, invoice.Status, invoice.AmountPaid));
        Assert.NotNull(subscription.PendingPayment);
        Assert.Equal((invoice.Id, Usd(29), false), (subscription.PendingPayment.InvoiceId, subscription.PendingPayment.Amount, subscription.PendingPayment.RequiresAction));
    }

    /// <summary>A decline is state, not an exception: incomplete, with the decline code.</summary>
    [Fact]
    public async Task CreateSubscription_CardDeclines_IsIncompleteWithTheDeclineCode()
    {
        await using var scene = await StartAsync();

        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Pro, card: scene.Cards.Declines);

        var invoice = Assert.Single(await scene.InvoicesAsync());
        Assert.Equal((SubscriptionStatus.Incomplete, InvoiceStatus.Open, 1), (subscription.Status, invoice.Status, invoice.AttemptCount));
        Assert.NotNull(invoice.LastDeclineCode);
        Assert.Equal((invoice.Id, invoice.LastDeclineCode, false), (subscription.PendingPayment?.InvoiceId, subscription.PendingPayment?.DeclineCode, subscription.PendingPayment?.RequiresAction));
        Assert.Equal((invoice.LastDeclineCode, StartAt), (Assert.Single(invoice.Failures).DeclineCode, invoice.Failures[0].At));
    }

    /// <summary>B-13: a new try takes the place of the incomplete one, which expires.</summary>
    [Fact]
    public async Task CreateSubscription_ReplacesAnIncompleteOne_ExpiresItAndVoidsItsInvoice()
    {
        await using var scene = await StartAsync();
        var first = await scene.SubscribeAsync(ConformanceCatalog.Pro, card: scene.Cards.Declines);
        await scene.AddCardAsync(scene.Cards.Works);

        var second = await scene.SubscribeAsync(scene.Request(ConformanceCatalog.Pro) with { Replaces = first.Id });

        Assert.Equal(SubscriptionStatus.Active, second.Status);
        Assert.Equal((SubscriptionStatus.IncompleteExpired, null), ((await scene.SubscriptionAsync(first.Id)).Status, (await scene.SubscriptionAsync(first.Id)).PendingPayment));
        Assert.Equal(
            [(first.Id, InvoiceStatus.Void), (second.Id, InvoiceStatus.Paid)],
            (await scene.InvoicesAsync()).Select(invoice => (invoice.SubscriptionId, invoice.Status)));
    }

    /// <summary>An incomplete subscription expires after 23 hours; its invoice is voided, and nothing follows.</summary>
    [Fact]
    public async Task IncompleteSubscription_NotPaidIn23Hours_Expires()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Pro, card: scene.Cards.Declines);

        await scene.AdvanceAsync(TimeSpan.FromHours(22));
        Assert.Equal(SubscriptionStatus.Incomplete, (await scene.SubscriptionAsync(subscription.Id)).Status);
        await scene.AdvanceAsync(TimeSpan.FromHours(2));

        var expired = await scene.SubscriptionAsync(subscription.Id);
        Assert.Equal((SubscriptionStatus.IncompleteExpired, false, null), (expired.Status, expired.IsLive, expired.PendingPayment));
        Assert.Equal(InvoiceStatus.Void, Assert.Single(await scene.InvoicesAsync()).Status);
        await scene.AdvanceAsync(TimeSpan.FromDays(70));
        Assert.Single(await scene.InvoicesAsync());
        Assert.Equal(expired, await scene.SubscriptionAsync(subscription.Id));
    }

    /// <summary>Another card alone changes nothing; paying the invoice activates it, with the period counted from its creation.</summary>
    [Fact]
    public async Task IncompleteSubscription_PaidWithAnotherCard_IsActiveFromItsCreation()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Pro, card: scene.Cards.Declines);
        await scene.AdvanceAsync(TimeSpan.FromHours(3));

        await scene.AddCardAsync(scene.Cards.Works);
        Assert.Equal(SubscriptionStatus.Incomplete, (await scene.SubscriptionAsync(subscription.Id)).Status);
        var paid = await scene.ActAsync(await scene.NewestInvoiceAsync(), InvoiceAction.Pay);

        var active = await scene.SubscriptionAsync(subscription.Id);
        Assert.Equal((InvoiceStatus.Paid, scene.Now), (paid.Status, paid.PaidAt));
        Assert.Equal((SubscriptionStatus.Active, null), (active.Status, active.PendingPayment));
        Assert.Equal((new BillingPeriod(StartAt, StartAt.AddMonths(1)), StartAt), (active.CurrentPeriod, active.BillingCycleAnchor));
    }

    /// <summary>A bank that asks (3-D Secure): the payment waits, and has what a page needs to let the customer answer.</summary>
    [Fact]
    public async Task CreateSubscription_BankAsks_WaitsForTheCustomer()
    {
        await using var scene = await StartAsync();

        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Pro, card: scene.Cards.AsksEveryTime);

        Assert.Equal(SubscriptionStatus.Incomplete, subscription.Status);
        Assert.NotNull(subscription.PendingPayment);
        Assert.True(subscription.PendingPayment.RequiresAction);
        Assert.True(subscription.PendingPayment.ActionUrl is not null || subscription.PendingPayment.ClientSecret is not null, "Neither ActionUrl nor ClientSecret: nobody could answer.");
        Assert.Contains((await scene.NewestInvoiceAsync()).Failures, failure => failure.RequiresAction);
    }

    /// <summary>The customer authenticates: active, with the period counted from its creation.</summary>
    [Fact]
    public async Task CreateSubscription_CustomerAuthenticates_IsActive()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Pro, card: scene.Cards.AsksEveryTime);
        await scene.AdvanceAsync(TimeSpan.FromMinutes(10));

        await scene.AnswerAsync(subscription, authenticate: true);

        var active = await scene.SubscriptionAsync(subscription.Id);
        Assert.Equal((SubscriptionStatus.Active, null, StartAt), (active.Status, active.PendingPayment, active.CurrentPeriod.Start));
        Assert.Equal((InvoiceStatus.Paid, Usd(29)), ((await scene.NewestInvoiceAsync()).Status, (await scene.NewestInvoiceAsync()).AmountPaid));
    }

    /// <summary>The customer fails to authenticate: still incomplete, and the bank waits no longer.</summary>
    [Fact]
    public async Task CreateSubscription_CustomerDoesNotAuthenticate_StaysIncomplete()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Pro, card: scene.Cards.AsksEveryTime);

        await scene.AnswerAsync(subscription, authenticate: false);

        var after = await scene.SubscriptionAsync(subscription.Id);
        Assert.Equal((SubscriptionStatus.Incomplete, false), (after.Status, after.PendingPayment?.RequiresAction));
        Assert.Equal(InvoiceStatus.Open, (await scene.NewestInvoiceAsync()).Status);
    }

    /// <summary>A card that asks once works off-session afterwards.</summary>
    [Fact]
    public async Task CreateSubscription_CardAsksOnce_RenewsWithoutAsking()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Pro, card: scene.Cards.AsksOnce);
        await scene.AnswerAsync(subscription, authenticate: true);

        await scene.AdvancePastRenewalAsync(subscription.Id);

        Assert.Equal(SubscriptionStatus.Active, (await scene.SubscriptionAsync(subscription.Id)).Status);
        Assert.Equal([InvoiceStatus.Paid, InvoiceStatus.Paid], (await scene.InvoicesAsync()).Select(invoice => invoice.Status));
    }
}
