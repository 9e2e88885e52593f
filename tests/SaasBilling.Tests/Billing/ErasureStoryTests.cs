using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SaasBilling.InMemory;
using SaasBilling.Storage;
using SaasBilling.Tests.ModelBased;

namespace SaasBilling.Tests.Billing;

/// <summary>Who somebody was is forgotten, and what they did stays.</summary>
public sealed class ErasureStoryTests
{
    // printf 'ann@acme.test' | sha256sum, and of 'ann smith'.
    private const string EmailMarker = "sha256:e4d5f987a8d70fa3da8c16531c1fff966f7db6137d582d6445b833650ca0ac5a";
    private const string NameMarker = "sha256:1216f1dd03c30ac4f4c6dd4be754ba415ea06e1c3e805ec2c8b4909c5145a973";

    private static readonly string[] Personal = ["Ann", "Vienna", "de-AT", "gold", "4242", "4444", "my divorce"];

    [Fact]
    public async Task Nothing_personal_is_left_and_everything_else_is()
    {
        await using var app = new BillingApp();
        await LiveAsync(app);
        var before = (Invoices: await app.Acme.GetInvoicesAsync(), History: await app.Acme.GetHistoryAsync(), State: await app.StateAsync(), Report: await ReportAsync(app));
        Assert.All(Personal, text => Assert.Contains(text, Everything(before.State!, before.History), StringComparison.Ordinal));

        await app.Acme.EraseAsync();

        var (state, history) = (await app.StateAsync(), await app.Acme.GetHistoryAsync());
        Assert.All(Personal, text => Assert.DoesNotContain(text, Everything(state!, history), StringComparison.Ordinal));
        Assert.Equal((EmailMarker, NameMarker, app.Now), (state!.Customer.Email, state.Customer.Name, state.Customer.ErasedAt));
        Assert.Equal(before.Invoices, await app.Acme.GetInvoicesAsync());
        Assert.Equal(before.History.Select(told => (told.Id, told.GetType(), told.OccurredAt)), history.Select(told => (told.Id, told.GetType(), told.OccurredAt)));
        Assert.Equal(before.State!.Trials, state.Trials);
        Assert.Equal(before.Report, await ReportAsync(app));
        Assert.Equal("visa", history.OfType<PaymentMethodAdded>().First().PaymentMethod.Brand);
    }

    [Fact]
    public async Task Erasing_again_and_comparing_with_the_provider_change_nothing()
    {
        await using var app = new BillingApp();
        await LiveAsync(app);
        await app.Acme.EraseAsync();
        var state = await app.StateAsync();

        await app.Acme.EraseAsync();
        Assert.Same(state, await app.StateAsync());
        await app.DaysAsync(100);
        await app.Billing.ReconcileAsync();

        Assert.Equal(state!.Version, (await app.StateAsync())!.Version);
        Assert.Equal(state.Customer, (await app.Acme.GetCustomerAsync()));
    }

    [Fact]
    public async Task Only_who_was_deleted_is_erased()
    {
        await using var app = new BillingApp();
        await app.RefusedAsync(
            BillingErrorCode.UnknownCustomer,
            "Billing has never seen customer 'acme'. Check the id, or begin with EnsureCustomerAsync, SubscribeAsync or StartTrialAsync.",
            () => app.Acme.EraseAsync());
        await app.SubscribedAsync();

        await app.RefusedAsync(
            BillingErrorCode.InvalidState,
            "Customer 'acme' was not deleted, and is still billed. Call DeleteCustomerAsync first, which ends every subscription.",
            () => app.Acme.EraseAsync());
    }

    [Fact]
    public async Task Bodies_of_their_webhooks_are_forgotten_also_of_those_that_come_later()
    {
        await using var app = new BillingApp();
        await LiveAsync(app);
        await ReceiveAsync(app, "evt_1", (await app.Acme.GetInvoicesAsync())[0].Id, "cus_1");
        await ReceiveAsync(app, "evt_2", null, "cus_1");
        await ReceiveAsync(app, "evt_3", "in_other", "cus_2");

        await app.Acme.EraseAsync();
        await ReceiveAsync(app, "evt_4", null, "cus_1");
        Assert.Equal("evt_4 evt_3", await KeptAsync(app));
        await app.Acme.EraseAsync();
        Assert.Equal("evt_3", await KeptAsync(app));
    }

