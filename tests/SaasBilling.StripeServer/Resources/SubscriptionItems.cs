using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.Providers;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;
using SaasBilling.StripeServer.Worlds;

namespace SaasBilling.StripeServer.Resources;

/// <summary>Which prices a subscription is to have, and how many of each.</summary>
internal static class SubscriptionItems
{
    /// <summary>Items of a subscription that starts.</summary>
    public static List<PriceQuantity> New(Account account, IReadOnlyList<JsonObject> items)
    {
        if (items.Count == 0)
            throw StripeFault.Missing("items");

        return [.. items.Select((item, index) => Of(account, item, index))];
    }

    /// <summary>The items that there are, with those that are given changed, added or taken away.</summary>
    public static List<PriceQuantity> Changed(Account account, SubscriptionRecord record, EngineSubscription subscription, IReadOnlyList<JsonObject> given)
    {
        var wanted = subscription.Items.Select(item => (record.Item(account.Objects, item, record.Customer.World.Now).Id, Value: new PriceQuantity(item.Price.Price.Key, item.Quantity))).ToList();
        for (var i = 0; i < given.Count; i++)
        {
            if (given[i].Text("id") is not { } id)
            {
                var added = Of(account, given[i], i);
                if (wanted.Exists(item => item.Value.PriceKey == added.PriceKey))
                    throw StripeFault.Invalid($"Cannot add multiple subscription items with the same plan: {added.PriceKey}", $"items[{i}][price]");
                wanted.Add(("", added));
                continue;
            }

            var index = wanted.FindIndex(item => item.Id == id);
            if (index < 0)
                throw StripeFault.NoSuchInParameter("subscription item", id, $"items[{i}][id]");

            if (given[i].Flag("deleted") == true)
                wanted.RemoveAt(index);
            else
                wanted[index] = (id, Replaced(account, wanted[index].Value, given[i], i));
        }

        return [.. wanted.Select(item => item.Value)];
    }

    /// <summary>The one currency and interval of prices.</summary>
    public static (string PlanKey, BillingInterval Interval, Currency? Currency) Terms(Account account, IReadOnlyList<PriceQuantity> items)
    {
        var prices = items.Select(item => account.Catalog.GetPrice(item.PriceKey)).ToList();
        if (prices.Count == 0)
            throw StripeFault.Invalid("A subscription must have at least one active plan. Remove the last one by canceling the subscription instead.", "items");

        var first = prices[0].Price;
        if (prices.Exists(price => price.Price.Currency != first.Currency))
            throw StripeFault.Invalid("Currency and interval fields must match across all plans on this subscription. Found mismatch in currency field.", "items");
        if (prices.Exists(price => price.Price.Interval != first.Interval))
            throw StripeFault.Invalid("The local Stripe bills one interval on a subscription. Found mismatch in interval field.", "items");

        return (prices[0].OwnerKey, first.Interval, first.Currency);
    }

    /// <summary>Says which item has which price after a change, so that each keeps the id that the request named.</summary>
    public static void Rename(Account account, SubscriptionRecord record, IReadOnlyList<JsonObject> given)
    {
        foreach (var item in given)
        {
            if (record.Items.Find(candidate => candidate.Id == item.Text("id")) is not { } known)
                continue;

            known.IsGone = item.Flag("deleted") == true;
            if (!known.IsGone && (item.Text("price") ?? item.Text("plan")) is { } price)
                known.Price = account.Catalog.GetPrice(price);
        }
    }

    /// <summary>Puts the items' own metadata on the records of the items.</summary>
    public static void TakeMetadata(Account account, SubscriptionRecord record, IReadOnlyList<JsonObject> given)
    {
        foreach (var item in given)
        {
            var known = record.Items.Find(candidate => candidate.Id == item.Text("id"))
                ?? record.Items.FindLast(candidate => candidate.Price?.Price.Key == (item.Text("price") ?? item.Text("plan")));
            if (known is not null && item.Has("metadata"))
                known.Metadata = Json.Merge(known.Metadata, item.Object("metadata"));
        }
    }

    private static PriceQuantity Replaced(Account account, PriceQuantity before, JsonObject given, int index)
    {
        if (!given.Has("price") && !given.Has("plan") && !given.Has("price_data"))
            return before with { PriceKey = before.PriceKey, Quantity = QuantityOf(account, before.PriceKey, given, before.Quantity, index) };

        var price = PriceOf(account, given, index);
        return price == before.PriceKey
            ? new PriceQuantity(price, QuantityOf(account, price, given, before.Quantity, index))
            : new PriceQuantity(price, QuantityOf(account, price, given, 1, index));
    }

    private static PriceQuantity Of(Account account, JsonObject item, int index)
    {
        var price = PriceOf(account, item, index);
        return new PriceQuantity(price, QuantityOf(account, price, item, 1, index));
    }

    private static string PriceOf(Account account, JsonObject item, int index)
    {
        if (item.Object("price_data") is { } data)
            return PriceEndpoints.Make(account, data).Id;

        var id = item.Text("price") ?? item.Text("plan") ?? throw StripeFault.Missing($"items[{index}][price]");
        var price = account.Objects.FindPlain("price", id) ?? throw StripeFault.NoSuchInParameter("price", id, $"items[{index}][price]");
        if (price.Body.Flag("active") == false)
            throw StripeFault.Invalid($"The price specified is inactive. This field only accepts active prices.", $"items[{index}][price]");

        RuntimeCatalog.IntervalOf(price.Body);
        return id;
    }

    private static long QuantityOf(Account account, string price, JsonObject item, long otherwise, int index)
    {
        var isMetered = account.Catalog.GetPrice(price).Price.Kind == PriceKind.Metered;
        if (isMetered && item.Has("quantity"))
            throw StripeFault.Invalid("You cannot set the quantity for metered plans.", $"items[{index}][quantity]");

        return isMetered ? 0 : item.Int("quantity") ?? Math.Max(otherwise, 0);
    }
}
