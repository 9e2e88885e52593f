using SaasBilling.Providers;

namespace SaasBilling.Conformance.Providers;

/// <content>What not every provider can do.</content>
public abstract partial class ProviderConformance
{
    private static readonly CheckoutOptions Checkout = new() { SuccessUrl = new Uri("https://app.example/paid"), CancelUrl = new Uri("https://app.example/plans") };

    /// <summary>An open card form has an address and an end, and nothing is sold before it is paid.</summary>
    [Fact]
    public async Task Checkout_Open_SellsNothingYet()
    {
        await using var scene = await StartAsync();
        var provider = Capability<ICheckoutProvider>(scene);

        var session = await provider.CreateCheckoutAsync(scene.Request(ConformanceCatalog.Pro), Checkout, scene.NewKey(), Scene.Token);

        Assert.NotEmpty(session.Id);
        Assert.NotEmpty(session.Url.OriginalString);
        Assert.InRange(session.ExpiresAt, scene.Now.AddMinutes(30), scene.Now.AddHours(24));
        Assert.Null((await provider.ReadCheckoutAsync(CustomerId, session.Id, Scene.Token)).Id);
        Assert.Empty((await scene.ReadAsync()).Subscriptions);
    }

    /// <summary>B-9: paid, it is a subscription with the card on file, whoever asks first.</summary>
    [Fact]
    public async Task Checkout_Paid_IsASubscriptionWithTheCardOnFile()
    {
        await using var scene = await StartAsync();
        var provider = Capability<ICheckoutProvider>(scene);
        var session = await provider.CreateCheckoutAsync(scene.Request(ConformanceCatalog.Team, seats: 3), Checkout, scene.NewKey(), Scene.Token);

        await scene.Harness.SubmitCheckoutAsync(session.Id, scene.Cards.Works, Scene.Token);

        var (first, second) = (await provider.ReadCheckoutAsync(CustomerId, session.Id, Scene.Token), await provider.ReadCheckoutAsync(CustomerId, session.Id, Scene.Token));
        Assert.NotNull(first.Id);
        Assert.Equal(first.Id, second.Id);
        var subscription = await scene.SubscriptionAsync(first.Id);
        Assert.Equal((SubscriptionStatus.Active, ConformanceCatalog.Team), (subscription.Status, subscription.PlanKey));
        Assert.Equal(Usd(44), Assert.Single(await scene.InvoicesAsync()).AmountPaid);
        Assert.True(Assert.Single((await scene.ReadAsync()).PaymentMethods!).IsDefault);
    }

    /// <summary>A card that is refused leaves the form open for another one.</summary>
    [Fact]
    public async Task Checkout_CardIsRefused_StaysOpen()
    {
        await using var scene = await StartAsync();
        var provider = Capability<ICheckoutProvider>(scene);
        var session = await provider.CreateCheckoutAsync(scene.Request(ConformanceCatalog.Pro), Checkout, scene.NewKey(), Scene.Token);

        var refusal = await RefusedAsync(() => scene.Harness.SubmitCheckoutAsync(session.Id, scene.Cards.Rejected, Scene.Token));
        Assert.Equal((BillingErrorCode.ProviderRejected, scene.Cards.RejectedDeclineCode), (refusal.Code, refusal.DeclineCode));
        Assert.Null((await provider.ReadCheckoutAsync(CustomerId, session.Id, Scene.Token)).Id);
        await scene.Harness.SubmitCheckoutAsync(session.Id, scene.Cards.Works, Scene.Token);

        Assert.NotNull((await provider.ReadCheckoutAsync(CustomerId, session.Id, Scene.Token)).Id);
        Assert.Single((await scene.ReadAsync()).Subscriptions, subscription => subscription.IsLive);
    }

    /// <summary>B-5: of two card forms for the same customer and name only the newer can be paid.</summary>
    [Fact]
    public async Task Checkout_OpenedTwice_ExpiresTheOlder()
    {
        await using var scene = await StartAsync();
        var provider = Capability<ICheckoutProvider>(scene);
        var older = await provider.CreateCheckoutAsync(scene.Request(ConformanceCatalog.Solo), Checkout, scene.NewKey(), Scene.Token);
        var newer = await provider.CreateCheckoutAsync(scene.Request(ConformanceCatalog.Pro), Checkout, scene.NewKey(), Scene.Token);

        await RefusedAsync(() => scene.Harness.SubmitCheckoutAsync(older.Id, scene.Cards.Works, Scene.Token));
        await scene.Harness.SubmitCheckoutAsync(newer.Id, scene.Cards.Works, Scene.Token);

        Assert.Equal(ConformanceCatalog.Pro, Assert.Single((await scene.ReadAsync()).Subscriptions).PlanKey);
    }

