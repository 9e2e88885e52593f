using SaasBilling.Providers;

namespace SaasBilling.Conformance.Providers;

/// <content>Every mutation under its key.</content>
public abstract partial class ProviderConformance
{
    /// <summary>The names of all mutations.</summary>
    public static TheoryData<string> Mutations => [.. Mutation.All.Select(mutation => mutation.Name)];

    /// <summary>A mutation does something; repeated under the same key, at once and an hour later, it does nothing more and gives the first answer.</summary>
    /// <param name="name">The mutation.</param>
    [Theory]
    [MemberData(nameof(Mutations))]
    public async Task Mutation_RepeatedUnderItsKey_HasOneEffect(string name)
    {
        await using var scene = await StartAsync();
        var mutate = await MutationOf(name).PrepareAsync(scene);
        var key = scene.NewKey();
        var before = await scene.FactsAsync();

        var first = await mutate(key);
        var after = await scene.FactsAsync();
        var second = await mutate(key);
        Facts.AssertEqual(after, await scene.FactsAsync());
        await scene.AdvanceAsync(TimeSpan.FromMinutes(20));
        var late = await scene.FactsAsync();
        var third = await mutate(key);
        Facts.AssertEqual(late, await scene.FactsAsync());

        Assert.Equal((first.Id, first.Id), (second.Id, third.Id));
        foreach (var answer in (ProviderResult[])[second, third])
            Facts.AssertEqual(late, before.With(await scene.ReadAsync()).With(answer.Snapshot));
    }

    /// <summary>Under another key the same request is another wish: two charges of 30.00 are two charges.</summary>
    [Fact]
    public async Task Mutation_UnderAnotherKey_IsDoneAgain()
    {
        await using var scene = await StartAsync();
        await scene.AddCardAsync(scene.Cards.Works);

        var first = await scene.ChargeNowAsync(Usd(30), "Training");
        var second = await scene.ChargeNowAsync(Usd(30), "Training");

        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal([Usd(30), Usd(30)], (await scene.InvoicesAsync()).Select(invoice => invoice.AmountPaid));
    }

    /// <summary>B-1: the same mutation from many places at once has one effect.</summary>
    [Fact]
    public async Task Mutation_FromManyPlacesAtOnce_HasOneEffect()
    {
        await using var scene = await StartAsync();
        await scene.AddCardAsync(scene.Cards.Works);
        var request = scene.Request(ConformanceCatalog.Pro);

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            Task.Run(() => scene.Provider.CreateSubscriptionAsync(request, "one key", Scene.Token), Scene.Token)));

        Assert.Single(results.Select(result => result.Id).Distinct(StringComparer.Ordinal));
        Assert.Single((await scene.ReadAsync()).Subscriptions);
        Assert.Equal(Usd(29), Assert.Single(await scene.InvoicesAsync()).AmountPaid);
    }

    /// <summary>Metered usage under its key counts once on the invoice.</summary>
    [Fact]
    public async Task RecordUsage_RepeatedUnderItsKey_IsBilledOnce()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Metered);
        var request = new UsageRequest(CustomerId, ConformanceCatalog.Calls, 100, scene.Now, "a");

        for (var time = 0; time < 3; time++)
            await scene.Provider.RecordUsageAsync(request, Scene.Token);
        await scene.AdvancePastRenewalAsync(subscription.Id);

        Assert.Equal(Usd(6), (await scene.NewestInvoiceAsync()).AmountPaid);
    }

    /// <summary>Mutations of things that are not there are refused, and change nothing.</summary>
    [Fact]
    public async Task Mutation_OfWhatIsNotThere_IsRefused()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Pro);
        var before = await scene.FactsAsync();
        var (nobody, nothing) = (new SubscriptionRef("nobody", subscription.Id), new SubscriptionRef(CustomerId, "sub_nothing"));

        await RefusedAsync(() => scene.Provider.CancelSubscriptionAsync(nobody, new CancelOptions(), scene.NewKey(), Scene.Token));
        await RefusedAsync(() => scene.Provider.CancelSubscriptionAsync(nothing, new CancelOptions(), scene.NewKey(), Scene.Token));
        await RefusedAsync(() => scene.Provider.PauseSubscriptionAsync(nothing, new PauseOptions(), scene.NewKey(), Scene.Token));
        await RefusedAsync(() => scene.Provider.PreviewAsync(nothing, change: null, Scene.Token));
        await RefusedAsync(() => scene.Provider.RefundAsync(CustomerId, "in_nothing", Usd(1), scene.NewKey(), Scene.Token));
        var refusal = await RefusedAsync(() => scene.Provider.ActOnInvoiceAsync(CustomerId, "in_nothing", InvoiceAction.Pay, scene.NewKey(), Scene.Token));

        Assert.Equal(BillingErrorCode.UnknownInvoice, refusal.Code);
        Facts.AssertEqual(before, await scene.FactsAsync());
    }

    private static Mutation MutationOf(string name) => Mutation.All.Single(mutation => mutation.Name == name);
}
