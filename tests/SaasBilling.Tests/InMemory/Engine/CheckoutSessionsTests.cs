using SaasBilling.InMemory.Engine;
using SaasBilling.Providers;

namespace SaasBilling.Tests.InMemory.Engine;

public sealed class CheckoutSessionsTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly CheckoutOptions Options = new() { SuccessUrl = new Uri("https://app.example/paid?x=1"), CancelUrl = new Uri("https://app.example/plans") };

    private readonly CheckoutSessions _sessions = new();

    [Fact]
    public void Open_AbsoluteSuccessUrl_LeadsToOurPageOnThatSite()
    {
        var form = _sessions.Open(Request(), Options, Start);

        Assert.Equal(new CheckoutSession("cs_000001", new Uri("https://app.example/billing/checkout/cs_000001"), Start.AddHours(24)), form.ToSession());
        Assert.Equal(CheckoutStatus.Open, form.Status);
    }

    [Fact]
    public void Open_RelativeSuccessUrl_LeadsToARelativePage()
    {
        var form = _sessions.Open(Request(), Options with { SuccessUrl = new Uri("/paid", UriKind.Relative) }, Start);

        Assert.Equal(new Uri("/billing/checkout/cs_000001", UriKind.Relative), form.Url);
    }

    // B-5: two open checkouts became two subscriptions.
    [Fact]
    public void Open_SameCustomerAndName_ExpiresTheOlderForm()
    {
        var older = _sessions.Open(Request(), Options, Start);
        var newer = _sessions.Open(Request(), Options, Start.AddMinutes(1));

        Assert.Equal(CheckoutStatus.Expired, _sessions.Find("acme", older.Id, Start.AddMinutes(1)).Status);
        Assert.Equal(newer, _sessions.FindOpen(newer.Id, Start.AddMinutes(1)));
        Assert.Equal("cs_000002", newer.Id);
    }

    [Theory]
    [InlineData("acme", "addon")]
    [InlineData("globex", "default")]
    public void Open_OtherCustomerOrName_LeavesTheOlderFormOpen(string customerId, string name)
    {
        var older = _sessions.Open(Request(), Options, Start);
        _sessions.Open(Request(customerId, name), Options, Start);

        Assert.Equal(older, _sessions.FindOpen(older.Id, Start));
    }

    [Fact]
    public void Open_AfterTheOlderWasPaid_LeavesItPaid()
    {
        var older = _sessions.Open(Request(), Options, Start);
        _sessions.Submitted(older.Id, "sub_000001", paid: true);
        _sessions.Open(Request(), Options, Start);

        Assert.Equal(older with { Status = CheckoutStatus.Complete, SubscriptionId = "sub_000001" }, _sessions.Find("acme", older.Id, Start));
    }

    [Fact]
    public void FindOpen_After24Hours_HasExpired()
    {
        var form = _sessions.Open(Request(), Options, Start);
        _sessions.FindOpen(form.Id, Start.AddHours(24).AddSeconds(-1));

        var refusal = Assert.Throws<BillingException>(() => _sessions.FindOpen(form.Id, Start.AddHours(24)));

        Assert.Equal(BillingErrorCode.InvalidState, refusal.Code);
        Assert.Equal("The checkout session 'cs_000001' has expired: 24 hours passed, a newer one took its place, or the customer was deleted. Create another one.", refusal.Message);
        Assert.Equal(CheckoutStatus.Expired, _sessions.Find("acme", form.Id, Start.AddHours(24)).Status);
    }

    [Fact]
    public void FindOpen_PaidForm_IsRefused()
    {
        var form = _sessions.Open(Request(), Options, Start);
        _sessions.Submitted(form.Id, "sub_000001", paid: true);

        var refusal = Assert.Throws<BillingException>(() => _sessions.FindOpen(form.Id, Start));

        Assert.Equal(BillingErrorCode.InvalidState, refusal.Code);
        Assert.Equal("The checkout session 'cs_000001' was paid already. Nothing more is to be submitted; call CompleteCheckoutAsync for its subscription.", refusal.Message);
    }

    [Fact]
    public void Submitted_Unpaid_CanBeSubmittedAgainAndReplacesTheAttempt()
    {
        var form = _sessions.Open(Request() with { Replaces = "sub_000000" }, Options, Start);
        Assert.Equal("sub_000000", form.RequestAt(Start).Replaces);

        _sessions.Submitted(form.Id, "sub_000001", paid: false);

        Assert.Equal("sub_000001", _sessions.FindOpen(form.Id, Start).RequestAt(Start).Replaces);
        _sessions.Submitted(form.Id, "sub_000002", paid: true);
        Assert.Equal(("sub_000002", CheckoutStatus.Complete), (_sessions.Find("acme", form.Id, Start).SubscriptionId, _sessions.Find("acme", form.Id, Start).Status));
    }

    [Fact]
    public void RequestAt_SubmittedHoursLater_GivesTheWholeTrialFromThen()
    {
        var form = _sessions.Open(Request() with { TrialEnd = Start.AddDays(14) }, Options, Start);

        Assert.Equal(Start.AddDays(14).AddHours(5), form.RequestAt(Start.AddHours(5)).TrialEnd);
        Assert.Null(_sessions.Open(Request(), Options, Start).RequestAt(Start.AddHours(5)).TrialEnd);
    }

    [Theory]
    [InlineData("acme", "cs_000009")]
    [InlineData("globex", "cs_000001")]
    public void Find_NoSuchSessionOfThisCustomer_IsRefused(string customerId, string id)
    {
        _sessions.Open(Request(), Options, Start);

        var refusal = Assert.Throws<BillingException>(() => _sessions.Find(customerId, id, Start));

        Assert.Equal(BillingErrorCode.InvalidArgument, refusal.Code);
        Assert.Equal($"There is no checkout session '{id}' of this customer. Use the id that CreateCheckoutAsync returned, for the customer for whom it was made.", refusal.Message);
    }

    [Fact]
    public void Find_After30Days_IsForgotten()
    {
        var form = _sessions.Open(Request(), Options, Start);
        _sessions.Submitted(form.Id, "sub_000001", paid: true);
        Assert.Equal("sub_000001", _sessions.Find("acme", form.Id, Start.AddDays(30).AddSeconds(-1)).SubscriptionId);

        Assert.Throws<BillingException>(() => _sessions.Find("acme", form.Id, Start.AddDays(30)));
        Assert.Equal("cs_000002", _sessions.Open(Request(), Options, Start.AddDays(30)).Id);
    }

    [Fact]
    public void Open_LongAfterAnOlderOneOfTheSameName_IsNotForgottenWithIt()
    {
        var older = _sessions.Open(Request(), Options, Start);
        var newer = _sessions.Open(Request(), Options, Start.AddDays(29).AddHours(12));
        var later = Start.AddDays(30);

        Assert.Throws<BillingException>(() => _sessions.Find("acme", older.Id, later));
        _sessions.Open(Request(), Options, later);
        Assert.Equal(CheckoutStatus.Expired, _sessions.Find("acme", newer.Id, later).Status);
    }

    [Fact]
    public void ExpireAllOf_ADeletedCustomer_LeavesTheFormsOfOthers()
    {
        var first = _sessions.Open(Request(), Options, Start);
        var second = _sessions.Open(Request(name: "addon"), Options, Start);
        var other = _sessions.Open(Request("globex"), Options, Start);

        _sessions.ExpireAllOf("acme");

        Assert.Equal(CheckoutStatus.Expired, _sessions.Find("acme", first.Id, Start).Status);
        Assert.Equal(CheckoutStatus.Expired, _sessions.Find("acme", second.Id, Start).Status);
        Assert.Equal(other, _sessions.FindOpen(other.Id, Start));
    }

    private static CreateSubscriptionRequest Request(string customerId = "acme", string name = "default") => new()
    {
        CustomerId = customerId,
        Name = name,
        PlanKey = "pro",
        Items = [new("pro/usd/month", 1)],
        Interval = BillingInterval.Monthly,
        Currency = Currency.Of("USD"),
    };
}
