using Microsoft.Extensions.DependencyInjection;
using SaasBilling.InMemory;
using SaasBilling.Providers;
using SaasBilling.Storage;
using SaasBilling.Tests.Billing;
using SaasBilling.Tests.Road;

namespace SaasBilling.Tests.ModelBased;

/// <summary>Customers to whom things happen through the public API, checked at every step and at every commit.</summary>
internal sealed class FacadeLife : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2027, 1, 31, 9, 0, 0, TimeSpan.Zero);

    private readonly FaultyStore _store = new();
    private readonly CommitWatch _watch = new();
    private readonly List<string> _story = [];

    public FacadeLife(RetriesExhausted exhausted = RetriesExhausted.MarkUnpaid)
    {
        _store.BeforeCommit = async commit =>
        {
            _watch.See(commit);
            if (Committing is { } committing)
                await committing(commit);
        };
        App = new BillingApp(
            builder => builder.Services.AddSingleton<IBillingStore>(_store),
            engine: options => options.WhenRetriesExhausted = exhausted,
            startAt: Start);
    }

    public BillingApp App { get; }

    /// <summary>Looks on at each commit.</summary>
    public Func<BillingCommit, Task>? Committing { get; set; }

    public InMemoryProvider Provider => App.Services.GetRequiredService<InMemoryProvider>();

    /// <summary>What was done, in words.</summary>
    public string Story => string.Join(Environment.NewLine, _story);

    public async Task LiveAsync(IEnumerable<Deed> deeds)
    {
        try
        {
            foreach (var deed in deeds)
            {
                await DoAsync(deed);
                await CheckAsync();
            }
        }
        catch (Exception fault) when (fault is not BrokenLifeException)
        {
            throw new BrokenLifeException($"{fault.Message}{Environment.NewLine}{Story}", fault);
        }
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();

    private async Task DoAsync(Deed deed)
    {
        var customer = App.Billing.For(deed.CustomerId, deed.Pick % 7 == 3 ? "side" : "default");
        _story.Add($"{App.Now:yyyy-MM-dd HH:mm:ss} {deed}");
        var before = await App.StateAsync(deed.CustomerId);
        try
        {
            if (await Deeds.DoAsync(App, customer, deed) is { } told)
                _story.Add($"    {told}");
        }
        catch (BillingException refusal)
        {
            _story.Add($"    refused: {refusal.Message}");
            Assert.True(
                refusal.Code is not (BillingErrorCode.Conflict or BillingErrorCode.ProviderUnavailable or BillingErrorCode.RateLimited or BillingErrorCode.Refused),
                $"{refusal.Code}: {refusal.Message}");
            Assert.Same(before, await App.StateAsync(deed.CustomerId));
        }

        await App.Simulator.RunUntilIdleAsync();
    }

    private async Task CheckAsync()
    {
        Assert.True(_watch.Faults.Count == 0, string.Join(Environment.NewLine, _watch.Faults));
        await foreach (var customerId in App.Store.ListCustomersAsync(CancellationToken.None))
        {
            var state = (await App.StateAsync(customerId))!;
            var history = await App.Billing.For(customerId).GetHistoryAsync();
            var invoices = await App.Billing.For(customerId).GetInvoicesAsync();
            HistoryRules.Check(customerId, state, history, invoices);
            Assert.Equal(history.Select(raised => raised.Id), HeardBy(customerId));
            Assert.Equal(HistoryRules.AccessAtTheEnd(history), (await App.Billing.For(customerId).GetAccessAsync()).IsGranted);

            var truth = (await Provider.ReadCustomerAsync(customerId, null, CancellationToken.None))!;
            Assert.Equal(truth.Invoices.Reverse(), invoices);
            Assert.Equal(truth.Subscriptions.Where(subscription => subscription.IsLive), state.Subscriptions.Where(subscription => subscription.IsLive));
            Assert.Equal(truth.PendingCharges ?? [], state.PendingCharges);
            Assert.Equal(truth.PaymentMethods ?? [], state.PaymentMethods);
            Assert.Equal(truth.Customer, state.Customer);
        }

        await CheckRevenueAsync();
    }

    private IEnumerable<string> HeardBy(string customerId) => App.Heard.Where(heard => heard.CustomerId == customerId).Select(heard => heard.Id);

    private async Task CheckRevenueAsync()
    {
        var moved = new Dictionary<string, Int128>();
        var until = App.Now.AddSeconds(1);
        await foreach (var movement in App.Store.GetMovementsAsync(until, CancellationToken.None))
            moved[movement.Currency] = moved.GetValueOrDefault(movement.Currency) + movement.Delta;

        var stored = new Dictionary<string, Int128>();
        await foreach (var customerId in App.Store.ListCustomersAsync(CancellationToken.None))
        {
            foreach (var amount in (await App.StateAsync(customerId))!.Mrr)
                stored[amount.Currency] = stored.GetValueOrDefault(amount.Currency) + amount.Micro;
        }

        Assert.Equal(stored.Where(sum => sum.Value != 0).OrderBy(sum => sum.Key), moved.Where(sum => sum.Value != 0).OrderBy(sum => sum.Key));
        var report = await App.Billing.Reports.GetRevenueAsync(Start, until);
        foreach (var (currency, mrr) in report.MonthlyRecurringRevenue)
        {
            // Each figure is rounded once, so that five of them are off by less than three minor units together.
            var of = report.Movements[currency];
            Assert.InRange(
                (of.New + of.Reactivation + of.Expansion - of.Contraction - of.Churn - mrr).MinorUnits,
                -3,
                3);
            Assert.InRange((double)(stored[currency] / 1_000_000) - mrr.MinorUnits, -1, 1);
        }
    }
}
