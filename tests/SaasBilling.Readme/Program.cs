using Microsoft.Extensions.DependencyInjection;
using SaasBilling;

var services = new ServiceCollection();
services.AddSaasBilling()
    .AddPlan("pro", plan => plan.Name("Pro")
        .Price(29m, "USD", BillingInterval.Monthly)
        .Trial(days: 14)
        .Feature("projects", limit: 50))
    .AddPlan("team", plan => plan.Name("Team")
        .Price(59m, "USD", BillingInterval.Monthly)
        .Feature("projects", limit: 500))
    .AddHook<SubscriptionEvent>((happened, _, _) =>
        Console.Out.WriteLineAsync($"{happened.OccurredAt:yyyy-MM-dd HH:mm}  {happened.GetType().Name}"))
    .UseInMemory(options => options.StartAt = new(2027, 3, 18, 9, 0, 0, TimeSpan.Zero));

await using var provider = services.BuildServiceProvider();
var simulator = provider.GetRequiredService<BillingSimulator>();      // time stands still until it is moved
var acme = provider.GetRequiredService<IBilling>().For("acme");       // your own id of a tenant or user

await acme.StartTrialAsync("pro");                                    // no card needed
await simulator.AdvanceAsync(TimeSpan.FromDays(12));
await acme.AddPaymentMethodAsync(TestPaymentMethods.Visa);            // from now on the trial will convert
await simulator.AdvanceAsync(TimeSpan.FromDays(12));

var decision = await acme.CheckAsync("projects", quantity: 51);
Console.WriteLine($"51 projects: {(decision.IsAllowed ? "yes" : "no")}, next step: {decision.NextStep}");

var quote = await acme.QuoteChangeAsync(new() { PlanKey = "team", Proration = Proration.AlwaysInvoice });
Console.WriteLine($"Team for the other 20 days of April: {quote.DueNow}");
await acme.ChangeAsync(quote);                                        // charges what was quoted
await simulator.AdvanceAsync(TimeSpan.FromDays(21));

foreach (var invoice in await acme.GetInvoicesAsync())
    Console.WriteLine($"{invoice.CreatedAt:yyyy-MM-dd}  {invoice.Number}  {invoice.Status}  {invoice.AmountPaid}");
