using SaasBilling.Providers;

namespace SaasBilling.Conformance.Providers;

/// <content>What a provider says, whole and in parts.</content>
public abstract partial class ProviderConformance
{
    /// <summary>Whoever absorbs the answers of mutations, and reads from the cursor after time has passed, knows what a whole read tells.</summary>
    [Fact]
    public async Task Snapshots_AbsorbedOneByOne_TellTheWholeStory()
    {
        await using var scene = await StartAsync();
        var known = Facts.Of(await scene.ReadAsync());
        var cursor = (await scene.ReadAsync()).Cursor;

        var card = await AbsorbAsync(key => scene.Provider.AddPaymentMethodAsync(new AddPaymentMethodRequest(CustomerId, scene.Cards.Works, MakeDefault: true), key, Scene.Token));
        var id = await AbsorbAsync(key => scene.Provider.CreateSubscriptionAsync(scene.Request(ConformanceCatalog.Team, seats: 2), key, Scene.Token));
        var reference = new SubscriptionRef(CustomerId, Assert.IsType<string>(id));
        await AbsorbAsync(key => scene.Provider.AddChargeAsync(new AddChargeRequest { CustomerId = CustomerId, SubscriptionId = id, Amount = Usd(3), Description = "Extra" }, key, Scene.Token));
        await AbsorbAsync(key => scene.Provider.ApplyCouponAsync(reference, ConformanceCatalog.FiveForever, key, Scene.Token));
        await LetPassAsync(TimeSpan.FromDays(10));
        await AbsorbAsync(async key => await scene.Provider.ChangeSubscriptionAsync(
            scene.Change(await scene.SubscriptionAsync(id), new SubscriptionChange { Seats = 5, Proration = Proration.AlwaysInvoice }), key, Scene.Token));
        await AbsorbAsync(key => scene.Provider.AddCreditAsync(CustomerId, Usd(15), "goodwill", key, Scene.Token));
        await LetPassAsync(TimeSpan.FromDays(45));
        await AbsorbAsync(key => scene.Provider.AddPaymentMethodAsync(new AddPaymentMethodRequest(CustomerId, scene.Cards.Declines, MakeDefault: true), key, Scene.Token));
        await AbsorbAsync(key => scene.Provider.RemovePaymentMethodAsync(CustomerId, card!, key, Scene.Token));
        await LetPassAsync(TimeSpan.FromDays(10));
        var open = Assert.Single(await scene.InvoicesAsync(), invoice => invoice.Status == InvoiceStatus.Open);
        await AbsorbAsync(key => scene.Provider.ActOnInvoiceAsync(CustomerId, open.Id, InvoiceAction.PayOutOfBand, key, Scene.Token));
        await AbsorbAsync(key => scene.Provider.PauseSubscriptionAsync(reference, new PauseOptions(), key, Scene.Token));
        await AbsorbAsync(key => scene.Provider.ResumeSubscriptionAsync(reference, key, Scene.Token));
        await AbsorbAsync(key => scene.Provider.CancelSubscriptionAsync(reference, new CancelOptions { Timing = CancelTiming.Immediately, Prorate = true }, key, Scene.Token));
        await LetPassAsync(TimeSpan.FromDays(10));
        await AbsorbAsync(key => scene.Provider.DeleteCustomerAsync(CustomerId, key, Scene.Token));

        async Task<string?> AbsorbAsync(Func<string, Task<ProviderResult>> mutate)
        {
            var result = await mutate(scene.NewKey());
            await KnowAsync(result.Snapshot);
            return result.Id;
        }

        async Task LetPassAsync(TimeSpan time)
        {
            await scene.AdvanceAsync(time);
            var read = await scene.Provider.ReadCustomerAsync(CustomerId, cursor, Scene.Token);
            Assert.NotNull(read);
            await KnowAsync(read);
        }

        async Task KnowAsync(CustomerSnapshot snapshot)
        {
            Assert.Equal((CustomerId, scene.Now), (snapshot.Customer.Id, snapshot.ObservedAt));

            // A snapshot that goes on from another one than ours has a gap before it: read from where we are.
            if (snapshot.Since is { } since && since != cursor)
                snapshot = Assert.IsType<CustomerSnapshot>(await scene.Provider.ReadCustomerAsync(CustomerId, cursor, Scene.Token));
            known.With(snapshot);
            cursor = snapshot.Cursor;
            Facts.AssertEqual(await scene.FactsAsync(), known);
        }
    }

