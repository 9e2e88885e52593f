namespace SaasBilling.Tests.Billing;

public sealed class CheckoutStoryTests
{
    private static readonly CheckoutOptions Options = new() { SuccessUrl = new("https://acme.test/ok"), CancelUrl = new("https://acme.test/no") };

    [Fact]
    public async Task A_paid_form_starts_the_subscription()
    {
        await using var app = new BillingApp();
        var session = await app.Acme.CreateCheckoutAsync("team", Options with { Seats = 3, Coupons = ["half"] });
        Assert.Null(await app.Acme.CompleteCheckoutAsync(session.Id));
        Assert.Null(await app.Acme.GetSubscriptionAsync());
        await app.Simulator.SubmitCheckoutAsync(session.Id, TestPaymentMethods.Visa);
        var subscription = await app.Acme.CompleteCheckoutAsync(session.Id);

        Assert.Equal((SubscriptionStatus.Active, "team", 3), (subscription!.Status, subscription.PlanKey, subscription.Items[0].Quantity));
        Assert.Equal(Money.Of(15m, "USD"), Assert.Single(await app.Acme.GetInvoicesAsync()).AmountPaid);
    }

    /// <summary>B-9: the success page and the doorbell take the same road; running both is harmless, in either order.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Completing_twice_is_harmless(bool doorbellFirst)
    {
        await using var app = new BillingApp();
        var session = await app.Acme.CreateCheckoutAsync("team", Options);
        await app.Simulator.SubmitCheckoutAsync(session.Id, TestPaymentMethods.Visa);
        if (doorbellFirst)
            await app.Road.RefreshAsync("acme", CancellationToken.None);
        var first = await app.Acme.CompleteCheckoutAsync(session.Id);
        var state = await app.StateAsync();
        await app.Road.RefreshAsync("acme", CancellationToken.None);
        var second = await app.Acme.CompleteCheckoutAsync(session.Id);

        Assert.Equal(first, second);
        Assert.Same(state, await app.StateAsync());
        Assert.Single(await app.HistoryAsync(), "SubscriptionActivated");
    }

    /// <summary>B-5: one open form for a customer and a name; the older expires.</summary>
    [Fact]
    public async Task A_second_form_expires_the_first()
    {
        await using var app = new BillingApp();
        var older = await app.Acme.CreateCheckoutAsync("team", Options);
        await app.HoursAsync(1);
        var newer = await app.Acme.CreateCheckoutAsync("team", Options);
        var refused = await Assert.ThrowsAsync<BillingException>(() => app.Simulator.SubmitCheckoutAsync(older.Id, TestPaymentMethods.Visa));
        Assert.Equal(BillingErrorCode.InvalidState, refused.Code);
        await app.Simulator.SubmitCheckoutAsync(newer.Id, TestPaymentMethods.Visa);

        Assert.Null(await app.Acme.CompleteCheckoutAsync(older.Id));
        Assert.NotNull(await app.Acme.CompleteCheckoutAsync(newer.Id));
        Assert.Single((await app.StateAsync())!.Subscriptions);
    }

    [Fact]
    public async Task The_plans_trial_starts_with_the_card_on_file()
    {
        await using var app = new BillingApp();
        var session = await app.Acme.CreateCheckoutAsync("careful", Options);
        await app.HoursAsync(5);
        await app.Simulator.SubmitCheckoutAsync(session.Id, TestPaymentMethods.Visa);
        var subscription = await app.Acme.CompleteCheckoutAsync(session.Id);

        Assert.Equal((SubscriptionStatus.Trialing, app.Now.AddDays(7)), (subscription!.Status, subscription.Trial!.End));
        Assert.Single(await app.Acme.GetPaymentMethodsAsync());
    }

    [Fact]
    public async Task A_form_for_what_is_there_already_is_refused()
    {
        await using var app = new BillingApp();
        await app.SubscribedAsync();

        await app.RefusedAsync(
            BillingErrorCode.AlreadySubscribed,
            "Customer 'acme' already has a subscription 'default', to plan 'pro', which is Active. Change it with ChangeAsync, or give the second one another name: billing.For(\"acme\", \"another-name\").",
            () => app.Acme.CreateCheckoutAsync("team", Options));
    }

    [Fact]
    public async Task The_customers_own_page_has_an_address()
    {
        await using var app = new BillingApp();
        var url = await app.Acme.CreatePortalUrlAsync(new("https://acme.test/settings"));

        Assert.Equal("https://acme.test/billing/portal?customer=acme", url.OriginalString);
        Assert.NotNull(await app.Acme.GetCustomerAsync());
    }
}
