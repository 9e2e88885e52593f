using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Resources;

/// <summary><c>/v1/subscriptions</c> and <c>/v1/subscription_items</c>.</summary>
internal static class SubscriptionEndpoints
{
    public static void Map(Router router)
    {
        router.Post("/v1/subscriptions", call => SubscriptionStart.Create(call.Account, call.Parameters).Render(call.Account));
        router.Get("/v1/subscriptions", call => call.Page(call.Objects.All<SubscriptionRecord>("subscription").Where(subscription => IsWanted(subscription, call.Parameters))));
        router.Get("/v1/subscriptions/search", call => new JsonObject
        {
            ["object"] = "search_result",
            ["data"] = Json.ArrayOf(call.Objects.All<SubscriptionRecord>("subscription").Where(subscription => SearchQuery.Matches(call.Parameters.Required("query"), subscription.Render(call.Account))).Select(subscription => subscription.Render(call.Account))),
            ["has_more"] = false,
            ["next_page"] = null,
            ["url"] = call.Path,
        });
        router.Get("/v1/subscriptions/{id}", call => Require(call.Account, call.Id).Render(call.Account));
        router.Post("/v1/subscriptions/{id}", call => SubscriptionUpdate.Update(call.Account, Require(call.Account, call.Id), call.Parameters));
        router.Delete("/v1/subscriptions/{id}", Cancel);
        router.Post("/v1/subscriptions/{id}/resume", Resume);
        router.Delete("/v1/subscriptions/{id}/discount", DeleteDiscount);
        router.Get("/v1/subscription_items", call =>
        {
            var record = Require(call.Account, call.Parameters.Required("subscription"));
            return record.Render(call.Account).Object("items")!.DeepClone();
        });
        router.Get("/v1/subscription_items/{id}", call => FindItem(call.Account, call.Id).Item.DeepClone());
        router.Post("/v1/subscription_items/{id}", UpdateItem);
    }

    public static SubscriptionRecord Require(Account account, string id, string parameter = "id", int status = 404) =>
        account.Objects.TryFind<SubscriptionRecord>(id, out var found) ? found : throw StripeFault.NoSuch("subscription", id, parameter, status);

    private static JsonObject Cancel(Call call)
    {
        var record = Require(call.Account, call.Id);
        if (!record.Engine.IsLive)
            throw StripeFault.NoSuch("subscription", call.Id);

        var parameters = call.Parameters;
        record.Body.Take(parameters, "cancellation_details");
        record.Body["cancellation_reason"] = "cancellation_requested";
        var options = new CancelOptions
        {
            Timing = CancelTiming.Immediately,
            Prorate = parameters.Flag("prorate") ?? false,
            InvoiceNow = parameters.Flag("invoice_now") ?? false,
            Reason = parameters.Object("cancellation_details")?.Text("comment"),
        };
        var leavesCredit = options.Prorate && !options.InvoiceNow;
        record.Customer.LastCanceled = record.Id;
        record.Customer.World.RunAtOnce(record.Customer, (context, customer) =>
        {
            var subscription = customer.FindSubscription(record.Number)!;
            var left = leavesCredit ? LeftBehind(context, customer, subscription) : [];
            Cancellation.Cancel(context, customer, subscription, leavesCredit ? options with { Prorate = false } : options);
            foreach (var line in left)
                customer.Pending = [.. customer.Pending ?? [], new PendingLine(++customer.LastPendingNumber, 0, subscription.Currency, line)];
            return true;
        });
        return record.Render(call.Account);
    }

    // What the end credits waits for the customer's next invoice, where the engine would put it on the balance.
    private static List<EngineLine> LeftBehind(EngineContext context, EngineCustomer customer, EngineSubscription subscription)
    {
        if (subscription.Status is not (SubscriptionStatus.Active or SubscriptionStatus.PastDue or SubscriptionStatus.Unpaid))
            return [];

        var waiting = (customer.Pending ?? []).Where(line => Prorations.Takes(line, subscription, subscription.Currency)).Select(line => line.Line);
        return [.. waiting, .. Prorations.CreditUnused(customer, subscription, context.Now)];
    }

    private static JsonObject Resume(Call call)
    {
        var record = Require(call.Account, call.Id);
        if (record.Engine.Status != SubscriptionStatus.Paused)
            throw StripeFault.Invalid($"You cannot resume a subscription that is not paused: its status is {SubscriptionJson.StatusOf(record.Engine.Status)}.");
        if (call.Parameters.Text("billing_cycle_anchor") == "unchanged")
            throw StripeFault.Invalid("The local Stripe resumes with a new period only: use `billing_cycle_anchor=now`.", "billing_cycle_anchor");

        record.Customer.World.RunAtOnce(record.Customer, (context, customer) =>
        {
            Pauses.Resume(context, customer, customer.FindSubscription(record.Number)!);
            return true;
        });
        return record.Render(call.Account);
    }

    private static JsonObject DeleteDiscount(Call call)
    {
        var record = Require(call.Account, call.Id);
        var discount = record.Engine.Discounts.FirstOrDefault() ?? throw StripeFault.Invalid($"No active discount for subscription: {call.Id}", code: "resource_missing");
        var id = DiscountJson.IdOf(call.Account, record, discount);
        SubscriptionUpdate.Update(call.Account, record, new JsonObject { ["discounts"] = null });
        return Call.Deleted("discount", id);
    }

    private static (SubscriptionRecord Record, JsonObject Item) FindItem(Account account, string id)
    {
        foreach (var record in account.Objects.All<SubscriptionRecord>("subscription"))
        {
            if (record.Items.Exists(item => item.Id == id) && record.Render(account).Object("items")!.Objects("data").FirstOrDefault(item => item.Text("id") == id) is { } found)
                return (record, found);
        }

        throw StripeFault.NoSuch("subscription item", id);
    }

    private static JsonNode UpdateItem(Call call)
    {
        var (record, _) = FindItem(call.Account, call.Id);
        var item = new JsonObject { ["id"] = call.Id };
        item.Take(call.Parameters, "price", "quantity", "metadata");
        var update = new JsonObject { ["items"] = new JsonArray(item) };
        update.Take(call.Parameters, "proration_behavior", "proration_date", "payment_behavior");
        SubscriptionUpdate.Update(call.Account, record, update);
        return FindItem(call.Account, call.Id).Item.DeepClone();
    }

    private static bool IsWanted(SubscriptionRecord record, JsonObject filter)
    {
        var status = SubscriptionJson.StatusOf(record.Engine.Status);
        var isEnded = status is "canceled" or "incomplete_expired";
        return (filter.Text("customer") is not { } customer || record.Customer.Id == customer)
            && filter.Text("status") switch
            {
                null => !isEnded,
                "all" => true,
                "ended" => isEnded,
                var wanted => status == wanted,
            }
            && (filter.Text("test_clock") is not { } clock ? filter.Has("customer") || record.Customer.World.ClockId is null : record.Customer.World.ClockId == clock)
            && (filter.Text("price") is not { } price || record.Engine.Items.Any(item => item.Price.Price.Key == price))
            && (filter.Text("collection_method") is not { } method || (method == "send_invoice") == record.Engine.IsSent);
    }
}
