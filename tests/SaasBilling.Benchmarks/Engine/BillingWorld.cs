using Microsoft.Extensions.DependencyInjection;

namespace SaasBilling.Benchmarks.Engine;

/// <summary>All of billing: the engine, the transition, the commit with its events, the jobs, and a hook if asked for.</summary>
internal sealed class BillingWorld : IWorld
{
    private readonly ServiceProvider _services;
    private int _subscriptions;
    private long _paid;

    public BillingWorld(bool withHook)
    {
        var services = new ServiceCollection();
        var builder = World.Declare(services).UseInMemory(options => options.StartAt = Days.First);
        if (withHook)
        {
            builder.AddHook<InvoicePaid>((_, _, _) =>
            {
                _paid++;
                return Task.CompletedTask;
            });
        }

        _services = services.BuildServiceProvider();
    }

    public async Task CreateAsync(int subscriptions)
    {
        _subscriptions = subscriptions;
        var billing = _services.GetRequiredService<IBilling>();
        var simulator = _services.GetRequiredService<BillingSimulator>();
        var options = new SubscribeOptions { PaymentMethodToken = TestPaymentMethods.Visa };
        for (var i = 0; i < subscriptions; i++)
        {
            await simulator.AdvanceToAsync(Days.Start(i, subscriptions));
            await billing.For(World.Customer(i)).SubscribeAsync(World.PlanKey, options);
        }

        await simulator.AdvanceToAsync(Days.AllSubscribed);
    }

    public async Task<long> LiveAYearAsync()
    {
        await _services.GetRequiredService<BillingSimulator>().AdvanceToAsync(Days.Last);

        // One customer stands for all: asking for every invoice would be timed too.
        var invoices = await _services.GetRequiredService<IBilling>().For(World.Customer(_subscriptions / 2)).GetInvoicesAsync();
        return (long)World.Renewals(invoices) * _subscriptions;
    }

    public void Dispose() => _services.Dispose();
}
