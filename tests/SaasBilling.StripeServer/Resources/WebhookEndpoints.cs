using System.Text.Json.Nodes;
using SaasBilling.StripeServer.Events;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Resources;

/// <summary><c>/v1/webhook_endpoints</c> and <c>/v1/events</c>.</summary>
internal static class WebhookEndpoints
{
    public static void Map(Router router)
    {
        router.Post("/v1/webhook_endpoints", call =>
        {
            var endpoint = Make(call.Account, call.Parameters.Required("url"), call.Parameters.Texts("enabled_events"));
            endpoint.Body.Take(call.Parameters, "description", "api_version");
            endpoint.Body.TakeMetadata(call.Parameters);
            var secret = $"whsec_{InMemory.Engine.EngineIds.Hash(endpoint.Id):x16}";
            WebhookSender.SetSecret(endpoint, secret);
            var rendered = endpoint.Render(call.Account);
            rendered["secret"] = secret;
            return rendered;
        });
        router.Get("/v1/webhook_endpoints", call => call.Page(call.Objects.All("webhook_endpoint")));
        router.Get("/v1/webhook_endpoints/{id}", call => call.Require("webhook_endpoint", "webhook endpoint").Render(call.Account));
        router.Post("/v1/webhook_endpoints/{id}", call =>
        {
            var endpoint = call.Require("webhook_endpoint", "webhook endpoint");
            endpoint.Body.Take(call.Parameters, "description", "enabled_events", "url");
            endpoint.Body.TakeMetadata(call.Parameters);
            if (call.Parameters.Flag("disabled") is { } disabled)
                endpoint.Body["status"] = disabled ? "disabled" : "enabled";
            return endpoint.Render(call.Account);
        });
        router.Delete("/v1/webhook_endpoints/{id}", call =>
        {
            call.Objects.Remove(call.Require("webhook_endpoint", "webhook endpoint"));
            return Call.Deleted("webhook_endpoint", call.Id);
        });
        router.Get("/v1/events", call => call.Page(call.Objects.All<PlainResource>("event").Where(told => IsWanted(told.Body, call.Parameters))));
        router.Get("/v1/events/{id}", call => call.Require("event", "event").Render(call.Account));
    }

    public static PlainResource Make(Account account, string url, IReadOnlyList<string> events)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out _))
            throw StripeFault.Invalid("Invalid URL: An explicit scheme (such as https) must be provided.", "url", "url_invalid");
        if (events.Count == 0)
            throw StripeFault.Missing("enabled_events");

        return account.Objects.Add(new PlainResource(new JsonObject
        {
            ["id"] = account.Objects.NewId("we"),
            ["object"] = "webhook_endpoint",
            ["api_version"] = null,
            ["application"] = null,
            ["created"] = account.Now,
            ["description"] = null,
            ["enabled_events"] = Json.ArrayOf(events.Select(type => (JsonNode)type)),
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["status"] = "enabled",
            ["url"] = url,
        }));
    }

    private static bool IsWanted(JsonObject told, JsonObject filter)
    {
        var type = told.Text("type")!;
        return (filter.Text("type") is not { } wanted || Matches(type, wanted))
            && (!filter.Has("types") || filter.Texts("types").Any(each => Matches(type, each)))
            && (filter.Flag("delivery_success") is not { } delivered || told.Int("pending_webhooks") == 0 == delivered);
    }

    private static bool Matches(string type, string wanted) =>
        wanted.EndsWith('*') ? type.StartsWith(wanted[..^1], StringComparison.Ordinal) : type == wanted;
}
