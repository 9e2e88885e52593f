using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;
using SaasBilling.StripeServer.Worlds;

namespace SaasBilling.StripeServer.Resources;

/// <summary><c>/v1/invoiceitems</c>: what goes on the next invoice, or on a draft.</summary>
internal static class InvoiceItems
{
    public static void Map(Router router)
    {
        router.Post("/v1/invoiceitems", Create);
        router.Get("/v1/invoiceitems", call => call.Page(call.Objects.All<PlainResource>("invoiceitem").Where(item => IsWanted(item.Body, call.Parameters))));
        router.Get("/v1/invoiceitems/{id}", call => call.Require("invoiceitem", "invoiceitem").Render(call.Account));
        router.Post("/v1/invoiceitems/{id}", Update);
        router.Delete("/v1/invoiceitems/{id}", Delete);
    }

    /// <summary>Lines of <c>add_invoice_items</c>, which go on the invoice that the request makes.</summary>
    public static List<PendingLine> Additional(Account account, CustomerRecord customer, IReadOnlyList<JsonObject> given, int subscription = 0)
    {
        var lines = new List<PendingLine>();
        foreach (var parameters in given)
        {
            var (amount, currency, quantity, price) = AmountOf(account, customer, parameters);
            var item = New(account, customer, parameters, amount, currency, quantity, price);
            lines.Add(new PendingLine(0, subscription, currency, LineOf(customer, item, amount, currency, quantity)));
        }

        return lines;
    }

    /// <summary>Lines of a preview: nothing is made of them.</summary>
    public static List<PendingLine> Previewed(Account account, CustomerRecord customer, IReadOnlyList<JsonObject> given, int subscription)
    {
        var lines = new List<PendingLine>();
        foreach (var parameters in given)
        {
            var (amount, currency, quantity, _) = AmountOf(account, customer, parameters);
            lines.Add(new PendingLine(0, subscription, currency, new EngineLine
            {
                Kind = LineKind.Charge,
                Text = parameters.Text("description") ?? "",
                Quantity = quantity,
                Amount = amount,
                Start = customer.World.Now,
                End = customer.World.Now,
            }));
        }

        return lines;
    }

    private static JsonObject Create(Call call)
    {
        var account = call.Account;
        var parameters = call.Parameters;
        var customer = Customers.Require(account, parameters.Required("customer"));
        var world = customer.World;
        var (amount, currency, quantity, price) = AmountOf(account, customer, parameters);
        var draft = parameters.Text("invoice") is { } invoice ? InvoiceEndpoints.Require(account, invoice, "invoice", 400) : null;
        var subscription = parameters.Text("subscription") is { } id ? SubscriptionEndpoints.Require(account, id, "subscription", 400) : null;
        if (draft is not null && draft.Engine.Status != InvoiceStatus.Draft)
            throw StripeFault.Invalid("You can only add invoice items to an invoice that is a draft.", "invoice", "invoice_not_editable");

        if (draft is not null && draft.Engine.Currency != currency)
            throw StripeFault.Invalid($"The currency of the invoice item ({WireMoney.Code(currency)}) differs from that of the invoice ({WireMoney.Code(draft.Engine.Currency)}).", "currency");

        world.Try(customer, (_, engine) =>
        {
            Subscribing.RequireOneCurrency(engine, currency, except: null);
            return true;
        });
        var item = New(account, customer, parameters, amount, currency, quantity, price);
        item.Body["invoice"] = draft?.Id;
        var line = LineOf(customer, item, amount, currency, quantity);
        world.RunAtOnce(customer, (context, engine) =>
        {
            if (draft is not null)
            {
                AddTo(context, engine, engine.FindInvoice(draft.Number)!, line);
                return 0;
            }

            var number = ++engine.LastPendingNumber;
            engine.Pending = [.. engine.Pending ?? [], new PendingLine(number, subscription is { Engine.IsLive: true } ? subscription.Number : 0, currency, line)];
            engine.PendingRevision = engine.Touch();
            return number;
        });
        account.Events.TellNew(item, "invoiceitem.created", world.Now);
        return item.Render(account);
    }

    private static JsonObject Update(Call call)
    {
        var item = call.Require("invoiceitem", "invoiceitem");
        item.Body.Take(call.Parameters, "description", "discountable");
        item.Body.TakeMetadata(call.Parameters);
        if (call.Parameters.Int("amount") is { } amount && Customers.Require(call.Account, item.Body.Text("customer")!) is var customer)
        {
            var minor = WireMoney.FromWire(amount, Currency.Of(item.Body.Text("currency")!));
            customer.World.RunAtOnce(customer, (_, engine) =>
            {
                engine.Pending = [.. engine.Pending!.Select(waiting => waiting.Line.Text == item.Id ? waiting with { Line = waiting.Line with { Amount = minor } } : waiting)];
                engine.PendingRevision = engine.Touch();
                return true;
            });
            item.Body["amount"] = amount;
            item.Body["net_amount"] = amount;
        }

        call.Account.Events.TellChange(item, "invoiceitem.updated");
        return item.Render(call.Account);
    }

