using System.Text.Json;
using SaasBilling.Providers;

namespace SaasBilling.Tests.InMemory.Engine;

/// <summary>Bar R13: the same seed, and time cut into other steps, give the same stream to the byte.</summary>
public class DeterminismTests
{
    private const int Customers = 40;

    [Fact]
    public void R13_TheSameSeedTwice_GivesTheSameStream() => Assert.Equal(Run(365, _ => 365), Run(365, _ => 365));

    [Fact]
    public void R13_OneJumpOfAYear_Equals365Days() => Assert.Equal(Run(365, _ => 365), Run(365, _ => 1));

    [Fact]
    public void R13_RandomSteps_EqualOneJump() => Assert.Equal(Run(365, _ => 365), Run(365, random => random.Next(1, 2_000) / 24.0));

    [Fact]
    public void AnotherSeed_IsAnotherStream() => Assert.NotEqual(Run(90, _ => 90), Run(90, _ => 90, seed: 2));

    private static string Run(double days, Func<Random, double> step, int seed = 1)
    {
        var world = new World(configure: options => options.WhenRetriesExhausted = RetriesExhausted.LeavePastDue);
        var random = new Random(seed);
        for (var i = 0; i < Customers; i++)
            Populate(world, random, $"customer-{i}");

        var steps = new Random(7);
        var end = world.Start.AddDays(days);
        while (world.Now < end)
        {
            var next = world.Now.AddDays(step(steps));
            world.To(next < end ? next : end);
        }

        Assert.True(world.Stream.Count > Customers, "Something must have happened.");
        return JsonSerializer.Serialize(world.Stream);
    }

    private static void Populate(World world, Random random, string customer)
    {
        world.Ensure(customer);
        string?[] cards = [TestPaymentMethods.Visa, TestPaymentMethods.DeclinedAfterAttaching, TestPaymentMethods.Blocked, null];
        if (cards[random.Next(cards.Length)] is { } card)
            world.Card(card, customer: customer);

        string[] plans = ["free", "zero", "basic", "pro", "metered", "usage"];
        var request = world.Request(plans[random.Next(plans.Length)]) with { CustomerId = customer };
        request = random.Next(4) switch
        {
            0 => request with { TrialEnd = world.Now.AddDays(random.Next(1, 30)), WhenNoPaymentMethod = (TrialEndBehavior)random.Next(3) },
            1 => request with { InvoiceDueInDays = random.Next(0, 30) },
            _ => request,
        };
        if (request.Currency is not null && random.Next(2) == 0)
            request = request with { Coupons = ["half4"] };

        var made = world.Subscribe(request);
        if (random.Next(4) == 0 && made.Snapshot.Subscriptions[^1].Status != SubscriptionStatus.Incomplete)
            World.Done(world.Provider.CancelSubscriptionAsync(new SubscriptionRef(customer, made.Id!), new CancelOptions { At = world.Now.AddDays(random.Next(1, 200)), Prorate = true }, world.Key(), default));
    }
}
