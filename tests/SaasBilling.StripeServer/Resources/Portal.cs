using System.Text.Json.Nodes;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Resources;

/// <summary><c>/v1/billing_portal</c>.</summary>
internal static class Portal
{
    public static void Map(Router router)
    {
        router.Post("/v1/billing_portal/sessions", call =>
        {
            var customer = Customers.Require(call.Account, call.Parameters.Required("customer"));
            var id = call.Objects.NewId("bps");
            var session = call.Objects.Add(new PlainResource(new JsonObject
            {
                ["id"] = id,
                ["object"] = "billing_portal.session",
                ["configuration"] = call.Parameters.Text("configuration") ?? Default(call.Account).Id,
                ["created"] = call.Account.Now,
                ["customer"] = customer.Id,
                ["customer_account"] = null,
                ["flow"] = null,
                ["livemode"] = false,
                ["locale"] = call.Parameters.Text("locale"),
                ["on_behalf_of"] = null,
                ["return_url"] = call.Parameters.Text("return_url"),
                ["url"] = $"{call.Account.BaseAddress}/p/session/{id}",
            }));
            call.Account.Events.TellNew(session, "billing_portal.session.created");
            return session.Render(call.Account);
        });
        router.Post("/v1/billing_portal/configurations", call =>
        {
            var made = Make(call.Account, isDefault: false);
            Take(made, call.Parameters);
            call.Account.Events.TellNew(made, "billing_portal.configuration.created");
            return made.Render(call.Account);
        });
        router.Get("/v1/billing_portal/configurations", call => call.Page(call.Objects.All("billing_portal.configuration")));
        router.Get("/v1/billing_portal/configurations/{id}", call => call.Require("billing_portal.configuration", "configuration").Render(call.Account));
        router.Post("/v1/billing_portal/configurations/{id}", call =>
        {
            var known = call.Require("billing_portal.configuration", "configuration");
            Take(known, call.Parameters);
            known.Body["updated"] = call.Account.Now;
            call.Account.Events.TellChange(known, "billing_portal.configuration.updated");
            return known.Render(call.Account);
        });
    }

    private static PlainResource Default(Account account) =>
        account.Objects.All<PlainResource>("billing_portal.configuration").FirstOrDefault(configuration => configuration.Body.Flag("is_default") == true) ?? Make(account, isDefault: true);

    private static void Take(PlainResource configuration, JsonObject parameters)
    {
        configuration.Body.Take(parameters, "active", "default_return_url", "name");
        configuration.Body.TakeMetadata(parameters);
        if (parameters.Object("business_profile") is { } profile)
            configuration.Body.Object("business_profile")!.Take(profile, "headline", "privacy_policy_url", "terms_of_service_url");
    }

    private static PlainResource Make(Account account, bool isDefault) => account.Objects.Add(new PlainResource(new JsonObject
    {
        ["id"] = account.Objects.NewId("bpc"),
        ["object"] = "billing_portal.configuration",
        ["active"] = true,
        ["application"] = null,
        ["business_profile"] = new JsonObject { ["headline"] = null, ["privacy_policy_url"] = null, ["terms_of_service_url"] = null },
        ["created"] = account.Now,
        ["default_return_url"] = null,
        ["features"] = new JsonObject
        {
            ["customer_update"] = new JsonObject { ["allowed_updates"] = new JsonArray(), ["enabled"] = false },
            ["invoice_history"] = new JsonObject { ["enabled"] = true },
            ["payment_method_update"] = new JsonObject { ["enabled"] = true, ["payment_method_configuration"] = null },
            ["subscription_cancel"] = new JsonObject { ["cancellation_reason"] = new JsonObject { ["enabled"] = false, ["options"] = new JsonArray() }, ["enabled"] = true, ["mode"] = "at_period_end", ["proration_behavior"] = "none" },
            ["subscription_update"] = new JsonObject { ["billing_cycle_anchor"] = null, ["default_allowed_updates"] = new JsonArray(), ["enabled"] = false, ["proration_behavior"] = "none", ["schedule_at_period_end"] = new JsonObject { ["conditions"] = new JsonArray() }, ["trial_update_behavior"] = "end_trial" },
        },
        ["is_default"] = isDefault,
        ["livemode"] = false,
        ["login_page"] = new JsonObject { ["enabled"] = false, ["url"] = null },
        ["metadata"] = new JsonObject(),
        ["name"] = null,
        ["updated"] = account.Now,
    }));
}
