using Microsoft.Extensions.DependencyInjection;
using SaasBilling.Providers;
using SaasBilling.Storage;
using SaasBilling.Tests.Billing;

namespace SaasBilling.Tests.Road;

/// <summary>R9: two processes, one store and one provider, do the same to one customer at once. The result equals some serial order.</summary>
public sealed class TwoProcessesTests
{
    private readonly FaultyStore _store = new() { IsShared = true };

    [Fact]
    public async Task The_same_charge_given_by_two_processes_at_the_same_version_is_two_charges()
    {
        await using var first = App();
        await using var second = App(first);
        await first.SubscribedAsync();
        var overtaken = false;
        _store.BeforeCommit = async _ =>
        {
            if (!overtaken && (overtaken = true))
                await second.Acme.AddChargeAsync(Money.FromMinorUnits(500, "USD"), "Setup");
        };

        await first.Acme.AddChargeAsync(Money.FromMinorUnits(500, "USD"), "Setup");

        Assert.Equal(2, (await first.StateAsync())!.PendingCharges.Count);
        Assert.Equal(2, (await first.HistoryAsync()).Count(kind => kind == "ChargeAdded"));
    }

    /// <summary>What was given is remembered over commits that others make before the loser looks.</summary>
    [Fact]
    public async Task The_same_charge_given_by_two_processes_is_two_charges_also_when_more_was_done_meanwhile()
    {
        await using var first = App();
        await using var second = App(first);
        await first.SubscribedAsync();
        var overtaken = false;
        _store.BeforeCommit = async _ =>
        {
            if (overtaken || !(overtaken = true))
                return;
            await second.Acme.AddChargeAsync(Money.FromMinorUnits(500, "USD"), "Setup");
            await second.Acme.RecordMilestoneAsync("set-up");
            await second.Acme.AddCreditAsync(Money.FromMinorUnits(100, "USD"), "Sorry");
        };

        await first.Acme.AddChargeAsync(Money.FromMinorUnits(500, "USD"), "Setup");

        Assert.Equal(2, (await first.StateAsync())!.PendingCharges.Count);
        Assert.Equal(2, (await first.HistoryAsync()).Count(kind => kind == "ChargeAdded"));
    }

    [Fact]
    public async Task Of_two_processes_that_subscribe_one_customer_the_second_is_told()
    {
        await using var first = App();
        await using var second = App(first);
        var overtaken = false;
        _store.BeforeCommit = async _ =>
        {
            if (!overtaken && (overtaken = true))
                await second.Acme.SubscribeAsync("pro", new SubscribeOptions { PaymentMethodToken = TestPaymentMethods.Visa });
        };

        var told = await Assert.ThrowsAsync<BillingException>(() => first.Acme.SubscribeAsync("pro", new SubscribeOptions { PaymentMethodToken = TestPaymentMethods.Visa }));

        Assert.Equal(BillingErrorCode.AlreadySubscribed, told.Code);
        Assert.Single((await first.StateAsync())!.Subscriptions);
        Assert.Single((await first.StateAsync())!.PaymentMethods);
    }

    /// <summary>Two different commands share the call that makes the customer known; neither is taken for the other, nor done twice.</summary>
    [Fact]
    public async Task Different_commands_of_two_processes_are_each_done_once()
    {
        await using var first = App();
        await using var second = App(first);
        var overtaken = false;
        _store.BeforeCommit = async _ =>
        {
            if (!overtaken && (overtaken = true))
                await second.Acme.AddCreditAsync(Money.FromMinorUnits(700, "USD"), "Sorry");
        };

        await first.Acme.AddCreditAsync(Money.FromMinorUnits(300, "USD"), "Sorry too");

        Assert.Equal(1000, (await first.StateAsync())!.Customer.CreditBalance!.Value.MinorUnits);
    }

    private BillingApp App(BillingApp? other = null) => new(builder =>
    {
        builder.Services.AddSingleton<IBillingStore>(_store);
        if (other is not null)
            builder.Services.AddSingleton(other.Services.GetRequiredService<IBillingProvider>());
    });
}
