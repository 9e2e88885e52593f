using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace SaasBilling.StripeServer.Tests.Events;

public sealed class WebhookTests
{
    [Fact]
    public async Task Delivery_IsSigned_AndOnlyOfTheWantedTypes()
    {
        await using var stage = await Stage.SetAsync();
        await using var receiver = await Receiver.StartAsync();
        stage.Server.RegisterWebhook(receiver.Url, "customer.created");

        var customer = await stage.CustomerAsync();
        await stage.Server.DeliverAsync(TestContext.Current.CancellationToken);

        var (signature, body) = Assert.Single(receiver.Taken);
        var at = Stage.Start.ToUnixTimeSeconds();
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(stage.Server.WebhookSecret), Encoding.UTF8.GetBytes($"{at}.{body}"));
        Assert.Equal($"t={at},v1={Convert.ToHexStringLower(expected)}", signature);
        Assert.Equal(customer, JsonNode.Parse(body)!["data"]!["object"]!.AsObject().Id());
    }

    [Fact]
    public async Task Delivery_Refused_ComesAgainWithAFreshSignature_UntilItIsTaken()
    {
        await using var stage = await Stage.SetAsync();
        await using var receiver = await Receiver.StartAsync();
        receiver.Refuses = true;
        stage.Server.RegisterWebhook(receiver.Url, "customer.created");
        await stage.CustomerAsync();

        await stage.AdvanceAsync(TimeSpan.FromHours(1));
        receiver.Refuses = false;
        await stage.AdvanceAsync(TimeSpan.FromDays(3));

        Assert.Equal([(1, 500), (2, 500), (3, 500), (4, 200)], stage.Server.Deliveries.Select(delivery => (delivery.Attempt, delivery.Status!.Value)));
        Assert.Equal(4, receiver.Taken.Select(taken => taken.Signature).Distinct().Count());
        Assert.Single(receiver.Taken.Select(taken => JsonNode.Parse(taken.Body)!.AsObject().Id()).Distinct());
        Assert.Equal(0, (await stage.GetAsync("/v1/events?type=customer.created")).Data().Single().Int("pending_webhooks"));
    }

    [Fact]
    public async Task Delivery_RefusedForThreeDays_IsGivenUp()
    {
        await using var stage = await Stage.SetAsync();
        await using var receiver = await Receiver.StartAsync();
        receiver.Refuses = true;
        stage.Server.RegisterWebhook(receiver.Url, "customer.created");
        await stage.CustomerAsync();

        await stage.AdvanceAsync(TimeSpan.FromDays(5));

        Assert.Equal(10, stage.Server.Deliveries.Count);
    }
}
