using Microsoft.Extensions.DependencyInjection;
using SaasBilling.InMemory;
using SaasBilling.Providers;
using SaasBilling.Storage;
using SaasBilling.Tests.Billing;

namespace SaasBilling.Tests.ModelBased;

/// <summary>Each call of each command to the store and to the provider fails once. Who repeats the command gets what one run without a failure gives.</summary>
public sealed class FailureAtEveryPointTests
{
    public static TheoryData<string> Commands => [.. Command.All.Keys];

    [Theory]
    [MemberData(nameof(Commands))]
    public Task The_store_is_down(string name) => EachCallAsync(name, FuseIn.Store, isAfter: false);

    [Theory]
    [MemberData(nameof(Commands))]
    public Task The_provider_is_not_reached(string name) => EachCallAsync(name, FuseIn.Provider, isAfter: false);

    [Theory]
    [MemberData(nameof(Commands))]
    public Task The_provider_does_it_and_its_answer_is_lost(string name) => EachCallAsync(name, FuseIn.Provider, isAfter: true);

    /// <summary>The commit stands: nothing half-happened, and nothing is left to be mended.</summary>
    [Theory]
    [MemberData(nameof(Commands))]
    public async Task The_store_writes_it_and_its_answer_is_lost(string name)
    {
        var whole = await RunAsync(name, FuseIn.Store, call: 0, isAfter: true);
        var commits = 0;
        for (var call = 1; ; call++)
        {
            var (_, result, blown) = await RunAsync(name, FuseIn.Store, call, isAfter: true, repeats: false);
            if (blown is null)
                break;
            if (blown != nameof(IBillingStore.CommitAsync))
                continue;
            commits++;
            Assert.Equal(whole.Result, result);
        }

        Assert.Equal(1, commits);
    }

    private static async Task EachCallAsync(string name, FuseIn place, bool isAfter)
    {
        var whole = await RunAsync(name, place, call: 0, isAfter);
        var call = 1;
        for (; ; call++)
        {
            var (before, result, blown) = await RunAsync(name, place, call, isAfter);
            if (blown is null)
                break;
            Assert.Equal(whole.Before, before);
            Assert.True(whole.Result == result, $"With {blown} (call {call}) failing:\n{result}\n\nWithout:\n{whole.Result}");
        }

        // Only a command that changes nothing at the provider makes no call there.
        Assert.True(call > 1 || (name == "milestone" && place == FuseIn.Provider), "Nothing failed.");
    }

    private static async Task<(Whole Before, Whole Result, string? Blown)> RunAsync(string name, FuseIn place, int call, bool isAfter, bool repeats = true)
    {
        var command = Command.All[name];
        var fuse = new Fuse();
        await using var app = new BillingApp(builder =>
        {
            builder.Services.AddSingleton(_ => place == FuseIn.Store ? FailingProxy.Of<IBillingStore>(new InMemoryBillingStore(), fuse) : new InMemoryBillingStore());
            builder.Services.AddSingleton(services => place == FuseIn.Provider
                ? FailingProxy.Of<IBillingProvider>(services.GetRequiredService<InMemoryProvider>(), fuse)
                : services.GetRequiredService<InMemoryProvider>());
        });
        await command.Before(app);
        await app.Simulator.RunUntilIdleAsync();
        var before = await WholeAsync(app);
        if (call > 0)
        {
            fuse.Arm(call, isAfter);
            try
            {
                await command.RunAsync(app);
            }
            catch (BillingException failure) when (failure.Message.StartsWith("The line went dead", StringComparison.Ordinal))
            {
                Assert.NotNull(fuse.Blown);
            }
        }

        var blown = fuse.Blown;
        fuse.Disarm();

        // A read that failed is like a store that is down: somebody has to repeat the command.
        repeats |= blown != nameof(IBillingStore.CommitAsync);
        if (call == 0 || (blown is not null && repeats))
            await command.RunAsync(app);

        await app.Simulator.RunUntilIdleAsync();

        var result = await WholeAsync(app);
        Assert.Equal((1, 0, 0), await app.ReconciledAsync());
        return (before, result, blown);
    }

    private static async Task<Whole> WholeAsync(BillingApp app)
    {
        if (await app.StateAsync() is not { } state)
            return new("", "");

        var truth = (await app.Services.GetRequiredService<InMemoryProvider>().ReadCustomerAsync("acme", null, CancellationToken.None))!;
        var history = await app.Acme.GetHistoryAsync();
        var invoices = await app.Acme.GetInvoicesAsync();
        HistoryRules.Check("acme", state, history, invoices);
        Assert.Equal(history.Select(raised => raised.Id), app.Heard.Select(raised => raised.Id));
        Assert.Equal(truth.Invoices.Reverse(), invoices);
        var cards = string.Join('\n', [.. state.PaymentMethods.Select(card => card.ToString()), .. history.OfType<PaymentMethodAdded>().Select(added => added.PaymentMethod.Id)]);
        return new(cards, string.Join(
            '\n',
            [
                .. state.Subscriptions.Select(Show),
                .. invoices.Select(invoice => $"{invoice.Id} {invoice.Number} {invoice.Status} {invoice.Total} {invoice.AmountDue} {invoice.AmountPaid} {string.Join(',', invoice.Refunds)} {string.Join(',', invoice.Lines)}"),
                .. state.PendingCharges.Select(charge => charge.ToString()),
                .. state.Trials.Select(trial => trial.ToString()),
                .. state.Milestones,
                .. state.Usage.Select(usage => usage.ToString()),
                .. state.Mrr.Select(amount => amount.ToString()),
                state.Customer.ToString(),
                .. history.Where(raised => raised is not PaymentMethodAdded).Select(raised => $"{raised.GetType().Name} {raised.OccurredAt:O} {raised.Explanation}").Order(StringComparer.Ordinal),
            ]));
    }

    private static string Show(Subscription subscription) =>
        $"{subscription.Id} {subscription.PlanKey} {subscription.Status} {string.Join(',', subscription.Items)} {subscription.CurrentPeriod} {subscription.CancelsAt} {subscription.Pause} "
        + $"{subscription.ScheduledChange} {string.Join(',', subscription.Discounts)} {subscription.Trial} {subscription.EndedAt} {subscription.PendingPayment}";

    private sealed record Whole(string Cards, string Rest);

    private enum FuseIn
    {
        Store,
        Provider,
    }
}