    /// <summary>The same form under the same key; and after its end it can no longer be paid.</summary>
    [Fact]
    public async Task Checkout_Expired_CannotBePaid()
    {
        await using var scene = await StartAsync();
        var provider = Capability<ICheckoutProvider>(scene);
        var session = await provider.CreateCheckoutAsync(scene.Request(ConformanceCatalog.Pro), Checkout, "one key", Scene.Token);
        Assert.Equal(session, await provider.CreateCheckoutAsync(scene.Request(ConformanceCatalog.Pro), Checkout, "one key", Scene.Token));

        await scene.AdvanceToAsync(session.ExpiresAt.AddHours(1));

        await RefusedAsync(() => scene.Harness.SubmitCheckoutAsync(session.Id, scene.Cards.Works, Scene.Token));
        Assert.Null((await provider.ReadCheckoutAsync(CustomerId, session.Id, Scene.Token)).Id);
        Assert.Empty((await scene.ReadAsync()).Subscriptions);
    }

    /// <summary>A session that does not exist, or is somebody else's, is refused.</summary>
    [Fact]
    public async Task Checkout_Unknown_IsRefused()
    {
        await using var scene = await StartAsync();
        var provider = Capability<ICheckoutProvider>(scene);
        var other = new Scene(scene.Harness, scene.Catalog, "globex");
        await other.EnsureCustomerAsync();
        var session = await provider.CreateCheckoutAsync(scene.Request(ConformanceCatalog.Pro), Checkout, scene.NewKey(), Scene.Token);

        Assert.Equal(BillingErrorCode.InvalidArgument, (await RefusedAsync(() => provider.ReadCheckoutAsync(CustomerId, "cs_nothing", Scene.Token))).Code);
        Assert.Equal(BillingErrorCode.InvalidArgument, (await RefusedAsync(() => provider.ReadCheckoutAsync("globex", session.Id, Scene.Token))).Code);
    }

    /// <summary>A portal has an address.</summary>
    [Fact]
    public async Task Portal_HasAnAddress()
    {
        await using var scene = await StartAsync();
        var provider = Capability<IPortalProvider>(scene);

        Assert.NotEmpty((await provider.CreatePortalUrlAsync(CustomerId, new Uri("https://app.example/account"), Scene.Token)).OriginalString);
    }

    /// <summary>The catalogue can be synchronized at every start: the second time there is nothing to do.</summary>
    [Fact]
    public async Task SyncCatalog_Twice_HasNothingToDoTheSecondTime()
    {
        await using var scene = await OpenAsync();
        var provider = Capability<ICatalogProvider>(scene);

        await provider.SyncCatalogAsync(scene.Catalog, Scene.Token);
        var second = await provider.SyncCatalogAsync(scene.Catalog, Scene.Token);

        Assert.Equal((0, 0, 0), (second.Created, second.Updated, second.Archived));
    }

    /// <summary>A provider that somebody else runs says when something is due, runs it one by one, and has nothing left afterwards.</summary>
    [Fact]
    public async Task Clocked_RunsWhatIsDueInOrderAndNothingEarly()
    {
        await using var scene = await StartAsync();
        var provider = Capability<IClockedProvider>(scene);
        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Pro);

        Assert.Equal(subscription.CurrentPeriod.End, provider.NextDueAt);
        var before = await scene.FactsAsync();
        Assert.Null(provider.RunNext(scene.Now));
        Assert.Null(provider.RunNext(subscription.CurrentPeriod.End.AddSeconds(-1)));
        Facts.AssertEqual(before, await scene.FactsAsync());
        await scene.AdvanceToAsync(StartAt.AddMonths(3).AddMinutes(1));

        Assert.NotNull(provider.NextDueAt);
        Assert.True(provider.NextDueAt > scene.Now, $"{provider.NextDueAt} was due at {scene.Now}, and time has moved past it.");
        Assert.Null(provider.RunNext(scene.Now));
    }

    /// <summary>The future of a customer is what comes when nobody does anything, and looking at it changes nothing.</summary>
    [Fact]
    public async Task Fork_RunAhead_TellsWhatComesAndChangesNothing()
    {
        await using var scene = await StartAsync();
        var provider = Capability<IForecastProvider>(scene);
        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Team, seats: 2);
        await scene.SubscribeAsync(scene.TrialRequest(ConformanceCatalog.Pro, days: 10) with { Name = "trial" });
        await scene.AddCardAsync(scene.Cards.Declines, makeDefault: false);
        var until = StartAt.AddMonths(4);
        var before = await scene.FactsAsync();

        var future = provider.Fork(CustomerId);
        Assert.NotNull(future);
        Assert.Equal(Usd(36), future.PreviewNextInvoice(subscription.Id)?.Total);
        var foreseen = Facts.Of(await scene.ReadAsync());
        while (future.NextDueAt is { } due && due <= until)
            foreseen.With(Assert.IsType<CustomerSnapshot>(future.RunNext(due)));
        Facts.AssertEqual(before, await scene.FactsAsync());
        await scene.AdvanceToAsync(until);

        Facts.AssertEqual(await scene.FactsAsync(), foreseen);
    }

    /// <summary>An unknown customer has no future.</summary>
    [Fact]
    public async Task Fork_UnknownCustomer_IsNull()
    {
        await using var scene = await OpenAsync();

        Assert.Null(Capability<IForecastProvider>(scene).Fork("nobody"));
    }

    private static T Capability<T>(Scene scene)
        where T : class
    {
        var capability = scene.Provider as T;
        Assert.SkipWhen(capability is null, $"{scene.Provider.Name} does not implement {typeof(T).Name}.");
        return capability;
    }
}
