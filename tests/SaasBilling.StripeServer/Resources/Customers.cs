using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;
using SaasBilling.StripeServer.Worlds;

namespace SaasBilling.StripeServer.Resources;

/// <summary><c>/v1/customers</c>.</summary>
internal static class Customers
{
    private static readonly string[] Texts = ["address", "description", "email", "name", "phone", "preferred_locales", "shipping", "tax_exempt", "invoice_prefix"];

    public static void Map(Router router)
    {
        router.Post("/v1/customers", call => Make(call.Account, call.Parameters).Render(call.Account));
        router.Get("/v1/customers", call => call.Page(call.Objects.All<CustomerRecord>("customer").Where(customer => IsWanted(customer, call.Parameters))));
        router.Get("/v1/customers/search", Search);
        router.Get("/v1/customers/{id}", call => Find(call.Account, call.Id).Render(call.Account));
        router.Post("/v1/customers/{id}", Update);
        router.Delete("/v1/customers/{id}", Delete);
        router.Delete("/v1/customers/{id}/discount", DeleteDiscount);
        router.Get("/v1/customers/{id}/payment_methods", call => call.Page(PaymentMethodEndpoints.Of(call.Account, Require(call.Account, call.Id).Id)));
        router.Get("/v1/customers/{id}/payment_methods/{pm}", call => PaymentMethodEndpoints.Require(call.Account, call.Ids[1]).Render(call.Account));
        router.Post("/v1/customers/{id}/balance_transactions", AddToBalance);
        router.Get("/v1/customers/{id}/balance_transactions", call => call.Page(
            call.Objects.All<PlainResource>("customer_balance_transaction").Where(transaction => transaction.Body.Text("customer") == call.Id)));
        router.Get("/v1/customers/{id}/balance_transactions/{transaction}", call =>
            call.Objects.FindPlain("customer_balance_transaction", call.Ids[1])?.Render(call.Account) ?? throw StripeFault.NoSuch("customer balance transaction", call.Ids[1]));
        router.Post("/v1/customers/{id}/sources", AddSource);
        router.Post("/v1/customers/{id}/sources/{source}", UpdateSource);
    }

    /// <summary>A customer who is there.</summary>
    /// <exception cref="StripeFault">There is none, or they were deleted.</exception>
    public static CustomerRecord Require(Account account, string id, string parameter = "customer")
    {
        if (!account.Objects.TryFind<CustomerRecord>(id, out var customer) || customer.IsDeleted)
            throw StripeFault.NoSuchInParameter("customer", id, parameter);

        return customer;
    }

    private static CustomerRecord Find(Account account, string id) =>
        account.Objects.TryFind<CustomerRecord>(id, out var customer) ? customer : throw StripeFault.NoSuch("customer", id);

    public static CustomerRecord Make(Account account, JsonObject parameters)
    {
        var clock = parameters.Text("test_clock");
        if (clock is not null && !account.TestClocks.ContainsKey(clock))
            throw StripeFault.NoSuchInParameter("test clock", clock, "test_clock");

        var world = account.WorldOf(clock);
        var card = CardIn(parameters);
        var id = account.Objects.NewId("cus");
        var customer = new CustomerRecord(id, world.Now, world, CustomerRecord.NewBody(id, world.Now, clock));
        customer.Body["invoice_prefix"] = $"{EngineIds.Hash(id):X16}"[..8];
        Take(customer.Body, parameters);
        account.Objects.Add(customer);
        world.Engine.FindOrAdd(id, Instants.At(world.Now));
        account.Events.TellNew(customer, "customer.created");
        if (parameters.Int("balance") is { } balance && balance != 0)
            PutOnBalance(account, customer, balance, "usd");
        if (card is not null)
            AddCard(account, customer, card, parameters.Has("source"));
        if (parameters.TryText("coupon", out var coupon))
            Discount(account, customer, coupon);

        customer.Told = customer.Render(account);
        return customer;
    }

    private static JsonObject Update(Call call)
    {
        var account = call.Account;
        var customer = Require(account, call.Id, "id");
        var parameters = call.Parameters;
        if (parameters.Object("invoice_settings") is { } settings && settings.Has("default_payment_method"))
            PaymentMethodEndpoints.SetDefault(account, customer, settings.Text("default_payment_method"));
        if (CardIn(parameters) is { } card)
            AddCard(account, customer, card, isSource: true);
        if (parameters.Has("balance"))
            PutOnBalance(account, customer, (parameters.Int("balance") ?? 0) - customer.Render(account).Int("balance")!.Value, customer.Render(account).Text("currency") ?? "usd");
        if (parameters.Has("coupon"))
            Discount(account, customer, parameters.Text("coupon"));

        Take(customer.Body, parameters);
        account.Events.TellChange(customer, "customer.updated");
        return customer.Render(account);
    }

