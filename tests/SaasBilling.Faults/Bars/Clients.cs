using System.Collections.Concurrent;
using SaasBilling.Faults.Instances;
using SaasBilling.Providers;

namespace SaasBilling.Faults.Bars;

/// <summary>
/// Clients that give commands to whichever process lives, each the customers of its own, one command after the other. A command that is not
/// acknowledged is given again.
/// </summary>
internal sealed class Clients(Stage stage, Func<Child> pick)
{
    private const int CommandsOfACustomer = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentBag<CustomerCommand> _acknowledged = [];
    private readonly ConcurrentBag<string> _refused = [];
    private int _customers;
    private int _repeated;

    /// <summary>The commands that were acknowledged.</summary>
    public IReadOnlyCollection<CustomerCommand> Acknowledged => _acknowledged;

    // Who waits for a turn to write to SQLite sleeps, and one turn after the other would leave the hooks none.
    private bool IsAlone => stage.Database.Kind == Databases.Database.Sqlite;

    /// <summary>What no client expects.</summary>
    public IReadOnlyCollection<string> Refused => _refused;

    /// <summary>How many commands had to be given again.</summary>
    public int Repeated => _repeated;

    /// <summary>Gives commands until told that it is enough; then what was begun is ended.</summary>
    public Task RunAsync(CancellationToken enough) => Task.WhenAll(Enumerable.Range(0, IsAlone ? 1 : 8).Select(_ => Task.Run(async () =>
    {
        while (!enough.IsCancellationRequested)
        {
            foreach (var command in Life(Interlocked.Increment(ref _customers)))
            {
                await GiveAsync(command);
                if (IsAlone)
                    await Task.Delay(Pause);
            }
        }
    })));

    // One in three only gets credit, which no invoice then takes: its sum can be told.
    private static IEnumerable<CustomerCommand> Life(int number)
    {
        var id = $"customer-{number}";
        if (number % 3 == 0)
            return Enumerable.Range(0, CommandsOfACustomer).Select(i => new CustomerCommand(id, CommandKind.Credit, $"credit {i}", 1 << i));

        CommandKind[] kinds = [CommandKind.Charge, CommandKind.Usage, CommandKind.Seats, CommandKind.ChargeNow, CommandKind.Milestone];
        return Enumerable.Range(1, CommandsOfACustomer - 1)
            .Select(i => new CustomerCommand(id, kinds[(i + number) % kinds.Length], $"{id} command {i}", i + 1))
            .Prepend(new CustomerCommand(id, CommandKind.Subscribe, "", 1));
    }

    private async Task GiveAsync(CustomerCommand command)
    {
        for (var repeated = false; ; repeated = true)
        {
            try
            {
                await pick().Calls.RunAsync(command, repeated);
                _acknowledged.Add(command);
                return;
            }
            catch (IOException)
            {
                Interlocked.Increment(ref _repeated);
                await Task.Delay(5);
            }
            catch (BillingException refusal) when (refusal.Code is BillingErrorCode.StoreUnavailable or BillingErrorCode.Conflict)
            {
                Interlocked.Increment(ref _repeated);
            }
            catch (BillingException refusal)
            {
                stage.Say($"refused: {command}: {refusal.Message}");
                _refused.Add($"{command}: {refusal.Message}");
                return;
            }
        }
    }

    /// <summary>How often something was charged: it waits, or is on an invoice.</summary>
    private static int Times(CustomerSnapshot truth, string description) =>
        truth.PendingCharges!.Count(charge => charge.Line.Description == description) + truth.Invoices.Sum(invoice => invoice.Lines.Count(line => line.Description == description));

    /// <summary>What of the acknowledged commands is not at the provider exactly once, or not in the store as it is there.</summary>
    public async Task<(int Lost, int Doubled, int Different)> CompareAsync()
    {
        var (lost, doubled, different) = (0, 0, 0);
        foreach (var customer in _acknowledged.GroupBy(command => command.CustomerId))
        {
            var truth = (await stage.Authority.ReadAsync(customer.Key))!;
            var state = await stage.Store.FindCustomerAsync(customer.Key, CancellationToken.None);
            var usage = 0L;
            var last = customer.Where(command => command.Kind is CommandKind.Seats or CommandKind.Subscribe).MaxBy(command => command.Amount);
            foreach (var command in customer)
            {
                var found = command.Kind switch
                {
                    CommandKind.Subscribe => truth.Subscriptions.Count,
                    CommandKind.Charge or CommandKind.ChargeNow => Times(truth, command.Id),
                    CommandKind.Seats => command != last || truth.Subscriptions[0].Items.Any(item => item.Quantity == command.Amount) ? 1 : 0,
                    CommandKind.Usage => await stage.Store.HasUsageAsync(customer.Key, Application.Meter, command.Id, CancellationToken.None) ? 1 : 0,
                    CommandKind.Milestone => state!.Milestones.Count(milestone => milestone == command.Id),
                    _ => 1,
                };
                lost += found == 0 ? 1 : 0;
                if (found != 1)
                    stage.Say($"{command} was found {found} times");
                doubled += Math.Max(0, found - 1);
                usage += command.Kind == CommandKind.Usage ? command.Amount : 0;
            }

            // What is too little to be charged, here a few cents, is owed on the balance: only who never pays has nothing but credit there.
            var credit = customer.Where(command => command.Kind == CommandKind.Credit).Sum(command => command.Amount);
            var there = credit == 0 ? 0 : truth.Customer.CreditBalance?.MinorUnits ?? 0;
            lost += there < credit ? 1 : 0;
            doubled += there > credit ? 1 : 0;
            if (state is null
                || state.Customer != truth.Customer
                || !state.Subscriptions.SequenceEqual(truth.Subscriptions)
                || !state.PendingCharges.SequenceEqual(truth.PendingCharges ?? [])
                || state.Usage.Sum(meter => meter.Value) != usage
                || !(await stage.Billing.For(customer.Key).GetInvoicesAsync()).ToHashSet().SetEquals(truth.Invoices))
            {
                stage.Say($"customer {customer.Key} is another at the provider");
                different++;
            }
        }

        return (lost, doubled, different);
    }
}
