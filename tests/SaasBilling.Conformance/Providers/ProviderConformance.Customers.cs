using SaasBilling.Providers;

namespace SaasBilling.Conformance.Providers;

/// <content>Customers and their cards.</content>
public abstract partial class ProviderConformance
{
    /// <summary>A customer that the provider never saw is null, not an exception.</summary>
    [Fact]
    public async Task ReadCustomer_Unknown_IsNull()
    {
        await using var scene = await OpenAsync();

        Assert.Null(await scene.Provider.ReadCustomerAsync("nobody", cursor: null, Scene.Token));
    }

    /// <summary>A provider has a name for messages and diagnostics.</summary>
    [Fact]
    public async Task Name_IsNotEmpty()
    {
        await using var scene = await OpenAsync();

        Assert.False(string.IsNullOrWhiteSpace(scene.Provider.Name));
    }

    /// <summary>A new customer has the given details and nothing else.</summary>
    [Fact]
    public async Task EnsureCustomer_New_IsCreatedWithTheDetails()
    {
        await using var scene = await OpenAsync();

        var read = await scene.EnsureCustomerAsync(new CustomerDetails
        {
            Email = "billing@acme.example",
            Name = "Acme Ltd",
            TimeZone = "Europe/Vienna",
            Locale = "de-AT",
            Metadata = new Dictionary<string, string> { ["tenant"] = "7" },
        });

        Assert.Equal((CustomerId, "billing@acme.example", "Acme Ltd"), (read.Customer.Id, read.Customer.Email, read.Customer.Name));
        Assert.Equal(("Europe/Vienna", "de-AT"), (read.Customer.TimeZone, read.Customer.Locale));
        Assert.Equal("7", read.Customer.Metadata?["tenant"]);
        Assert.Equal((scene.Now, null, null), (read.Customer.CreatedAt, read.Customer.DeletedAt, read.Customer.CreditBalance));
        Assert.Empty(read.Subscriptions);
        Assert.Empty(read.Invoices);
        Assert.Empty(read.PaymentMethods ?? []);
        Assert.Empty(read.PendingCharges ?? []);
        Assert.Equal(scene.Now, read.ObservedAt);
    }

    /// <summary>What is given is set, what is not given stays, metadata key by key.</summary>
    [Fact]
    public async Task EnsureCustomer_Known_SetsOnlyWhatIsGiven()
    {
        await using var scene = await OpenAsync();
        await scene.EnsureCustomerAsync(new CustomerDetails
        {
            Email = "old@acme.example",
            Name = "Acme",
            Metadata = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" },
        });
        await scene.AdvanceAsync(TimeSpan.FromDays(1));

        var read = await scene.EnsureCustomerAsync(new CustomerDetails { Email = "new@acme.example", Metadata = new Dictionary<string, string> { ["b"] = "3" } });

        Assert.Equal(("new@acme.example", "Acme", StartAt), (read.Customer.Email, read.Customer.Name, read.Customer.CreatedAt));
        Assert.Equal("new@acme.example", (await scene.EnsureCustomerAsync(new CustomerDetails { Locale = "en" })).Customer.Email);
        Assert.Equal(("1", "3"), (read.Customer.Metadata?["a"], read.Customer.Metadata?["b"]));
    }

    /// <summary>Reconciliation finds every customer by walking the list.</summary>
    [Fact]
    public async Task ListCustomers_HasEveryCustomer()
    {
        await using var scene = await OpenAsync();
        foreach (var id in (string[])["acme", "globex", "initech"])
            await scene.Provider.EnsureCustomerAsync(new EnsureCustomerRequest(id, new CustomerDetails()), scene.NewKey(), Scene.Token);

        var listed = new List<string>();
        await foreach (var id in scene.Provider.ListCustomersAsync(Scene.Token))
            listed.Add(id);

        Assert.Equal(["acme", "globex", "initech"], listed.Order(StringComparer.Ordinal));
    }

    /// <summary>Customers do not see one another.</summary>
    [Fact]
    public async Task Commands_OfOneCustomer_LeaveAnotherAsTheyWere()
    {
        await using var scene = await StartAsync();
        var other = new Scene(scene.Harness, scene.Catalog, "globex");
        await other.EnsureCustomerAsync();
        await other.SubscribeAsync(ConformanceCatalog.Pro);
        var before = await other.FactsAsync();

        await scene.SubscribeAsync(ConformanceCatalog.Solo);
        await scene.AddCreditAsync(Usd(5));
        await scene.DeleteAsync();

        Facts.AssertEqual(before, await other.FactsAsync());
    }

