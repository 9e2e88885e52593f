using System.Text.Json.Nodes;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Resources;

/// <summary><c>/v1/products</c>.</summary>
internal static class Products
{
    public static void Map(Router router)
    {
        router.Post("/v1/products", call => Make(call.Account, call.Parameters).Render(call.Account));
        router.Get("/v1/products", call => call.Page(call.Objects.All<PlainResource>("product").Where(product => IsWanted(product.Body, call.Parameters))));
        router.Get("/v1/products/search", call => new JsonObject
        {
            ["object"] = "search_result",
            ["data"] = Json.ArrayOf(call.Objects.All<PlainResource>("product").Where(product => SearchQuery.Matches(call.Parameters.Required("query"), product.Body)).Select(product => product.Render(call.Account))),
            ["has_more"] = false,
            ["next_page"] = null,
            ["url"] = call.Path,
        });
        router.Get("/v1/products/{id}", call => call.Require("product", "product").Render(call.Account));
        router.Post("/v1/products/{id}", Update);
        router.Delete("/v1/products/{id}", Delete);
    }

    public static PlainResource Make(Account account, JsonObject parameters)
    {
        var id = ChosenIds.Check(parameters.Text("id")) ?? account.Objects.NewId("prod");
        if (account.Objects.Find(id) is not null)
            throw StripeFault.Invalid($"Product already exists.", "id", "resource_already_exists");

        var product = new PlainResource(new JsonObject
        {
            ["id"] = id,
            ["object"] = "product",
            ["active"] = parameters.Flag("active") ?? true,
            ["created"] = account.Now,
            ["default_price"] = null,
            ["description"] = null,
            ["images"] = new JsonArray(),
            ["livemode"] = false,
            ["marketing_features"] = new JsonArray(),
            ["metadata"] = new JsonObject(),
            ["name"] = parameters.Required("name"),
            ["package_dimensions"] = null,
            ["shippable"] = null,
            ["statement_descriptor"] = null,
            ["tax_code"] = null,
            ["type"] = "service",
            ["unit_label"] = null,
            ["updated"] = account.Now,
            ["url"] = null,
        });
        Take(product.Body, parameters);
        account.Objects.Add(product);
        account.Events.TellNew(product, "product.created");
        if (parameters.Object("default_price_data") is { } price)
        {
            price["product"] = id;
            product.Body["default_price"] = PriceEndpoints.Make(account, price).Id;
        }

        return product;
    }

    private static JsonObject Update(Call call)
    {
        var product = call.Require("product", "product");
        Take(product.Body, call.Parameters);
        product.Body.Take(call.Parameters, "active", "default_price", "name");
        product.Body["updated"] = call.Account.Now;
        call.Account.Events.TellChange(product, "product.updated");
        return product.Render(call.Account);
    }

    private static JsonObject Delete(Call call)
    {
        var product = call.Require("product", "product");
        if (call.Objects.All<PlainResource>("price").Any(price => price.Body.Text("product") == call.Id))
            throw StripeFault.Invalid("This product cannot be deleted because it has one or more user-created prices.");

        call.Objects.Remove(product);
        call.Account.Events.Tell("product.deleted", product.Render(call.Account), call.Account.Now);
        return Call.Deleted("product", call.Id);
    }

    private static void Take(JsonObject body, JsonObject parameters)
    {
        body.Take(parameters, "description", "images", "marketing_features", "package_dimensions", "shippable", "statement_descriptor", "tax_code", "unit_label", "url");
        body.TakeMetadata(parameters);
    }

    private static bool IsWanted(JsonObject product, JsonObject filter) =>
        (filter.Flag("active") is not { } active || product.Flag("active") == active)
        && (!filter.Has("ids") || filter.Texts("ids").Contains(product.Text("id")));
}
