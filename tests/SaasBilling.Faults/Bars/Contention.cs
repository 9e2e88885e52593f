using System.Collections.Concurrent;
using SaasBilling.Faults.Databases;
using SaasBilling.Faults.Instances;
using SaasBilling.Providers;

namespace SaasBilling.Faults.Bars;

/// <summary>R9: two processes change the same few customers at once; nothing that was acknowledged is lost.</summary>
internal static class Contention
{
    private const int TasksOfAProcess = 16;
    private const int Customers = 8;

    public static async Task<Bar> RunAsync(RunSettings settings, IDatabases databases)
    {
        await using var stage = await Stage.SetAsync(settings, databases);
        var actions = settings.Of(600, 10_000);
        Child[] children = [await stage.RunAsync(), await stage.RunAsync()];
        for (var i = 0; i < Customers; i++)
            await children[0].Calls.RunAsync(new CustomerCommand(Customer(i), CommandKind.Subscribe, "", 1), mayBeDone: false);

        var next = -1;
        var charged = new ConcurrentBag<CustomerCommand>();
        var (conflicts, refused) = (0, new ConcurrentBag<string>());
        await Task.WhenAll(Enumerable.Range(0, 2 * TasksOfAProcess).Select(task => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < actions; i = Interlocked.Increment(ref next))
            {
                var command = new CustomerCommand(Customer(i % Customers), (i / Customers % 3) switch { 0 => CommandKind.Charge, 1 => CommandKind.Seats, _ => CommandKind.Usage }, $"action {i}", 2 + (i % 50));
                for (var done = false; !done;)
                {
                    try
                    {
                        await children[task % 2].Calls.RunAsync(command, mayBeDone: false);
                        charged.Add(command);
                        done = true;
                    }
                    catch (BillingException conflict) when (conflict.Code is BillingErrorCode.Conflict or BillingErrorCode.StoreUnavailable)
                    {
                        Interlocked.Increment(ref conflicts);

                        // The provider may have done it: a charge is looked for, and the others can be given twice.
                        done = command.Kind == CommandKind.Charge && await ChargesAsync(stage, command) > 0;
                    }
                    catch (BillingException refusal)
                    {
                        refused.Add(refusal.Message);
                        done = true;
                    }
                }
            }
        })));

        foreach (var child in children)
            await child.DisposeAsync();
        var bar = new Bar("R9 two processes, the same customers", stage.Database.Title, $"2 processes × {TasksOfAProcess} tasks, {actions:N0} charges, changes of seats and usage of {Customers} customers");
        var (lost, doubled, eventsOff) = (0, 0, 0);
        foreach (var customer in charged.Where(command => command.Kind == CommandKind.Charge).GroupBy(command => command.CustomerId))
        {
            var truth = (await stage.Authority.ReadAsync(customer.Key))!;
            var told = (await stage.Store.GetEventsAsync(customer.Key, CancellationToken.None)).OfType<ChargeAdded>().Select(raised => raised.Line.Description).ToLookup(text => text);
            foreach (var command in customer)
            {
                var found = truth.PendingCharges!.Count(charge => charge.Line.Description == command.Id);
                lost += found == 0 ? 1 : 0;
                doubled += Math.Max(0, found - 1);
                eventsOff += told[command.Id].Count() == found ? 0 : 1;
            }
        }

        bar.MustBe("charges lost", 0, lost);
        bar.MustBe("charges done twice", 0, doubled);
        bar.MustBe("charges whose event is missing or told twice", 0, eventsOff);
        bar.MustBe("usage lost or counted twice", charged.Where(command => command.Kind == CommandKind.Usage).Sum(command => command.Amount), await UsageAsync(stage));
        bar.MustBe("customers that differ from the provider", 0, (await stage.Billing.ReconcileAsync(cancellationToken: CancellationToken.None)).Repaired);
        bar.MustBe($"refused{(refused.FirstOrDefault() is { } first ? $" ({first})" : "")}", 0, refused.Count);
        bar.Note("told of a conflict, and given again", $"{conflicts:N0}");
        return bar;
    }

    private static string Customer(int number) => $"contended-{number}";

    private static async Task<int> ChargesAsync(Stage stage, CustomerCommand command) =>
        (await stage.Store.FindCustomerAsync(command.CustomerId, CancellationToken.None))!.PendingCharges.Count(charge => charge.Line.Description == command.Id);

    private static async Task<long> UsageAsync(Stage stage)
    {
        var sum = 0m;
        for (var i = 0; i < Customers; i++)
            sum += (await stage.Store.FindCustomerAsync(Customer(i), CancellationToken.None))!.Usage.Sum(meter => meter.Value);
        return (long)sum;
    }
}