    private static JsonObject Delete(Call call)
    {
        var item = call.Require("invoiceitem", "invoiceitem");
        var customer = Customers.Require(call.Account, item.Body.Text("customer")!);
        customer.World.RunAtOnce(customer, (context, engine) =>
        {
            if (engine.Pending?.RemoveAll(waiting => IsOf(waiting, item)) > 0)
            {
                engine.PendingRevision = engine.Touch();
                return true;
            }

            var draft = engine.Invoices.Find(invoice => invoice.Status == InvoiceStatus.Draft && Array.Exists(invoice.Lines, line => line.Text == item.Id))
                ?? throw StripeFault.Invalid("You can only delete invoice items that are not attached to an invoice, or that are attached to a draft.", code: "invoice_not_editable");
            draft.Lines = Array.FindAll(draft.Lines, line => line.Text != item.Id);
            Recompute(context, engine, draft);
            return true;
        });
        if (call.Objects.Find(item.Id) is not null)
        {
            call.Objects.Remove(item);
            call.Account.Events.Tell("invoiceitem.deleted", item.Render(call.Account), customer.World.Now);
        }

        return Call.Deleted("invoiceitem", item.Id);
    }

    private static bool IsOf(in PendingLine waiting, PlainResource item) =>
        waiting.Line.Text == item.Id || (item.Notes.TryGetValue("number", out var number) && waiting.Number.ToString(System.Globalization.CultureInfo.InvariantCulture) == number);

    private static void AddTo(EngineContext context, EngineCustomer engine, EngineInvoice draft, in EngineLine line)
    {
        draft.Lines = [.. draft.Lines, line];
        Recompute(context, engine, draft);
    }

    private static void Recompute(EngineContext context, EngineCustomer engine, EngineInvoice draft)
    {
        Totals.Compute(context, engine, draft);
        draft.AmountDue = Finalization.ExpectedDue(engine, draft);
        engine.Touch(draft);
    }

    private static EngineLine LineOf(CustomerRecord customer, PlainResource item, long amount, Currency currency, long quantity)
    {
        Amounts.Require(Money.FromMinorUnits(amount, currency), "A charge");
        return new EngineLine
        {
            Kind = LineKind.Charge,
            Text = item.Id,
            Quantity = quantity,
            Amount = amount,
            Start = customer.World.Now,
            End = customer.World.Now,
        };
    }

    private static (long Amount, Currency Currency, long Quantity, string? Price) AmountOf(Account account, CustomerRecord customer, JsonObject parameters)
    {
        var quantity = parameters.Int("quantity") ?? 1;
        var price = parameters.Object("pricing")?.Text("price") ?? parameters.Text("price");
        if (parameters.Object("price_data") is { } data)
            price = PriceEndpoints.Make(account, data).Id;
        if (price is not null)
        {
            var body = account.Objects.FindPlain("price", price)?.Body ?? throw StripeFault.NoSuchInParameter("price", price, "pricing[price]");
            var unit = body.Number("unit_amount_decimal") ?? 0;
            var of = Currency.Of(body.Text("currency")!);
            return (Rounded(unit * quantity, of), of, quantity, price);
        }

        var currency = Currency.Of(parameters.Text("currency") ?? customer.Render(account).Text("currency") ?? throw StripeFault.Missing("currency"));
        if (parameters.Number("unit_amount_decimal") is { } each)
            return (Rounded(each * quantity, currency), currency, quantity, null);

        var amount = parameters.Int("amount") ?? throw StripeFault.Missing("amount");
        return (WireMoney.FromWire(amount, currency), currency, 1, null);
    }

    private static long Rounded(decimal amount, Currency currency) => WireMoney.FromWire((long)decimal.Round(amount, MidpointRounding.AwayFromZero), currency);

    private static PlainResource New(Account account, CustomerRecord customer, JsonObject parameters, long amount, Currency currency, long quantity, string? price)
    {
        var now = customer.World.Now;
        var wire = WireMoney.ToWire(amount, currency);
        var subscription = parameters.Text("subscription");
        var item = account.Objects.Add(new PlainResource(new JsonObject
        {
            ["id"] = account.Objects.NewId("ii"),
            ["object"] = "invoiceitem",
            ["amount"] = wire,
            ["currency"] = WireMoney.Code(currency),
            ["customer"] = customer.Id,
            ["customer_account"] = null,
            ["date"] = now,
            ["description"] = parameters.Text("description") ?? (price is null ? null : account.Objects.FindPlain("product", account.Objects.FindPlain("price", price)!.Body.Text("product"))!.Body.Text("name")),
            ["discountable"] = parameters.Flag("discountable") ?? wire >= 0,
            ["discounts"] = new JsonArray(),
            ["invoice"] = null,
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["net_amount"] = wire,
            ["parent"] = subscription is null ? null : new JsonObject { ["subscription_details"] = new JsonObject { ["subscription"] = subscription }, ["type"] = "subscription_details" },
            ["period"] = parameters.Object("period") is { } period && period.Int("start") is not null ? period.DeepClone() : new JsonObject { ["end"] = now, ["start"] = now },
            ["pricing"] = InvoiceLineJson.PricingOf(account, price, quantity, wire),
            ["proration"] = false,
            ["quantity"] = quantity,
            ["quantity_decimal"] = Json.Plain(quantity),
            ["tax_rates"] = new JsonArray(),
            ["test_clock"] = customer.World.ClockId,
        }));
        item.Body.TakeMetadata(parameters);
        if (price is not null)
            item.Notes["price"] = price;
        return item;
    }

    private static bool IsWanted(JsonObject item, JsonObject filter) =>
        (filter.Text("customer") is not { } customer || item.Text("customer") == customer)
        && (filter.Text("invoice") is not { } invoice || item.Text("invoice") == invoice)
        && (filter.Flag("pending") is not { } pending || item.Text("invoice") is null == pending);
}
