using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.Providers;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Resources;

/// <summary>Goes from one phase of a schedule to the next.</summary>
internal static class SchedulePhases
{
    private const long ExpiryNotice = 7 * Instants.SecondsPerDay;

    /// <summary>Gives a schedule its phases; each starts where the one before ends.</summary>
    public static void Set(Account account, PlainResource schedule, IReadOnlyList<JsonObject> given, long start)
    {
        if (given.Count == 0)
            throw StripeFault.Missing("phases");

        var phases = new List<JsonNode>();
        for (var i = 0; i < given.Count; i++)
        {
            if (i > 0 && given[i].Int("start_date") is { } date && date != start)
                throw StripeFault.Invalid($"Each phase must start where the one before ends: phase {i} starts at {date}, and the one before ends at {start}.", $"phases[{i}][start_date]");

            var phase = ScheduleJson.Phase(account, given[i], start, i);
            phases.Add(phase);
            start = phase.Int("end_date")!.Value;
        }

        schedule.Body["phases"] = Json.ArrayOf(phases);
    }

    /// <summary>The first phase begins: the subscription is made.</summary>
    public static void Start(Account account, PlainResource schedule)
    {
        if (schedule.Body.Text("status") != "not_started")
            return;

        var items = Items(schedule.Body.Objects("phases")[0]);
        var record = SubscriptionStart.Create(account, new JsonObject { ["customer"] = schedule.Body.Text("customer"), ["items"] = items }, isScheduled: true);
        Bind(account, schedule, record);
        account.Events.TellChange(record, "customer.subscription.updated");
        account.Events.TellChange(schedule, "subscription_schedule.updated");
    }

    /// <summary>From now on the schedule changes this subscription.</summary>
    public static void Bind(Account account, PlainResource schedule, SubscriptionRecord record)
    {
        record.Schedule = schedule.Id;
        schedule.Body["subscription"] = record.Id;
        schedule.Body["status"] = "active";
        Plan(account, schedule, record);
    }

    /// <summary>Notes what comes next: a change at the period's end is the engine's own; what comes at another time has a timer.</summary>
    public static void Plan(Account account, PlainResource schedule, SubscriptionRecord record)
    {
        var world = record.Customer.World;
        var phases = schedule.Body.Objects("phases");
        var current = Math.Max(0, phases.ToList().FindLastIndex(phase => phase.Int("start_date") <= world.Now));
        schedule.Body["current_phase"] = new JsonObject { ["end_date"] = phases[current].Int("end_date"), ["start_date"] = phases[current].Int("start_date") };
        if (current + 1 < phases.Count)
            Await(account, schedule, record, phases[current + 1]);
        else
            AwaitEnd(account, schedule, record, phases[current].Int("end_date")!.Value);
    }

    /// <summary>After a step of the engine: whether the phase that was waiting is in force.</summary>
    public static void Follow(Account account, SubscriptionRecord record, EngineSubscription subscription)
    {
        if (record.Schedule is null || account.Objects.FindPlain("subscription_schedule", record.Schedule) is not { } schedule)
            return;

        if (!subscription.IsLive)
        {
            End(account, schedule, "canceled");
            return;
        }

        if (subscription.Scheduled is null && schedule.Body.Object("current_phase")?.Int("end_date") <= record.Customer.World.Now)
        {
            Plan(account, schedule, record);
            Enter(schedule, record);
            account.Events.TellChange(schedule, "subscription_schedule.updated");
        }
    }

    // A phase's metadata is added to the subscription's when it begins: https://docs.stripe.com/billing/subscriptions/subscription-schedules.
    private static void Enter(PlainResource schedule, SubscriptionRecord record)
    {
        var start = schedule.Body.Object("current_phase")!.Int("start_date");
        record.Body.TakeMetadata(schedule.Body.Objects("phases").First(phase => phase.Int("start_date") == start));
    }

    /// <summary>The subscription goes on as it is, and the schedule lets go of it.</summary>
    public static void Release(Account account, PlainResource schedule, string type)
    {
        var now = account.Now;
        if (account.Objects.TryFind<SubscriptionRecord>(schedule.Body.Text("subscription"), out var record))
        {
            now = record.Customer.World.Now;
            schedule.Body["released_subscription"] = record.Id;
            schedule.Body["subscription"] = null;
            record.Schedule = null;
            record.Customer.World.RunAtOnce(record.Customer, (_, engine) =>
            {
                var subscription = engine.FindSubscription(record.Number)!;
                subscription.Scheduled = null;
                engine.Touch(subscription);
                return true;
            });
        }

        var isCompleted = type == "subscription_schedule.completed";
        End(account, schedule, isCompleted ? "completed" : "released");
        schedule.Body[isCompleted ? "completed_at" : "released_at"] = now;
        account.Events.TellChange(schedule, type, always: true, now);
    }

