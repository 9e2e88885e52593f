using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Resources;

/// <summary><c>/v1/subscription_schedules</c>: changes that wait for a later phase.</summary>
internal static class Schedules
{
    public static void Map(Router router)
    {
        router.Post("/v1/subscription_schedules", Create);
        router.Get("/v1/subscription_schedules", call => call.Page(call.Objects.All<PlainResource>("subscription_schedule").Where(schedule =>
            call.Parameters.Text("customer") is not { } customer || schedule.Body.Text("customer") == customer)));
        router.Get("/v1/subscription_schedules/{id}", call => call.Require("subscription_schedule", "subscription schedule").Render(call.Account));
        router.Post("/v1/subscription_schedules/{id}", Update);
        router.Post("/v1/subscription_schedules/{id}/release", call =>
        {
            var schedule = RequireRunning(call);
            SchedulePhases.Release(call.Account, schedule, "subscription_schedule.released");
            return schedule.Render(call.Account);
        });
        router.Post("/v1/subscription_schedules/{id}/cancel", Cancel);
    }

    private static JsonObject Create(Call call)
    {
        var account = call.Account;
        var parameters = call.Parameters;
        if (parameters.TryText("from_subscription", out var id))
            return FromSubscription(account, SubscriptionEndpoints.Require(account, id, "from_subscription", 400), parameters);

        var customer = Customers.Require(account, parameters.Required("customer"));
        var start = parameters.Text("start_date") is null or "now" ? customer.World.Now : parameters.Int("start_date")!.Value;
        var schedule = account.Objects.Add(new PlainResource(ScheduleJson.New(account, customer, parameters)));
        SchedulePhases.Set(account, schedule, parameters.Objects("phases"), start);
        account.Events.TellNew(schedule, "subscription_schedule.created");
        if (start <= customer.World.Now)
            SchedulePhases.Start(account, schedule);
        else
            customer.World.At(start, () => SchedulePhases.Start(account, schedule));
        return schedule.Render(account);
    }

    private static JsonObject FromSubscription(Account account, SubscriptionRecord record, JsonObject parameters)
    {
        if (record.Schedule is not null)
            throw StripeFault.Invalid("You cannot migrate a subscription that is already attached to a schedule.", "from_subscription");
        if (!record.Engine.IsLive)
            throw StripeFault.Invalid("You cannot migrate a subscription that is canceled.", "from_subscription");

        var subscription = record.Engine;
        var schedule = account.Objects.Add(new PlainResource(ScheduleJson.New(account, record.Customer, parameters)));
        var phase = new JsonObject
        {
            ["items"] = Json.ArrayOf(subscription.Items.Select(item => (JsonNode)(item.IsMetered
                ? new JsonObject { ["price"] = item.Price.Price.Key }
                : new JsonObject { ["price"] = item.Price.Price.Key, ["quantity"] = item.Quantity }))),
            ["end_date"] = subscription.PeriodEnd,
        };
        SchedulePhases.Set(account, schedule, [phase], subscription.PeriodStart);
        SchedulePhases.Bind(account, schedule, record);
        account.Events.TellNew(schedule, "subscription_schedule.created");
        account.Events.TellChange(record, "customer.subscription.updated");
        return schedule.Render(account);
    }

    private static JsonObject Update(Call call)
    {
        var schedule = RequireRunning(call);
        schedule.Body.Take(call.Parameters, "end_behavior");
        schedule.Body.TakeMetadata(call.Parameters);
        if (call.Parameters.Objects("phases") is { Count: > 0 } phases)
        {
            var first = phases[0].Int("start_date") ?? schedule.Body.Objects("phases")[0].Int("start_date")!.Value;
            SchedulePhases.Set(call.Account, schedule, phases, first);
            if (call.Objects.TryFind<SubscriptionRecord>(schedule.Body.Text("subscription"), out var record))
                SchedulePhases.Plan(call.Account, schedule, record);
        }

        call.Account.Events.TellChange(schedule, "subscription_schedule.updated");
        return schedule.Render(call.Account);
    }

    private static JsonObject Cancel(Call call)
    {
        var schedule = RequireRunning(call);
        var hadStarted = schedule.Body.Text("status") == "active";
        SchedulePhases.End(call.Account, schedule, "canceled");
        schedule.Body["canceled_at"] = call.Account.Now;
        if (call.Objects.TryFind<SubscriptionRecord>(schedule.Body.Text("subscription"), out var record) && record.Engine.IsLive)
        {
            var options = new CancelOptions
            {
                Timing = CancelTiming.Immediately,
                Prorate = call.Parameters.Flag("prorate") ?? true,
                InvoiceNow = call.Parameters.Flag("invoice_now") ?? true,
            };
            record.Customer.World.RunAtOnce(record.Customer, (context, engine) =>
            {
                Cancellation.Cancel(context, engine, engine.FindSubscription(record.Number)!, options);
                return true;
            });
        }

        call.Account.Events.TellChange(schedule, hadStarted ? "subscription_schedule.canceled" : "subscription_schedule.aborted", always: true);
        return schedule.Render(call.Account);
    }

    private static PlainResource RequireRunning(Call call)
    {
        var schedule = call.Require("subscription_schedule", "subscription schedule");
        return schedule.Body.Text("status") is "active" or "not_started"
            ? schedule
            : throw StripeFault.Invalid($"You cannot change a subscription schedule that is currently in the `{schedule.Body.Text("status")}` status.");
    }
}
