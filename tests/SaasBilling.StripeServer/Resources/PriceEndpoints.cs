using System.Text.Json.Nodes;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Resources;

/// <summary><c>/v1/prices</c>, and <c>/v1/plans</c>, which is their old name.</summary>
internal static class PriceEndpoints
{
    public static void Map(Router router)
    {
        router.Post("/v1/prices", call => Make(call.Account, call.Parameters).Render(call.Account));
        router.Get("/v1/prices", call => call.Page(call.Objects.All<PlainResource>("price").Where(price => IsWanted(price.Body, call.Parameters))));
        router.Get("/v1/prices/{id}", call => call.Require("price", "price").Render(call.Account));
        router.Post("/v1/prices/{id}", Update);
        router.Post("/v1/plans", MakePlan);
        router.Get("/v1/plans/{id}", call => PriceJson.PlanOf(call.Account, call.Require("price", "plan").Id));
        router.Post("/v1/plans/{id}", UpdatePlan);
        router.Delete("/v1/plans/{id}", DeletePlan);
    }

    public static PlainResource Make(Account account, JsonObject parameters)
    {
        var currency = parameters.Required("currency").ToLowerInvariant();
        if (!Currency.TryOf(currency, out _))
            throw StripeFault.Invalid($"Invalid currency: {currency}. Stripe currently supports these currencies: see https://stripe.com/docs/currencies", "currency");

        var product = parameters.Text("product") ?? (parameters.Object("product_data") is { } data ? Products.Make(account, data).Id : throw StripeFault.Missing("product"));
        if (account.Objects.FindPlain("product", product) is null)
            throw StripeFault.NoSuchInParameter("product", product, "product");

        var tiers = parameters.Objects("tiers");
        var isTiered = parameters.Text("billing_scheme") == "tiered";
        if (isTiered != tiers.Count > 0)
            throw StripeFault.Invalid(isTiered ? "You must specify `tiers` when `billing_scheme=tiered`." : "`tiers` can only be specified when `billing_scheme=tiered`.", "tiers");

        var amount = parameters.Number("unit_amount_decimal") ?? parameters.Int("unit_amount");
        if (amount is null && !isTiered)
            throw StripeFault.Missing("unit_amount");

        RequireRoundUp(parameters);
        var price = new PlainResource(new JsonObject
        {
            ["id"] = account.Objects.NewId("price"),
            ["object"] = "price",
            ["active"] = parameters.Flag("active") ?? true,
            ["billing_scheme"] = isTiered ? "tiered" : "per_unit",
            ["created"] = account.Now,
            ["currency"] = currency,
            ["custom_unit_amount"] = null,
            ["livemode"] = false,
            ["lookup_key"] = null,
            ["metadata"] = new JsonObject(),
            ["nickname"] = parameters.Text("nickname"),
            ["product"] = product,
            ["recurring"] = Recurring(account, parameters.Object("recurring")),
            ["tax_behavior"] = parameters.Text("tax_behavior") ?? "unspecified",
            ["tiers_mode"] = isTiered ? parameters.Required("tiers_mode") : null,
            ["transform_quantity"] = parameters.Object("transform_quantity")?.DeepClone(),
            ["type"] = parameters.Has("recurring") ? "recurring" : "one_time",
            ["unit_amount"] = isTiered || amount != decimal.Truncate(amount!.Value) ? null : (long)amount,
            ["unit_amount_decimal"] = amount is null ? null : Json.Plain(amount.Value),
        });
        if (isTiered)
            price.Body["tiers"] = Json.ArrayOf(tiers.Select((tier, index) => (JsonNode)Tier(tier, index == tiers.Count - 1)));
        price.Body.TakeMetadata(parameters);
        SetLookupKey(account, price, parameters);
        account.Objects.Add(price);
        account.Events.TellNew(price, "price.created");
        account.Events.Tell("plan.created", PriceJson.PlanOf(account, price.Id), account.Now);
        return price;
    }

    private static JsonObject Update(Call call)
    {
        var price = call.Require("price", "price");
        SetLookupKey(call.Account, price, call.Parameters);
        price.Body.Take(call.Parameters, "active", "nickname", "tax_behavior");
        price.Body.TakeMetadata(call.Parameters);
        call.Account.Events.TellChange(price, "price.updated");
        return price.Render(call.Account);
    }

