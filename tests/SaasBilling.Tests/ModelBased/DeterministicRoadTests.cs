using System.Text.Json;
using SaasBilling.Tests.Billing;

namespace SaasBilling.Tests.ModelBased;

/// <summary>Bar R13 over the whole road: engine, transitions, wake-ups and hooks.</summary>
public sealed class DeterministicRoadTests
{
    private const int Customers = 20;

    private static readonly DateTimeOffset Start = new(2027, 1, 31, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task R13_The_same_seed_twice_and_a_year_cut_into_days_give_the_same_events_to_the_byte()
    {
        var jump = await RunAsync(seed: 1, 365);

        Assert.Equal(jump, await RunAsync(seed: 1, 365));
        Assert.Equal(jump, await RunAsync(seed: 1, 1));
        Assert.NotEqual(jump, await RunAsync(seed: 2, 365));
        foreach (var name in new[] { "TrialConverted", "TrialExpired", "PaymentFailed", "SubscriptionPaused", "SubscriptionResumed", "SubscriptionRenewed", "AccessRestricted", "ChargeAdded", "InvoiceUpcoming" })
            Assert.Contains($" {name} {{", jump);
    }

    private static async Task<string> RunAsync(int seed, int step)
    {
        BillingApp? running = null;
        await using var app = new BillingApp(
            builder => builder
                .AddHook<PaymentFailed>(async (failed, _, token) =>
                {
                    if (failed.Invoice.Failures.Count == 2)
                        await running!.Billing.For(failed.CustomerId).AddPaymentMethodAsync(TestPaymentMethods.Mastercard, cancellationToken: token);
                })
                .AddHook<SubscriptionRenewed>(async (renewed, _, token) => await running!.Billing.For(renewed.CustomerId).AddChargeAsync(Money.Of(3m, "USD"), "Postage", token)),
            startAt: Start);
        running = app;
        var random = new Random(seed);
        for (var number = 0; number < Customers; number++)
            await PopulateAsync(app.Billing.For($"customer-{number:D2}"), number, random);

        for (var day = 0; day < 365; day += step)
            await app.DaysAsync(step);

        // What was told by the hooks, over all customers in their order, and what each customer's history says.
        var lines = app.Heard.Select(Line).ToList();
        for (var number = 0; number < Customers; number++)
            lines.AddRange((await app.Billing.For($"customer-{number:D2}").GetHistoryAsync()).Select(Line));
        Assert.Equal(app.Heard.Count * 2, lines.Count);
        return string.Join('\n', lines);
    }

    private static string Line(BillingEvent raised) => $"{raised.Id} {raised.GetType().Name} {JsonSerializer.Serialize<object>(raised)}";

    private static async Task PopulateAsync(ICustomerBilling customer, int number, Random random)
    {
        string?[] cards = [TestPaymentMethods.Visa, TestPaymentMethods.DeclinedAfterAttaching, TestPaymentMethods.Visa, null];
        if (cards[number % cards.Length] is { } card)
            await customer.AddPaymentMethodAsync(card);

        string[] plans = ["pro", "patient", "trusting", "team"];
        var plan = plans[random.Next(plans.Length)];
        if (plan == "team")
            await customer.SubscribeAsync(plan, new() { Seats = 1 + random.Next(9) });
        else
            await customer.StartTrialAsync(plan, new() { Days = 1 + random.Next(20) });

        switch (number % 5)
        {
            case 0 when (await customer.GetSubscriptionAsync())!.Status is not SubscriptionStatus.Incomplete:
                await customer.PauseAsync(new() { ResumesAt = Start.AddDays(random.Next(10, 90)) });
                break;
            case 1 when (await customer.GetSubscriptionAsync())!.Status is not SubscriptionStatus.Incomplete:
                await customer.CancelAsync(new() { At = Start.AddDays(random.Next(10, 200)), Prorate = true });
                break;
        }
    }
}