    [Fact]
    public async Task An_event_that_is_still_to_be_delivered_is_delivered_erased()
    {
        var isDown = true;
        var heard = new List<PaymentMethodAdded>();
        await using var app = new BillingApp(builder => builder.AddHook<PaymentMethodAdded>("mail", (added, _, _) =>
        {
            if (isDown)
                throw new InvalidOperationException("The mail server is down.");
            heard.Add(added);
            return Task.CompletedTask;
        }));
        await LiveAsync(app);
        await app.Acme.EraseAsync();
        isDown = false;
        await app.Billing.Operations.RetryJobsAsync();
        await app.DaysAsync(2);

        Assert.Equal(2, heard.Count);
        Assert.All(heard, added => Assert.Equal(("", 0, 0), (added.PaymentMethod.Last4, added.PaymentMethod.ExpiryMonth, added.PaymentMethod.ExpiryYear)));
    }

    /// <summary>Whatever call fails, before or after it took effect: calling again ends it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Erasing_that_stopped_at_any_point_is_ended_by_another_call(bool isAfter)
    {
        var stopped = new List<string>();
        for (var call = 1; ; call++)
        {
            var (store, fuse) = (new InMemoryBillingStore(), new Fuse());
            await using var app = new BillingApp(builder => builder.Services.AddSingleton<IBillingStore>(FailingProxy.Of<IErasingStore>(store, fuse)));
            await LiveAsync(app);
            await ReceiveAsync(app, "evt_1", (await app.Acme.GetInvoicesAsync())[0].Id, "cus_1");
            fuse.Arm(call, isAfter);
            var failure = await Record.ExceptionAsync(() => app.Acme.EraseAsync());
            fuse.Disarm();
            Assert.Equal(fuse.Blown is not null, failure is BillingException);

            await app.Acme.EraseAsync();
            Assert.All(Personal, text => Assert.DoesNotContain(text, Everything(store), StringComparison.Ordinal));
            Assert.Equal("", await KeptAsync(app));
            if (fuse.Blown is null)
                break;
            stopped.Add(fuse.Blown);
        }

        Assert.Equal(["FindCustomerAsync", "GetEventsAsync", "GetInvoicesAsync", "ForgetWebhooksAsync", "EraseAsync"], stopped);
    }

    /// <summary>A store that erases.</summary>
    public interface IErasingStore : IBillingStore, IStoreErasure;

    private static async Task LiveAsync(BillingApp app)
    {
        await app.Acme.EnsureCustomerAsync(new() { Email = "Ann@acme.test", Name = "Ann Smith", TimeZone = "Europe/Vienna", Locale = "de-AT", Metadata = new Dictionary<string, string> { ["tier"] = "gold" } });
        await app.Acme.StartTrialAsync("pro", new() { PaymentMethodToken = TestPaymentMethods.Visa });
        await app.DaysAsync(30);
        await app.Acme.AddPaymentMethodAsync(TestPaymentMethods.Mastercard);
        await app.Acme.CancelAsync(new() { Reason = "my divorce" });
        await app.DaysAsync(1);
        await app.Acme.DeleteCustomerAsync();
        await app.DaysAsync(1);
    }

    private static async Task<string> ReportAsync(BillingApp app) =>
        JsonSerializer.Serialize(await app.Billing.Reports.GetRevenueAsync(BillingApp.Start, app.Now.AddDays(1)));

    private static string Everything(InMemoryBillingStore store) =>
        Everything(store.FindCustomerAsync("acme", CancellationToken.None).Result!, store.GetEventsAsync("acme", CancellationToken.None).Result);

    private static string Everything(CustomerState state, IReadOnlyList<BillingEvent> events) =>
        JsonSerializer.Serialize(state) + string.Concat(events.Select(told => JsonSerializer.Serialize<object>(told)));

    private static async Task ReceiveAsync(BillingApp app, string id, string? objectId, string subject) => Assert.True(await app.Store.Inbox.AddAsync(
        new InboxMessage { Provider = "stripe", EventId = id, IsLive = true, Type = "invoice.paid", ObjectId = objectId, Subject = subject, ReceivedAt = app.Now, Body = "ann@acme.test" },
        CancellationToken.None));

    private static async Task<string> KeptAsync(BillingApp app) => string.Join(
        ' ',
        (await app.Store.Inbox.ListAsync(new InboxFilter(), 10, CancellationToken.None)).Where(entry => entry.Message.Body is not null).Select(entry => entry.Message.EventId).OrderDescending());
}