    // A lookup key belongs to one active price; it can be moved in one request: https://docs.stripe.com/products-prices/manage-prices.
    private static void SetLookupKey(Account account, PlainResource price, JsonObject parameters)
    {
        if (!parameters.Has("lookup_key"))
            return;

        var key = parameters.Text("lookup_key");
        var holder = key is null ? null : account.Objects.All<PlainResource>("price").FirstOrDefault(other => other != price && other.Body.Text("lookup_key") == key);
        if (holder is not null)
        {
            if (parameters.Flag("transfer_lookup_key") != true)
                throw StripeFault.Invalid($"A price (`{holder.Id}`) already uses that lookup key.", "lookup_key");

            holder.Body["lookup_key"] = null;
            account.Events.TellChange(holder, "price.updated");
        }

        price.Body["lookup_key"] = key;
    }

    private static JsonObject? Recurring(Account account, JsonObject? given)
    {
        if (given is null)
            return null;

        var meter = given.Text("meter");
        if (meter is not null && account.Objects.FindPlain("billing.meter", meter) is null)
            throw StripeFault.NoSuchInParameter("billing meter", meter, "recurring[meter]");

        var isMetered = given.Text("usage_type") == "metered";
        if (isMetered != meter is not null)
            throw StripeFault.Invalid("Prices with `recurring[usage_type]=metered` must be backed by meters, and others cannot be: pass `recurring[meter]` with it.", "recurring[meter]");

        return new JsonObject
        {
            ["interval"] = given.Text("interval") ?? throw StripeFault.Missing("recurring[interval]"),
            ["interval_count"] = given.Int("interval_count") ?? 1,
            ["meter"] = meter,
            ["trial_period_days"] = given.Int("trial_period_days"),
            ["usage_type"] = isMetered ? "metered" : "licensed",
        };
    }

    private static JsonObject Tier(JsonObject tier, bool isLast)
    {
        var unit = tier.Number("unit_amount_decimal") ?? tier.Int("unit_amount");
        var flat = tier.Number("flat_amount_decimal") ?? tier.Int("flat_amount");
        return new JsonObject
        {
            ["flat_amount"] = Whole(flat),
            ["flat_amount_decimal"] = flat is null ? null : Json.Plain(flat.Value),
            ["unit_amount"] = Whole(unit),
            ["unit_amount_decimal"] = unit is null ? null : Json.Plain(unit.Value),
            ["up_to"] = isLast ? null : tier.Int("up_to"),
        };
    }

    private static JsonNode? Whole(decimal? amount) => amount is { } set && set == decimal.Truncate(set) ? (long)set : null;

    private static void RequireRoundUp(JsonObject parameters)
    {
        if (parameters.Object("transform_quantity") is { } transform && transform.Text("round") != "up")
            throw StripeFault.Invalid("The local Stripe rounds packages up only: use `transform_quantity[round]=up`.", "transform_quantity[round]");
    }

    private static JsonObject MakePlan(Call call)
    {
        var given = call.Parameters;
        var product = given["product"] is JsonObject data ? Products.Make(call.Account, data).Id : given.Required("product");
        var price = Make(call.Account, new JsonObject
        {
            ["currency"] = given.Required("currency"),
            ["product"] = product,
            ["unit_amount_decimal"] = given.Number("amount_decimal") ?? given.Int("amount") ?? 0,
            ["nickname"] = given.Text("nickname"),
            ["recurring"] = new JsonObject { ["interval"] = given.Required("interval"), ["interval_count"] = given.Int("interval_count") ?? 1 },
        });
        price.Body.TakeMetadata(given);
        return PriceJson.PlanOf(call.Account, price.Id);
    }

    private static JsonObject UpdatePlan(Call call)
    {
        Update(call);
        var plan = PriceJson.PlanOf(call.Account, call.Id);
        call.Account.Events.Tell("plan.updated", plan, call.Account.Now);
        return plan;
    }

    private static JsonObject DeletePlan(Call call)
    {
        var price = call.Require("price", "plan");
        var plan = PriceJson.PlanOf(call.Account, price.Id);
        price.Body["active"] = false;
        call.Account.Events.Tell("plan.deleted", plan, call.Account.Now);
        return Call.Deleted("plan", call.Id);
    }

    private static bool IsWanted(JsonObject price, JsonObject filter) =>
        (filter.Flag("active") is not { } active || price.Flag("active") == active)
        && (filter.Text("currency") is not { } currency || price.Text("currency") == currency)
        && (filter.Text("product") is not { } product || price.Text("product") == product)
        && (filter.Text("type") is not { } type || price.Text("type") == type)
        && (!filter.Has("lookup_keys") || filter.Texts("lookup_keys").Contains(price.Text("lookup_key")))
        && (filter.Object("recurring") is not { } recurring || IsRecurring(price.Object("recurring"), recurring));

    private static bool IsRecurring(JsonObject? price, JsonObject filter) =>
        price is not null && filter.All(wanted => price.Text(wanted.Key) == filter.Text(wanted.Key));
}
