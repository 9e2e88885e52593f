using Microsoft.Extensions.DependencyInjection;
using SaasBilling.Providers;
using SaasBilling.Storage;
using SaasBilling.Tests.Billing;
using SaasBilling.Tests.Road;

namespace SaasBilling.Tests.ModelBased;

/// <summary>A second process with a store of its own, which learns of a life only by doorbells and by reading the same provider.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private readonly FacadeLife _life;
    private readonly Random _random;
    private readonly bool _hasGaps;
    private readonly Dictionary<string, string?> _cursors = [];
    private readonly List<CustomerSnapshot> _rung = [];
    private readonly List<CustomerSnapshot> _underWay = [];
    private readonly List<string> _story = [];

    public Listener(FacadeLife life, Random random, bool hasGaps)
    {
        _life = life;
        _random = random;
        _hasGaps = hasGaps;

        // The proxy has no clock of its own to run: the steps are the life's.
        App = new BillingApp(
            builder => builder.Services.AddSingleton(_ => ProviderProxy.Of(life.Provider, (_, call) => call())),
            startAt: FacadeLife.Start);
        life.Committing = RingAsync;
    }

    public BillingApp App { get; }

    public string Story => string.Join(Environment.NewLine, _story);

    /// <summary>Brings what is still under way, and looks for what was lost.</summary>
    public async Task CatchUpAsync()
    {
        await App.Simulator.AdvanceToAsync(_life.App.Now);
        foreach (var late in _underWay.OrderBy(_ => _random.Next()).ToList())
            await DeliverAsync(late);
        await App.Billing.ReconcileAsync();
        foreach (var customerId in _cursors.Keys)
            await App.Road.RefreshAsync(customerId, CancellationToken.None);
        await App.Simulator.RunUntilIdleAsync();
    }

    public async Task AssertSameStateAsync(string customerId, bool inOrder)
    {
        var (told, heard) = ((await _life.App.StateAsync(customerId))!, (await App.StateAsync(customerId))!);
        Assert.Equal(told.Customer, heard.Customer);
        Assert.Equal(told.Subscriptions.Where(subscription => subscription.IsLive), heard.Subscriptions.Where(subscription => subscription.IsLive));
        Assert.Equal(told.OpenInvoices, heard.OpenInvoices);
        Assert.Equal(told.PaymentMethods, heard.PaymentMethods);
        Assert.Equal(told.PendingCharges, heard.PendingCharges);
        Assert.Equal(told.AccessWasGranted, heard.AccessWasGranted);
        Assert.Equal(told.Mrr.Where(amount => amount.Micro != 0).Select(amount => (amount.Currency, amount.Micro)), heard.Mrr.Where(amount => amount.Micro != 0).Select(amount => (amount.Currency, amount.Micro)));

        var invoices = await App.Billing.For(customerId).GetInvoicesAsync();
        Assert.Equal(await _life.App.Billing.For(customerId).GetInvoicesAsync(), invoices);
        HistoryRules.Check(customerId, heard, await App.Billing.For(customerId).GetHistoryAsync(), invoices, inOrder);
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();

    private async Task RingAsync(BillingCommit commit)
    {
        var customerId = commit.Customer.Customer.Id;
        var cursor = _cursors.GetValueOrDefault(customerId);
        var news = (await _life.Provider.ReadCustomerAsync(customerId, cursor, CancellationToken.None))!;
        await App.Simulator.AdvanceToAsync(_life.App.Now);
        if (cursor is not null && news.Cursor == cursor)
            return;

        _cursors[customerId] = news.Cursor;
        _rung.Add(news);
        if (!_hasGaps)
        {
            await DeliverAsync(news);
            for (var doubles = _random.Next(3); doubles > 0; doubles--)
                await DeliverAsync(_rung[_random.Next(_rung.Count)]);
            if (_random.Next(4) == 0)
                await RefreshAsync(customerId);
            return;
        }

        for (var copies = _random.Next(3); copies > 0; copies--)
            _underWay.Add(news);
        while (_underWay.Count > 0 && _random.Next(3) > 0)
        {
            var index = _random.Next(_underWay.Count);
            var next = _underWay[index];
            _underWay.RemoveAt(index);
            await DeliverAsync(next);
        }

        if (_random.Next(6) == 0)
            await RefreshAsync(customerId);
    }

    private async Task DeliverAsync(CustomerSnapshot news)
    {
        // A snapshot that goes on from nothing is the present as it is read; it cannot come late, but the doorbell that has it read can.
        if (news.Since is null)
        {
            await RefreshAsync(news.Customer.Id);
            return;
        }

        _story.Add($"{App.Now:yyyy-MM-dd HH:mm:ss} delivered: {news.Customer.Id} {news.Since} -> {news.Cursor}, observed {news.ObservedAt:yyyy-MM-dd HH:mm:ss}");
        await App.Road.AbsorbAsync(news, CancellationToken.None);
    }

    private async Task RefreshAsync(string customerId)
    {
        _story.Add($"{App.Now:yyyy-MM-dd HH:mm:ss} refreshed: {customerId}");
        await App.Road.RefreshAsync(customerId, CancellationToken.None);
    }
}