    private static JsonObject Delete(Call call)
    {
        var customer = Find(call.Account, call.Id);
        if (customer.IsDeleted)
            throw StripeFault.NoSuch("customer", call.Id);

        customer.World.RunAtOnce(customer, (context, engine) =>
        {
            Accounts.Delete(context, engine);
            return true;
        });
        foreach (var method in PaymentMethodEndpoints.Of(call.Account, customer.Id).ToList())
            PaymentMethodEndpoints.Forget(call.Account, method);
        customer.Told = customer.Render(call.Account);
        call.Account.Events.Tell("customer.deleted", customer.Told, customer.World.Now);
        customer.IsDeleted = true;
        return customer.Render(call.Account);
    }

    private static JsonObject AddToBalance(Call call)
    {
        var customer = Require(call.Account, call.Id, "id");
        var amount = call.Parameters.Int("amount") ?? throw StripeFault.Missing("amount");
        var body = (JsonObject)call.Parameters.DeepClone();
        body["type"] = "adjustment";
        PutOnBalance(call.Account, customer, amount, call.Parameters.Required("currency"), body);
        return call.Objects.Find(call.Account.LastBalanceTransaction)!.Render(call.Account);
    }

    /// <summary>Moves the balance: a positive amount is owed by the customer.</summary>
    public static void PutOnBalance(Account account, CustomerRecord customer, long amount, string currency, JsonObject? transaction = null)
    {
        if (amount == 0)
            return;

        var money = Money.FromMinorUnits(-WireMoney.FromWire(amount, Currency.Of(currency)), Currency.Of(currency));
        account.NewBalanceTransaction = transaction ?? new JsonObject { ["type"] = "adjustment" };
        try
        {
            customer.World.RunAtOnce(customer, (_, engine) =>
            {
                Charges.Credit(engine, money);
                return true;
            });
        }
        finally
        {
            account.NewBalanceTransaction = null;
        }
    }

    // A source is a card under its old name.
    private static JsonObject AddSource(Call call)
    {
        var customer = Require(call.Account, call.Id, "id");
        var method = AddCard(call.Account, customer, PaymentMethodEndpoints.CardOfToken(call.Parameters.Required("source")), isSource: true);
        call.Account.Events.TellNew(method, "customer.source.created");
        return method.Render(call.Account);
    }

    private static JsonObject UpdateSource(Call call)
    {
        var method = PaymentMethodEndpoints.Require(call.Account, call.Ids[1], "id");
        method.Body.TakeMetadata(call.Parameters);
        call.Account.Events.TellChange(method, "customer.source.updated");
        return method.Render(call.Account);
    }

    private static PlainResource AddCard(Account account, CustomerRecord customer, TestCard card, bool isSource)
    {
        var method = PaymentMethodJson.New(account, card, customer.World.Now);
        PaymentMethodEndpoints.Attach(account, method, customer);
        PaymentMethodEndpoints.SetDefault(account, customer, method.Id, asSource: isSource);
        return method;
    }

    private static TestCard? CardIn(JsonObject parameters)
    {
        var token = parameters.Text("source") ?? parameters.Text("payment_method");
        return token is null ? null : PaymentMethodEndpoints.CardOfToken(token);
    }

    private static void Discount(Account account, CustomerRecord customer, string? coupon)
    {
        var known = customer.Body.Object("discount");
        if (known is not null)
            account.Events.Tell(coupon is null ? "customer.discount.deleted" : "customer.discount.updated", known, customer.World.Now);
        if (coupon is null)
        {
            customer.Body["discount"] = null;
            return;
        }

        account.Catalog.GetCoupon(coupon);
        var discount = new PlainResource(DiscountJson.Body(account, customer.Id, coupon, customer.World.Now, null));
        account.Objects.Add(discount);
        customer.Body["discount"] = discount.Render(account);
        if (known is null)
            account.Events.TellNew(discount, "customer.discount.created");
    }

    private static JsonObject DeleteDiscount(Call call)
    {
        var customer = Require(call.Account, call.Id, "id");
        var id = customer.Body.Object("discount")?.Text("id") ?? throw StripeFault.Invalid("No active discount for customer: " + call.Id, code: "resource_missing");
        Discount(call.Account, customer, null);
        return Call.Deleted("discount", id);
    }

    private static void Take(JsonObject body, JsonObject parameters)
    {
        body.Take(parameters, Texts);
        body.TakeMetadata(parameters);
        if (parameters.Object("invoice_settings") is not { } settings)
            return;

        var known = body.Object("invoice_settings")!;
        known.Take(settings, "custom_fields", "footer", "rendering_options");
    }

    private static bool IsWanted(CustomerRecord customer, JsonObject filter) =>
        !customer.IsDeleted
        && (filter.Text("email") is not { } email || customer.Body.Text("email") == email)
        && customer.World.ClockId == filter.Text("test_clock");

    // The two queries that integrations use: metadata['key']:'value' and email:'value'.
    private static JsonObject Search(Call call)
    {
        var query = call.Parameters.Required("query");
        var found = call.Objects.All<CustomerRecord>("customer").Where(customer => !customer.IsDeleted && SearchQuery.Matches(query, customer.Body)).ToList();
        return new JsonObject
        {
            ["object"] = "search_result",
            ["data"] = Json.ArrayOf(found.Select(customer => customer.Render(call.Account))),
            ["has_more"] = false,
            ["next_page"] = null,
            ["url"] = call.Path,
        };
    }
}