    /// <summary>From the newest cursor there is nothing new; from an older one there is all that came after it, and no more than a whole read has.</summary>
    [Fact]
    public async Task ReadCustomer_FromACursor_TellsWhatChangedAfterIt()
    {
        await using var scene = await StartAsync();
        var subscription = await scene.SubscribeAsync(ConformanceCatalog.Pro);
        await scene.AdvanceToAsync(StartAt.AddMonths(6).AddHours(2));
        var whole = await scene.ReadAsync();
        Assert.NotNull(whole.Cursor);

        var nothing = await scene.Provider.ReadCustomerAsync(CustomerId, whole.Cursor, Scene.Token);
        Assert.NotNull(nothing);
        Assert.Empty(nothing.Subscriptions);
        Assert.Empty(nothing.Invoices);
        Assert.Equal(whole.Customer, nothing.Customer);
        await scene.AdvancePastRenewalAsync(subscription.Id);
        var news = await scene.Provider.ReadCustomerAsync(CustomerId, whole.Cursor, Scene.Token);

        Assert.NotNull(news);
        Assert.Equal([await scene.NewestInvoiceAsync()], news.Invoices);
        Assert.Equal([await scene.SubscriptionAsync(subscription.Id)], news.Subscriptions);
        Facts.AssertEqual(await scene.FactsAsync(), Facts.Of(whole).With(news));
    }

    /// <summary>What was told last is not told again, an open invoice no more than a paid one.</summary>
    [Fact]
    public async Task ReadCustomer_FromTheCursorOfTheLastAnswer_TellsNothing()
    {
        await using var scene = await StartAsync();
        await scene.AddCardAsync(scene.Cards.Declines);
        var charge = new AddChargeRequest { CustomerId = CustomerId, Amount = Usd(30), Description = "Training" };
        var told = (await scene.Provider.ChargeNowAsync(charge, scene.NewKey(), Scene.Token)).Snapshot;
        Assert.Single(told.Invoices);

        var nothing = await scene.Provider.ReadCustomerAsync(CustomerId, told.Cursor, Scene.Token);

        Assert.NotNull(nothing);
        Assert.Empty(nothing.Invoices);
        Assert.Empty(nothing.Subscriptions);
    }

    /// <summary>A whole read has every invoice, oldest first, settled ones too, and every subscription, ended ones too.</summary>
    [Fact]
    public async Task ReadCustomer_Whole_HasEverythingOldestFirst()
    {
        await using var scene = await StartAsync();
        var first = await scene.SubscribeAsync(ConformanceCatalog.Pro);
        await scene.AdvanceToAsync(StartAt.AddMonths(14).AddHours(2));
        await scene.CancelAsync(first, new CancelOptions { Timing = CancelTiming.Immediately });
        var second = await scene.SubscribeAsync(scene.Request(ConformanceCatalog.Solo));
        await scene.AdvancePastRenewalAsync(second.Id);

        var read = await scene.ReadAsync();

        Assert.Equal(17, read.Invoices.Count);
        Assert.Equal(17, read.Invoices.Select(invoice => invoice.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(read.Invoices.Select(invoice => invoice.CreatedAt).Order(), read.Invoices.Select(invoice => invoice.CreatedAt));
        Assert.Equal([SubscriptionStatus.Canceled, SubscriptionStatus.Active], new[] { first.Id, second.Id }.Select(id => Assert.Single(read.Subscriptions, subscription => subscription.Id == id).Status));
    }

    /// <summary>Reading twice gives the same: a read changes nothing.</summary>
    [Fact]
    public async Task ReadCustomer_Twice_GivesTheSame()
    {
        await using var scene = await StartAsync();
        await scene.SubscribeAsync(ConformanceCatalog.Team, seats: 2);
        await scene.AdvanceAsync(TimeSpan.FromDays(33));

        var (first, second) = (await scene.ReadAsync(), await scene.ReadAsync());

        Assert.Equal(first.Cursor, second.Cursor);
        Facts.AssertEqual(Facts.Of(first), Facts.Of(second));
    }

    /// <summary>However the same time passes, in one step or in many, the same comes of it (R13).</summary>
    [Fact]
    public async Task Time_InOneStepOrInMany_GivesTheSame()
    {
        await using var jump = await LivedAsync(TimeSpan.FromDays(365));
        await using var steps = await LivedAsync(TimeSpan.FromDays(5));

        Facts.AssertEqual(await jump.FactsAsync(), await steps.FactsAsync());

        async Task<Scene> LivedAsync(TimeSpan step)
        {
            var scene = await StartAsync();
            await scene.SubscribeAsync(ConformanceCatalog.Pro);
            await scene.SubscribeAsync(scene.TrialRequest(ConformanceCatalog.Solo, days: 20) with { Name = "trial", Coupons = [ConformanceCatalog.HalfForThreeMonths] });
            await scene.SubscribeAsync(scene.Request(ConformanceCatalog.Metered) with { Name = "metered" });
            await scene.RecordUsageAsync(500);
            await scene.AddCardAsync(scene.Cards.Declines, makeDefault: false);
            for (var left = TimeSpan.FromDays(365); left > TimeSpan.Zero; left -= step)
                await scene.AdvanceAsync(step);
            return scene;
        }
    }
}
