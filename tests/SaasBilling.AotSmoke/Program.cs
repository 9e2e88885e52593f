using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SaasBilling;
using SaasBilling.AotSmoke;

// A subscription's life in an application that was trimmed and compiled ahead of time. Ends with OK, or with what went wrong.
var start = new DateTimeOffset(2026, 1, 31, 9, 0, 0, TimeSpan.Zero);
var builder = Host.CreateEmptyApplicationBuilder(new() { EnvironmentName = Environments.Development });
builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
{
    ["Billing:Plans:team:Name"] = "Team",
    ["Billing:Plans:team:Prices:0:Amount"] = "99",
    ["Billing:Plans:team:Prices:0:Currency"] = "USD",
    ["Billing:Plans:team:Prices:0:Interval"] = "month",
    ["Billing:Plans:team:Features:0"] = "export",
});
builder.Services.AddSingleton<Heard>();
builder.Services.AddSaasBilling()
    .AddPlan("pro", plan => plan
        .Name("Pro")
        .Price(29m, "USD", BillingInterval.Monthly)
        .Metered("api_calls", 0.01m, "USD", BillingInterval.Monthly)
        .Trial(days: 14)
        .Feature("projects", limit: 50))
    .AddPlans(builder.Configuration.GetSection("Billing"))
    .AddMeter("api_calls")
    .AddHook<Listener>()
    .AddGuard<NeedsAReason>()
    .UseInMemory(options => options.StartAt = start);

using var host = builder.Build();
await host.StartAsync();
var billing = host.Services.GetRequiredService<IBilling>();
var simulator = host.Services.GetRequiredService<BillingSimulator>();
var heard = host.Services.GetRequiredService<Heard>();
var acme = billing.For("acme");

var trial = await acme.StartTrialAsync("pro");
Require(trial.Status == SubscriptionStatus.Trialing, "the trial starts");
Require((await acme.CheckAsync("projects", quantity: 50)).IsAllowed, "a trial gives access");
await acme.AddPaymentMethodAsync(TestPaymentMethods.Visa);
await simulator.AdvanceAsync(TimeSpan.FromDays(15));
Require((await Current()).Status == SubscriptionStatus.Active, "the trial converts");

await acme.RecordUsageAsync("api_calls", 250, idempotencyKey: "first");
await acme.RecordUsageAsync("api_calls", 250, idempotencyKey: "first");
var forecast = await acme.ForecastAsync(simulator.Now.AddDays(40));
Require(forecast.Invoices.Count > 0, "a renewal is foreseen");
await simulator.AdvanceAsync(TimeSpan.FromDays(31));
var renewal = (await acme.GetInvoicesAsync())[0];
Require(renewal is { Status: InvoiceStatus.Paid, Total.MinorUnits: 2900 + 250 }, $"the renewal is paid, and not {renewal.Total}");

var quote = await acme.QuoteChangeAsync(new() { PlanKey = "team", Proration = Proration.AlwaysInvoice });
var changed = await acme.ChangeAsync(quote);
var upgrade = (await acme.GetInvoicesAsync())[0];
Require(changed.PlanKey == "team" && upgrade.AmountPaid == quote.DueNow, $"{quote.DueNow} was quoted, and {upgrade.AmountPaid} is paid");

await acme.AddPaymentMethodAsync(TestPaymentMethods.DeclinedAfterAttaching);
await simulator.AdvanceAsync(TimeSpan.FromDays(31));
Require((await acme.GetAccessAsync()).Reason == AccessReason.GracePeriod, "a failed renewal leaves a grace period");
await acme.AddPaymentMethodAsync(TestPaymentMethods.Visa);
await acme.PayInvoiceAsync((await acme.GetInvoicesAsync())[0].Id);
Require((await Current()).Status == SubscriptionStatus.Active, "the payment recovers");

try
{
    await acme.CancelAsync();
    Require(false, "the guard refuses a cancellation without a reason");
}
catch (BillingException exception) when (exception.Code == BillingErrorCode.Refused)
{
}

await acme.CancelAsync(new() { Reason = "moved on" });
await simulator.AdvanceAsync(TimeSpan.FromDays(31));
Require(!(await acme.GetAccessAsync()).IsGranted, "a canceled subscription gives no access");
var revenue = await billing.Reports.GetRevenueAsync(start, simulator.Now);
Require(revenue is { TrialsEnded: 1, TrialsConverted: 1 }, "the report counts the trial that converted");
var history = (await acme.GetHistoryAsync()).Select(happened => happened.GetType().Name).ToList();
Require(heard.Names.SequenceEqual(history, StringComparer.Ordinal), "the hook heard all that happened, in order");
foreach (var name in (string[])["TrialStarted", "TrialEnding", "TrialConverted", "SubscriptionRenewed", "PlanChanged", "PaymentFailed", "PaymentRecovered", "SubscriptionCanceled"])
    Require(history.Contains(name, StringComparer.Ordinal), $"{name} is raised");

await host.StopAsync();
Console.WriteLine($"{history.Count} events");
Console.WriteLine("OK");

async Task<Subscription> Current() => await acme.GetSubscriptionAsync() ?? throw new InvalidOperationException("There is no subscription.");

static void Require(bool holds, string what)
{
    if (!holds)
        throw new InvalidOperationException($"Expected: {what}.");
}

namespace SaasBilling.AotSmoke
{
    internal sealed class Heard
    {
        public List<string> Names { get; } = [];
    }

    internal sealed class Listener(Heard heard) : ILifecycleHook<BillingEvent>
    {
        public Task HandleAsync(BillingEvent billingEvent, CancellationToken cancellationToken)
        {
            heard.Names.Add(billingEvent.GetType().Name);
            return Task.CompletedTask;
        }
    }

    internal sealed class NeedsAReason : ILifecycleGuard<CancelCommand>
    {
        public ValueTask<GuardResult> CheckAsync(CancelCommand command, CancellationToken cancellationToken) =>
            new(command.Options.Reason is null ? GuardResult.Refuse("Tell us why.") : GuardResult.Allow);
    }
}
