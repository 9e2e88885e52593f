using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Resources;

/// <summary><c>/v1/test_helpers/test_clocks</c>: https://docs.stripe.com/billing/testing/test-clocks.</summary>
internal static class TestClocks
{
    private const long Lifetime = 30 * Instants.SecondsPerDay;

    public static void Map(Router router)
    {
        router.Post("/v1/test_helpers/test_clocks", Create);
        router.Get("/v1/test_helpers/test_clocks", call => call.Page(call.Objects.All("test_helpers.test_clock")));
        router.Get("/v1/test_helpers/test_clocks/{id}", call => call.Require("test_helpers.test_clock", "billing clock").Render(call.Account));
        router.Post("/v1/test_helpers/test_clocks/{id}/advance", Advance);
        router.Delete("/v1/test_helpers/test_clocks/{id}", Delete);
    }

    private static JsonObject Create(Call call)
    {
        var frozen = call.Parameters.Int("frozen_time") ?? throw StripeFault.Missing("frozen_time");
        var clock = call.Objects.Add(new PlainResource(new JsonObject
        {
            ["id"] = call.Objects.NewId("clock"),
            ["object"] = "test_helpers.test_clock",
            ["created"] = call.Account.Now,
            ["deletes_after"] = call.Account.Now + Lifetime,
            ["frozen_time"] = frozen,
            ["livemode"] = false,
            ["name"] = call.Parameters.Text("name"),
            ["status"] = "ready",
            ["status_details"] = new JsonObject(),
        }));
        call.Account.AddTestClock(clock.Id, frozen);
        call.Account.Events.TellNew(clock, "test_helpers.test_clock.created");
        return clock.Render(call.Account);
    }

    // It is done when the answer goes out; the answer says that it is on its way, as Stripe's does.
    private static JsonObject Advance(Call call)
    {
        var clock = call.Require("test_helpers.test_clock", "billing clock");
        var target = call.Parameters.Int("frozen_time") ?? throw StripeFault.Missing("frozen_time");
        var world = call.Account.TestClocks[clock.Id];
        if (target <= world.Now)
            throw StripeFault.Invalid("Advanced time must be after the clock's current frozen time.", "frozen_time");

        clock.Body["status"] = "advancing";
        clock.Body["frozen_time"] = target;
        call.Account.Events.TellChange(clock, "test_helpers.test_clock.advancing", always: true);
        var advancing = clock.Render(call.Account);
        world.AdvanceTo(target);
        clock.Body["status"] = "ready";
        call.Account.Events.TellChange(clock, "test_helpers.test_clock.ready", always: true);
        return advancing;
    }

    private static JsonObject Delete(Call call)
    {
        var clock = call.Require("test_helpers.test_clock", "billing clock");
        foreach (var customer in call.Objects.All<CustomerRecord>("customer").Where(customer => customer.World.ClockId == clock.Id && !customer.IsDeleted).ToList())
        {
            customer.World.RunAtOnce(customer, (context, engine) =>
            {
                Accounts.Delete(context, engine);
                return true;
            });
            customer.IsDeleted = true;
        }

        call.Objects.Remove(clock);
        call.Account.Events.Tell("test_helpers.test_clock.deleted", clock.Render(call.Account), call.Account.Now);
        return Call.Deleted("test_helpers.test_clock", clock.Id);
    }
}
