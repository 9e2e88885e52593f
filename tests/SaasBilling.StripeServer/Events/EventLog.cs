using System.Text.Json.Nodes;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Events;

/// <summary>What happened, as <c>/v1/events</c> lists it and webhooks tell it.</summary>
internal sealed class EventLog(Account account)
{
    /// <summary>Who wants to hear of an event.</summary>
    public Action<PlainResource>? Told { get; set; }

    /// <summary>Tells of an object, whatever was told of it before.</summary>
    public void TellNew(Resource resource, string type, long? now = null)
    {
        resource.Told = resource.Render(account);
        Tell(type, resource.Told, now ?? NowOf(resource));
    }

    /// <summary>Tells how an object differs from what was told of it last.</summary>
    /// <param name="resource">The object.</param>
    /// <param name="type">The event's type.</param>
    /// <param name="always">Whether it is told also when the object is as it was.</param>
    /// <param name="now">When it happened; null: now, by the object's own clock.</param>
    public void TellChange(Resource resource, string type, bool always = false, long? now = null)
    {
        var current = resource.Render(account);
        var previous = Json.Differences(resource.Told ?? [], current);
        // Counts on with every invoice, and nobody is told.
        if (resource is CustomerRecord)
            previous.Remove("next_invoice_sequence");
        if (previous.Count == 0 && !always)
            return;

        resource.Told = current;
        Tell(type, current, now ?? NowOf(resource), previous.Count == 0 ? null : previous);
    }

    public void Tell(string type, JsonObject about, long now, JsonObject? previous = null)
    {
        var data = new JsonObject { ["object"] = about.DeepClone() };
        if (previous is not null)
            data["previous_attributes"] = previous;

        var told = account.Objects.Add(new PlainResource(new JsonObject
        {
            ["id"] = account.Objects.NewId("evt"),
            ["object"] = "event",
            ["api_version"] = StripeServer.ApiVersion,
            ["created"] = now,
            ["data"] = data,
            ["livemode"] = false,
            ["pending_webhooks"] = 0,
            ["request"] = new JsonObject { ["id"] = account.Request?.Id, ["idempotency_key"] = account.Request?.IdempotencyKey },
            ["type"] = type,
        }));
        Told?.Invoke(told);
    }

    private long NowOf(Resource resource) => resource switch
    {
        CustomerRecord customer => customer.World.Now,
        SubscriptionRecord subscription => subscription.Customer.World.Now,
        InvoiceRecord invoice => invoice.Customer.World.Now,
        PlainResource plain when account.Objects.TryFind<CustomerRecord>(plain.Body.Text("customer"), out var owner) => owner.World.Now,
        _ => account.Now,
    };
}
