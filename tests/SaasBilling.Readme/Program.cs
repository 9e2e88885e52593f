using Microsoft.Extensions.DependencyInjection;
using SaasBilling;

var services = new ServiceCollection();
services.AddSaasBilling()
    .AddPlan("free", plan => plan.Name("Free").Free().Feature("projects", limit: 3))
    .AddPlan("pro", plan => plan.Name("Pro")
        .Price(29m, "USD", BillingInterval.Monthly)
        .Price(290m, "USD", BillingInterval.Yearly)
        .Trial(days: 14)
        .Feature("export").Feature("projects", limit: 50))
    .AddHook<BillingEvent>((happened, _, _) =>
    {
        Console.WriteLine($"{happened.OccurredAt:yyyy-MM-dd}  {happened.GetType().Name}");
        return Task.CompletedTask;
    })
    .UseInMemory(options => options.StartAt = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

await using var provider = services.BuildServiceProvider();
var billing = provider.GetRequiredService<IBilling>();
var simulator = provider.GetRequiredService<BillingSimulator>();

var acme = billing.For("acme");
await acme.StartTrialAsync("pro");
await acme.AddPaymentMethodAsync(TestPaymentMethods.Visa);
await simulator.AdvanceAsync(TimeSpan.FromDays(50));
await acme.CancelAsync();
await simulator.AdvanceAsync(TimeSpan.FromDays(30));

var access = await acme.GetAccessAsync();
Console.WriteLine($"May they export? {access.Has("export")}: {access.Reason}");
