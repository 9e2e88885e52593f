using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Moq;
using SaasBilling.Providers;
using SaasBilling.Storage;
using SaasBilling.Tests.Billing;
using SaasBilling.Tests.Diagnostics;

namespace SaasBilling.Tests.Scheduling;

/// <summary>Webhooks: verified, stored, and then the present is read.</summary>
public sealed class DoorbellTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new(RuntimeApp.Start);
    private readonly BillingApp _there = new();
    private readonly Mock<IBillingProvider> _provider = new();
    private readonly Mock<IWebhookProvider> _webhooks;
    private readonly List<string> _read = [];

    public DoorbellTests()
    {
        var engine = _there.Services.GetRequiredService<IBillingProvider>();
        _provider.SetupGet(provider => provider.Name).Returns("stripe");
        _provider
            .Setup(provider => provider.ReadCustomerAsync(It.IsAny<string>(), It.IsAny<string?>(), It.IsAny<CancellationToken>()))
            .Returns((string id, string? cursor, CancellationToken token) =>
            {
                lock (_read)
                    _read.Add(id);
                return engine.ReadCustomerAsync(id, cursor, token);
            });
        _webhooks = _provider.As<IWebhookProvider>();
        _webhooks
            .Setup(webhooks => webhooks.ReadWebhook(It.IsAny<ReadOnlyMemory<byte>>(), It.IsAny<Func<string, string?>>(), It.IsAny<DateTimeOffset>()))
            .Returns((ReadOnlyMemory<byte> body, Func<string, string?> header, DateTimeOffset at) => header("signature") switch
            {
                "good" => Message(Encoding.UTF8.GetString(body.Span), at),
                "ignored" => null,
                _ => throw new BillingException(BillingErrorCode.InvalidWebhookSignature, "The signature is not ours."),
            });
        _webhooks
            .Setup(webhooks => webhooks.FindCustomersAsync(It.IsAny<InboxMessage>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync((InboxMessage message, CancellationToken _) => message.ObjectId is { } id ? [id] : []);
    }

    public ValueTask DisposeAsync() => _there.DisposeAsync();

    [Fact]
    public async Task A_webhook_has_the_present_read_and_told_once()
    {
        await _there.SubscribedAsync();
        await using var app = App();
        await app.StartWorkerAsync();

        Assert.Equal(WebhookReceipt.Stored, await ReceiveAsync(app, "evt_1 acme"));
        await app.Deliveries.UntilAsync("hook acme/1 CustomerCreated");
        Assert.Equal(WebhookReceipt.Duplicate, await ReceiveAsync(app, "evt_1 acme"));
        Assert.Equal(WebhookReceipt.Stored, await ReceiveAsync(app, "evt_2 acme"));
        await RuntimeApp.UntilAsync(async () => (await app.Store.Inbox.FindAsync("stripe", "evt_2", true, CancellationToken.None))!.Status == InboxStatus.Handled);
        await app.UntilIdleAsync(_time);

        Assert.Equal(["acme", "acme"], _read);
        Assert.Equal(app.Deliveries.All.Distinct(), app.Deliveries.All);
        Assert.Equal("pro", (await app.Billing.For("acme").GetSubscriptionAsync())!.PlanKey);
        Assert.Equal(InboxStatus.Handled, (await app.Store.Inbox.FindAsync("stripe", "evt_1", true, CancellationToken.None))!.Status);
    }

    [Fact]
    public async Task A_webhook_that_is_not_ours_is_refused_and_one_that_changes_nothing_is_not_stored()
    {
        await using var app = App();

        var refused = await Assert.ThrowsAsync<BillingException>(() => ReceiveAsync(app, "evt_1 acme", "forged"));
        Assert.Equal(BillingErrorCode.InvalidWebhookSignature, refused.Code);
        Assert.Equal(WebhookReceipt.Ignored, await ReceiveAsync(app, "evt_2 acme", "ignored"));

        Assert.Empty(await app.Store.Inbox.ListAsync(new InboxFilter(), 10, CancellationToken.None));
    }

    /// <summary>B-28: poison is parked for its customer alone.</summary>
    [Fact]
    public async Task A_webhook_that_cannot_be_handled_is_tried_again_then_quarantined_and_others_go_on()
    {
        await _there.SubscribedAsync();
        _provider
            .Setup(provider => provider.ReadCustomerAsync("poisoned", It.IsAny<string?>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new BillingException(BillingErrorCode.ProviderUnavailable, "It does not answer."));
        await using var app = App(options => options.Worker.MaxAttempts = 3);
        await app.StartWorkerAsync();

        await ReceiveAsync(app, "evt_1 poisoned");
        await ReceiveAsync(app, "evt_2 acme");
        await app.Deliveries.UntilAsync("hook acme/1 CustomerCreated");
        await RuntimeApp.UntilAsync(async () =>
        {
            await app.PassAsync(_time, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
            return (await app.Jobs.GetQuarantinedAsync(CancellationToken.None)).Count > 0;
        });

        var parked = Assert.Single(await app.Jobs.GetQuarantinedAsync(CancellationToken.None));
        Assert.Equal(("inbox:stripe:live:evt_1", 3, "BillingException: It does not answer."), (parked.Job.Key, parked.Attempts, parked.LastError));
    }

    [Fact]
    public async Task A_provider_without_webhooks_says_so()
    {
        var missing = await Assert.ThrowsAsync<BillingException>(() => _there.Billing.ReceiveWebhookAsync(default, _ => null));

        Assert.Equal(BillingErrorCode.NotSupportedByProvider, missing.Code);
        Assert.Equal("The billing provider 'in-memory' has no webhooks (IWebhookProvider). Use a provider that has one, or do without.", missing.Message);
        await Assert.ThrowsAsync<ArgumentNullException>(() => _there.Billing.ReceiveWebhookAsync(default, null!));
    }

    private static InboxMessage Message(string body, DateTimeOffset at) => new()
    {
        Provider = "stripe",
        EventId = body.Split(' ')[0],
        IsLive = true,
        Type = "customer.subscription.updated",
        ObjectId = body.Split(' ')[1],
        Subject = body.Split(' ')[1],
        ReceivedAt = at,
        Body = body,
    };

    private static Task<WebhookReceipt> ReceiveAsync(RuntimeApp app, string body, string signature = "good") =>
        app.Billing.ReceiveWebhookAsync(Encoding.UTF8.GetBytes(body), name => name == "signature" ? signature : null);

    private RuntimeApp App(Action<SaasBillingOptions>? options = null) => RuntimeApp.On(
        _time,
        builder =>
        {
            builder.Services.AddSingleton(_provider.Object);
            return RuntimeApp.Record(builder);
        },
        options);
}
