using SaasBilling.InMemory;
using SaasBilling.Providers;
using SaasBilling.Scheduling;

namespace SaasBilling.Benchmarks.Engine;

/// <summary>The in-memory billing engine by itself: periods, invoices, charges.</summary>
internal sealed class EngineWorld : IWorld
{
    private readonly SimulatedClock _clock = new(Days.First);
    private readonly Price _price;
    private readonly InMemoryProvider _provider;

    public EngineWorld()
    {
        var catalog = World.Catalog();
        _price = catalog[World.PlanKey].Prices[0];
        _provider = new(catalog, new(), new BillingClock(_clock), new NoTax());
    }

    public async Task CreateAsync(int subscriptions)
    {
        for (var i = 0; i < subscriptions; i++)
        {
            var customer = World.Customer(i);
            _clock.MoveTo(Days.Start(i, subscriptions));
            await _provider.EnsureCustomerAsync(new(customer, new()), $"{customer}/customer", CancellationToken.None);
            await _provider.AddPaymentMethodAsync(new(customer, TestPaymentMethods.Visa, MakeDefault: true), $"{customer}/card", CancellationToken.None);
            await _provider.CreateSubscriptionAsync(
                new()
                {
                    CustomerId = customer,
                    Name = "default",
                    PlanKey = World.PlanKey,
                    Items = [new(_price.Key, 1)],
                    Interval = _price.Interval,
                    Currency = _price.Currency,
                },
                $"{customer}/subscription",
                CancellationToken.None);
        }

        _clock.MoveTo(Days.AllSubscribed);
    }

    public Task<long> LiveAYearAsync()
    {
        var renewals = 0L;
        while (_provider.NextDueAt is { } at && at <= Days.Last)
        {
            _clock.MoveTo(at);
            if (_provider.RunNext(at) is { } snapshot)
                renewals += World.Renewals(snapshot.Invoices);
        }

        return Task.FromResult(renewals);
    }

    public void Dispose()
    {
    }
}
