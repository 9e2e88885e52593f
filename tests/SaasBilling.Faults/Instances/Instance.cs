using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SaasBilling.Faults.Remote;
using SaasBilling.Storage;

namespace SaasBilling.Faults.Instances;

/// <summary>A process under test: the application with its worker, called over a socket, and killed without warning.</summary>
internal sealed class Instance(IBilling billing, IBillingStore store, ShiftedTime time) : IInstance
{
    public const string Ready = "ready";
    public const string Go = "go";
    public const string Running = "running";

    /// <summary>Sets up, waits for the word, and works until its input ends.</summary>
    public static async Task<int> RunAsync()
    {
        var spec = JsonSerializer.Deserialize<InstanceSpec>((await Console.In.ReadLineAsync())!, Wire.Json)!;
        var time = new ShiftedTime { Offset = spec.ClockOffset };
        using var log = new DeliveryLog(spec.Log);
        var applications = Enumerable.Range(0, spec.Workers).Select(_ => Application.Build(spec, time, log)).ToList();
        var first = applications[0];
        var instance = new Instance(first.GetRequiredService<IBilling>(), first.GetRequiredService<IBillingStore>(), time);
        await instance.WarmUpAsync();
        await Console.Out.WriteLineAsync(Ready);
        if (await Console.In.ReadLineAsync() != Go)
            return 0;

        using var server = new RemoteServer(spec.Listen, instance, typeof(IInstance));
        var workers = applications.SelectMany(application => application.GetServices<IHostedService>()).ToList();
        foreach (var worker in workers)
            await worker.StartAsync(CancellationToken.None);
        await Console.Out.WriteLineAsync(Running);

        // It ends with the program that started it, however that ends.
        await Console.In.ReadLineAsync();
        await Task.WhenAll(workers.Select(worker => worker.StopAsync(CancellationToken.None)));
        foreach (var application in applications)
            await application.DisposeAsync();
        return 0;
    }

    public async Task RunAsync(CustomerCommand command, bool mayBeDone)
    {
        ArgumentNullException.ThrowIfNull(command);
        var customer = billing.For(command.CustomerId);
        if (mayBeDone && await IsDoneAsync(customer, command))
            return;

        var amount = Money.FromMinorUnits(command.Amount, "USD");
        switch (command.Kind)
        {
            case CommandKind.Subscribe:
                await customer.SubscribeAsync(Application.Plan, new SubscribeOptions { PaymentMethodToken = TestPaymentMethods.Visa, Seats = (int)command.Amount });
                break;
            case CommandKind.Charge:
                await customer.AddChargeAsync(amount, command.Id);
                break;
            case CommandKind.ChargeNow:
                await customer.ChargeNowAsync(amount, command.Id);
                break;
            case CommandKind.Credit:
                await customer.AddCreditAsync(amount, command.Id);
                break;
            case CommandKind.Seats:
                await customer.ChangeAsync(new SubscriptionChange { Seats = (int)command.Amount });
                break;
            case CommandKind.Usage:
                await customer.RecordUsageAsync(Application.Meter, command.Amount, command.Id);
                break;
            default:
                await customer.RecordMilestoneAsync(command.Id);
                break;
        }
    }

    public async Task<WebhookReceipt> ReceiveAsync(string body, bool dieAfterwards)
    {
        var receipt = await billing.ReceiveWebhookAsync(Encoding.UTF8.GetBytes(body), _ => null);
        if (dieAfterwards)
        {
            Signals.Send(Environment.ProcessId, Signals.Kill);
            await Task.Delay(Timeout.Infinite);
        }

        return receipt;
    }

    public async Task<double[]> TimeWebhooksAsync(string customerId, int rounds)
    {
        List<double>[] times = [[], []];
        for (var i = 0; i < rounds; i++)
        {
            foreach (var column in times)
            {
                var started = Stopwatch.GetTimestamp();
                await ReceiveAsync($"timed_{i} {customerId}", dieAfterwards: false);
                column.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            }
        }

        return Array.ConvertAll(times, column => column.Order().ElementAt(rounds / 2));
    }

    public async Task<bool> HasAccessAsync(string customerId) => (await billing.For(customerId).CheckAsync(Application.Feature)).IsAllowed;

    public Task SetClockAsync(TimeSpan offset)
    {
        time.Offset = offset;
        return Task.CompletedTask;
    }

    private async Task<bool> IsDoneAsync(ICustomerBilling customer, CustomerCommand command)
    {
        if (await store.FindCustomerAsync(command.CustomerId, CancellationToken.None) is not { } state)
            return false;
        return command.Kind switch
        {
            CommandKind.Subscribe => state.Subscriptions.Count > 0,
            CommandKind.Charge or CommandKind.ChargeNow => state.PendingCharges.Any(charge => charge.Line.Description == command.Id) || (await customer.GetInvoicesAsync()).Any(invoice => invoice.Lines.Any(line => line.Description == command.Id)),

            // A customer's credits are powers of two, each given once.
            CommandKind.Credit => ((state.Customer.CreditBalance?.MinorUnits ?? 0) & command.Amount) != 0,
            CommandKind.Seats => state.Subscriptions[0].Items.Any(item => item.Quantity == command.Amount),
            _ => false,
        };
    }

    // What the first calls of everything cost is paid before it counts.
    private async Task WarmUpAsync()
    {
        await store.FindCustomerAsync("nobody", CancellationToken.None);
        await store.Jobs.LeaseAsync(new LeaseRequest(JobKind.Hook, DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(1), 1), CancellationToken.None);
        await store.Jobs.NextDueAsync(JobKind.Hook, CancellationToken.None);
        await store.Jobs.NextDueAsync(JobKind.Wake, CancellationToken.None);
        await store.Jobs.NextDueAsync(JobKind.Doorbell, CancellationToken.None);
    }
}