    /// <summary>B-20: a deleted user kept paying. Everything ends at once, and nothing is charged ever after; history stays.</summary>
    [Fact]
    public async Task DeleteCustomer_WithSubscriptions_EndsThemAndChargesNothingEverAfter()
    {
        await using var scene = await StartAsync();
        var first = await scene.SubscribeAsync(ConformanceCatalog.Pro);
        var second = await scene.SubscribeAsync(scene.Request(ConformanceCatalog.Solo) with { Name = "side" });
        await scene.AdvanceAsync(TimeSpan.FromDays(3));

        await scene.DeleteAsync();

        var read = await scene.ReadAsync();
        Assert.Equal(scene.Now, read.Customer.DeletedAt);
        Assert.Empty(read.PaymentMethods ?? []);
        Assert.All(read.Subscriptions, subscription => Assert.Equal((SubscriptionStatus.Canceled, scene.Now), (subscription.Status, subscription.EndedAt)));
        Assert.Equal(new[] { first.Id, second.Id }.Order(), read.Subscriptions.Select(subscription => subscription.Id).Order());
        await scene.AdvanceAsync(TimeSpan.FromDays(100));
        Facts.AssertEqual(Facts.Of(read), await scene.FactsAsync());
        Assert.Equal(2, read.Invoices.Count);
    }

    /// <summary>The first card is on file with brand, last digits and expiry, and is the default when it is asked to be.</summary>
    [Fact]
    public async Task AddPaymentMethod_AsDefault_IsTheOneDefault()
    {
        await using var scene = await StartAsync();

        var card = await scene.AddCardAsync(scene.Cards.Works);

        Assert.True(card.IsDefault);
        Assert.Matches("^[0-9]{4}$", card.Last4);
        Assert.NotEmpty(card.Brand);
        Assert.InRange(card.ExpiryMonth, 1, 12);
        Assert.InRange(card.ExpiryYear, scene.Now.Year, scene.Now.Year + 30);
    }

    /// <summary>Of several cards exactly one is the default: the newest that was asked to be.</summary>
    [Fact]
    public async Task AddPaymentMethod_Second_TakesTheDefaultOnlyWhenAsked()
    {
        await using var scene = await StartAsync();
        var first = await scene.AddCardAsync(scene.Cards.Works);

        var second = await scene.AddCardAsync(scene.Cards.AlsoWorks, makeDefault: false);
        Assert.Equal([first.Id], await DefaultsAsync());
        var third = await scene.AddCardAsync(scene.Cards.AlsoWorks);

        Assert.Equal([third.Id], await DefaultsAsync());
        Assert.Equal(new[] { first.Id, second.Id, third.Id }.Order(), (await scene.ReadAsync()).PaymentMethods?.Select(method => method.Id).Order());

        async Task<IEnumerable<string>> DefaultsAsync() => (await scene.ReadAsync()).PaymentMethods!.Where(method => method.IsDefault).Select(method => method.Id);
    }

    /// <summary>A card that the bank refuses cannot be attached, and nothing is changed by the try.</summary>
    [Fact]
    public async Task AddPaymentMethod_RejectedByTheBank_IsRefusedWithTheDeclineCode()
    {
        await using var scene = await StartAsync();
        await scene.AddCardAsync(scene.Cards.Works);
        var before = await scene.FactsAsync();

        var refusal = await RefusedAsync(() => scene.AddCardAsync(scene.Cards.Rejected));

        Assert.Equal((BillingErrorCode.ProviderRejected, scene.Cards.RejectedDeclineCode), (refusal.Code, refusal.DeclineCode));
        Facts.AssertEqual(before, await scene.FactsAsync());
    }

    /// <summary>A token that the provider does not know is refused as such.</summary>
    [Fact]
    public async Task AddPaymentMethod_UnknownToken_IsRefused()
    {
        await using var scene = await StartAsync();

        var refusal = await RefusedAsync(() => scene.AddCardAsync("pm_no_such_card"));

        Assert.Equal(BillingErrorCode.UnknownPaymentMethod, refusal.Code);
        Assert.Empty((await scene.ReadAsync()).PaymentMethods ?? []);
    }

    /// <summary>A detached card is gone; a card that is not the customer's cannot be detached.</summary>
    [Fact]
    public async Task RemovePaymentMethod_DetachesIt()
    {
        await using var scene = await StartAsync();
        var kept = await scene.AddCardAsync(scene.Cards.Works);
        var removed = await scene.AddCardAsync(scene.Cards.AlsoWorks, makeDefault: false);

        await scene.RemoveCardAsync(removed.Id);

        Assert.Equal([kept], (await scene.ReadAsync()).PaymentMethods);
        Assert.Equal(BillingErrorCode.UnknownPaymentMethod, (await RefusedAsync(() => scene.RemoveCardAsync(removed.Id))).Code);
    }
}