    public static void End(Account account, PlainResource schedule, string status)
    {
        schedule.Body["status"] = status;
        schedule.Body["current_phase"] = null;
        if (account.Objects.TryFind<SubscriptionRecord>(schedule.Body.Text("subscription"), out var record))
            record.Schedule = null;
    }

    private static void Await(Account account, PlainResource schedule, SubscriptionRecord record, JsonObject phase)
    {
        var world = record.Customer.World;
        var start = phase.Int("start_date")!.Value;
        var parameters = new JsonObject { ["items"] = Replacing(account, record, phase), ["proration_behavior"] = phase.Text("proration_behavior") };
        if (start != record.Engine.PeriodEnd)
        {
            world.At(start, () =>
            {
                if (record.Schedule != schedule.Id || !record.Engine.IsLive || !schedule.Body.Objects("phases").Any(other => other.Int("start_date") == start))
                    return;

                SubscriptionUpdate.Update(account, record, new JsonObject { ["items"] = Replacing(account, record, phase), ["proration_behavior"] = phase.Text("proration_behavior") });
                Plan(account, schedule, record);
                Enter(schedule, record);
                account.Events.TellChange(record, "customer.subscription.updated");
                account.Events.TellChange(schedule, "subscription_schedule.updated");
            });
            return;
        }

        var change = SubscriptionUpdate.ChangeOf(account, record, record.Engine, parameters);
        world.RunAtOnce(record.Customer, (_, engine) =>
        {
            var subscription = engine.FindSubscription(record.Number)!;
            subscription.Scheduled = change is null ? null : change with { Change = change.Change with { Timing = ChangeTiming.AtPeriodEnd } };
            engine.Touch(subscription);
            return true;
        });
    }

    private static void AwaitEnd(Account account, PlainResource schedule, SubscriptionRecord record, long end)
    {
        var world = record.Customer.World;
        var cancels = schedule.Body.Text("end_behavior") == "cancel";
        if (cancels && record.Engine.CancelsAt != end && record.Engine.Status != SubscriptionStatus.Incomplete && end > world.Now)
        {
            world.RunAtOnce(record.Customer, (context, engine) =>
            {
                Cancellation.Cancel(context, engine, engine.FindSubscription(record.Number)!, new CancelOptions { At = Instants.At(end) });
                return true;
            });
        }

        world.At(Math.Max(world.Now, end - ExpiryNotice), () =>
        {
            if (IsLastEnd())
                account.Events.TellNew(schedule, "subscription_schedule.expiring", world.Now);
        });
        world.At(end, () =>
        {
            if (IsLastEnd() && end <= world.Now)
                Release(account, schedule, "subscription_schedule.completed");
        });

        bool IsLastEnd() => record.Schedule == schedule.Id && schedule.Body.Objects("phases")[^1].Int("end_date") == end && schedule.Body.Text("status") == "active";
    }

    // The items of a phase take the place of those that there are: the same price keeps its item, others replace one another in order.
    private static JsonArray Replacing(Account account, SubscriptionRecord record, JsonObject phase)
    {
        var wanted = Items(phase).OfType<JsonObject>().ToList();
        var before = record.Engine.Items.Select(item => (record.Item(account.Objects, item, record.Customer.World.Now).Id, Price: item.Price.Price.Key)).ToList();
        foreach (var item in wanted)
        {
            var index = before.FindIndex(known => known.Price == item.Text("price"));
            if (index < 0)
                continue;
            item["id"] = before[index].Id;
            before.RemoveAt(index);
        }

        foreach (var item in wanted.Where(item => !item.Has("id")))
        {
            if (before.Count == 0)
                break;
            item["id"] = before[0].Id;
            if (!item.Has("quantity") && account.Catalog.GetPrice(item.Text("price")!).Price.Kind != PriceKind.Metered)
                item["quantity"] = 1;
            before.RemoveAt(0);
        }

        wanted.AddRange(before.Select(gone => new JsonObject { ["id"] = gone.Id, ["deleted"] = true }));
        return Json.ArrayOf(wanted.Select(item => (JsonNode)item.DeepClone()));
    }

    private static JsonArray Items(JsonObject phase) => Json.ArrayOf(phase.Objects("items").Select(item =>
    {
        var wanted = new JsonObject { ["price"] = item.Text("price") };
        wanted.Take(item, "quantity");
        return (JsonNode)wanted;
    }));
}
