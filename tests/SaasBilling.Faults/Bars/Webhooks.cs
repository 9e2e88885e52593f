using SaasBilling.Faults.Databases;
using SaasBilling.Faults.Instances;
using SaasBilling.Faults.Remote;
using SaasBilling.Providers;
using SaasBilling.Storage;

namespace SaasBilling.Faults.Bars;

/// <summary>R2 and R3: webhooks are redelivered until they are acknowledged, over many connections, to a process that is killed before it answers and before it handles them.</summary>
internal static class Webhooks
{
    private const int Connections = 16;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(20);

    public static async Task<Bar> RunAsync(RunSettings settings, IDatabases databases)
    {
        await using var stage = await Stage.SetAsync(settings, databases);
        var (events, kills) = (settings.Of(300, 20_000), settings.Of(6, 50));
        for (var i = 0; i < events; i++)
            await stage.Provider.EnsureCustomerAsync(new EnsureCustomerRequest(Customer(i), new CustomerDetails()), $"ensure {i}", CancellationToken.None);

        var deliveries = Enumerable.Range(0, events).SelectMany(number => Enumerable.Repeat(number, stage.Random.Next(1, 6))).ToArray();
        stage.Random.Shuffle(deliveries);
        var endpoint = new Endpoint(await stage.RunAsync());
        var next = -1;
        var acknowledged = new int[events];
        var killing = KillAsync(stage, endpoint, kills, () => Volatile.Read(ref next), deliveries.Length);
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < deliveries.Length; i = Interlocked.Increment(ref next))
            {
                // So that something is left to be delivered at each kill.
                var number = i;
                await Until.TrueAsync("the next process is there", Longest, () => number < endpoint.Gate);
                await endpoint.DeliverAsync(Body(deliveries[i]));
                Interlocked.Increment(ref acknowledged[deliveries[i]]);
            }
        })));
        await killing;
        await stage.DrainedAsync(Longest);
        var (newOnes, duplicates) = await endpoint.Child.Calls.TimeWebhooksAsync("timed", 200) is [var one, var other] ? (one, other) : default;
        await stage.DrainedAsync(Longest);

        // Three days later the provider tries them all again.
        await endpoint.Child.Calls.SetClockAsync(TimeSpan.FromDays(3));
        var late = 0;
        for (var i = 0; i < events; i++)
            late += await endpoint.DeliverAsync(Body(i)) == WebhookReceipt.Duplicate ? 0 : 1;

        var bar = new Bar("R2, R3 webhooks", stage.Database.Title, $"{events:N0} events, each delivered 1 to 5 times over {Connections} connections ({deliveries.Length:N0}), and again after 3 days; {kills} × SIGKILL, every other between commit and answer");
        var entries = await stage.Store.Inbox.ListAsync(new InboxFilter(), 10 * events, CancellationToken.None);
        var stored = entries.Select(entry => entry.Message.EventId).ToHashSet();
        bar.MustBe("acknowledged and not stored", 0, Enumerable.Range(0, events).Count(i => acknowledged[i] > 0 && !stored.Contains(Event(i))));
        bar.MustBe("not handled", 0, entries.Count(entry => entry.Status != InboxStatus.Handled));
        bar.MustBe("not acknowledged", 0, acknowledged.Count(count => count == 0));
        bar.MustBe("handled again after the store had taken their result", 0, Traces.ReadTold(stage).Count(job => job.Count() > 1));
        bar.Note("handled again because a killed process held them", $"{Enumerable.Range(0, events).Count(i => stage.Authority.ReadsOf(Customer(i)) > 1):N0}");
        bar.MustBe("taken for new after 3 days", 0, late);
        bar.AtLeast($"a duplicate ({duplicates * 1_000:0.##} ms) is answered faster than a new one ({newOnes * 1_000:0.##} ms)", settings.InFull(2), newOnes / duplicates, "×");
        return bar;
    }

    private static string Event(int number) => $"evt_{number}";

    private static string Customer(int number) => $"rung-{number}";

    private static string Body(int number) => $"{Event(number)} {Customer(number)}";

    private static async Task KillAsync(Stage stage, Endpoint endpoint, int kills, Func<int> delivered, int deliveries)
    {
        var spare = stage.Start();
        for (var i = 0; i < kills; i++)
        {
            await spare.ReadyAsync();
            var at = deliveries * (i + 1) / (kills + 2);
            endpoint.Gate = deliveries * (i + 2) / (kills + 2);
            await Until.TrueAsync("webhooks are delivered", Longest, () => delivered() >= at);
            var dead = endpoint.Child;
            if (i % 2 == 0)
                endpoint.KillBeforeAnswer();
            else
                await dead.KillAsync();
            await dead.EndedAsync();
            await spare.GoAsync();
            endpoint.Child = spare;
            stage.Say($"kill {i + 1} of {kills}, {delivered()} of {deliveries} delivered");
            if (i < kills - 1)
                spare = stage.Start();
        }

        endpoint.Gate = int.MaxValue;
    }

    /// <summary>Where webhooks go: the process that lives.</summary>
    private sealed class Endpoint(Child child)
    {
        private int _dies;

        public Child Child { get; set; } = child;

        /// <summary>How many deliveries may begin.</summary>
        public int Gate { get; set; }

        public void KillBeforeAnswer() => Volatile.Write(ref _dies, 1);

        /// <summary>Delivers until it is acknowledged, as a provider does.</summary>
        public async Task<WebhookReceipt> DeliverAsync(string body)
        {
            while (true)
            {
                try
                {
                    return await Child.Calls.ReceiveAsync(body, Interlocked.Exchange(ref _dies, 0) == 1);
                }
                catch (Exception exception) when (exception is IOException or BillingException { Code: BillingErrorCode.StoreUnavailable })
                {
                    await Task.Delay(5);
                }
            }
        }
    }
}
