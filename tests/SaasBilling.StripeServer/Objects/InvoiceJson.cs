using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Worlds;

namespace SaasBilling.StripeServer.Objects;

/// <summary>How an invoice is written.</summary>
internal static class InvoiceJson
{
    // The rest is read from the list itself; a preview has none.
    private const int LinesWithin = 10;

    public static JsonObject Render(Account account, InvoiceRecord record, EngineInvoice invoice)
    {
        var customer = record.Customer;
        var body = record.Body;
        var profile = customer.Body;
        var currency = invoice.Currency;
        var due = WireMoney.ToWire(invoice.AmountDue, currency);
        var paid = WireMoney.ToWire(invoice.AmountPaid, currency);
        var isKnown = account.Objects.Find(record.Id) is not null;
        var shares = DiscountShares.Of(record.Applied, invoice);
        var isSettled = invoice.Status is InvoiceStatus.Paid or InvoiceStatus.Void;
        var number = EngineIds.InvoiceNumber(customer.World.Find(customer), invoice.Serial);
        return new JsonObject
        {
            ["id"] = record.Id,
            ["object"] = "invoice",
            ["account_country"] = "US",
            ["account_name"] = "Test",
            ["account_tax_ids"] = null,
            ["amount_due"] = due,
            ["amount_overpaid"] = 0,
            ["amount_paid"] = paid,
            ["amount_remaining"] = invoice.Status == InvoiceStatus.Void ? 0 : due - paid,
            ["amount_shipping"] = 0,
            ["application"] = null,
            ["attempt_count"] = invoice.AttemptCount,
            ["attempted"] = invoice.AttemptCount > 0 || (invoice.Status == InvoiceStatus.Paid && !invoice.IsSent),
            ["auto_advance"] = !isSettled && (body.Flag("auto_advance") ?? invoice.NextAttemptAt != Instants.Never),
            ["automatic_tax"] = new JsonObject { ["disabled_reason"] = null, ["enabled"] = false, ["liability"] = null, ["provider"] = null, ["status"] = null },
            ["automatically_finalizes_at"] = invoice.Status == InvoiceStatus.Draft ? SubscriptionJson.Set(invoice.NextAttemptAt) : null,
            ["billing_reason"] = ReasonOf(invoice.Reason),
            ["collection_method"] = invoice.IsSent ? "send_invoice" : "charge_automatically",
            ["created"] = record.Created,
            ["currency"] = WireMoney.Code(currency),
            ["custom_fields"] = null,
            ["customer"] = customer.Id,
            ["customer_account"] = null,
            ["customer_address"] = profile["address"]?.DeepClone(),
            ["customer_email"] = profile.Text("email"),
            ["customer_name"] = profile.Text("name"),
            ["customer_phone"] = profile.Text("phone"),
            ["customer_shipping"] = profile["shipping"]?.DeepClone(),
            ["customer_tax_exempt"] = "none",
            ["customer_tax_ids"] = new JsonArray(),
            ["default_payment_method"] = body.Text("default_payment_method"),
            ["default_source"] = null,
            ["default_tax_rates"] = new JsonArray(),
            ["description"] = body.Text("description"),
            ["discounts"] = Json.ArrayOf(record.Discounts.Select(id => (JsonNode)id)),
            ["due_date"] = SubscriptionJson.Set(invoice.DueAt),
            ["effective_at"] = SubscriptionJson.Set(invoice.FinalizedAt),
            ["ending_balance"] = record.EndingBalance,
            ["footer"] = body.Text("footer"),
            ["from_invoice"] = null,
            ["hosted_invoice_url"] = invoice.Serial == 0 ? null : $"{account.BaseAddress}/i/{record.Id}",
            ["invoice_pdf"] = invoice.Serial == 0 ? null : $"{account.BaseAddress}/i/{record.Id}/pdf",
            ["issuer"] = new JsonObject { ["type"] = "self" },
            ["last_finalization_error"] = null,
            ["latest_revision"] = null,
            ["lines"] = Paging.Wrap($"/v1/invoices/{record.Id}/lines", Lines(account, record, invoice).Take(isKnown ? LinesWithin : int.MaxValue), isKnown && invoice.Lines.Length > LinesWithin),
            ["livemode"] = false,
            ["metadata"] = body["metadata"]?.DeepClone() ?? new JsonObject(),
            ["next_payment_attempt"] = invoice.Status is InvoiceStatus.Open or InvoiceStatus.Draft && !invoice.IsSent ? SubscriptionJson.Set(invoice.NextAttemptAt) : null,
            ["number"] = number,
            ["on_behalf_of"] = null,
            ["parent"] = ParentOf(account, record),
            ["payment_settings"] = new JsonObject { ["default_mandate"] = null, ["payment_method_options"] = null, ["payment_method_types"] = null },
            ["period_end"] = record.Period.End,
            ["period_start"] = record.Period.Start,
            ["post_payment_credit_notes_amount"] = WireMoney.ToWire(record.CreditNotesAfter, currency),
            ["pre_payment_credit_notes_amount"] = WireMoney.ToWire(record.CreditNotesBefore, currency),
            ["receipt_number"] = null,
            ["rendering"] = null,
            ["shipping_cost"] = null,
            ["shipping_details"] = null,
            ["starting_balance"] = record.StartingBalance ?? -WireMoney.ToWire(customer.World.Find(customer).BalanceIn(currency), currency),
            ["statement_descriptor"] = null,
            ["status"] = StatusOf(invoice.Status),
            ["status_transitions"] = new JsonObject
            {
                ["finalized_at"] = SubscriptionJson.Set(invoice.FinalizedAt),
                ["marked_uncollectible_at"] = record.UncollectibleAt,
                ["paid_at"] = SubscriptionJson.Set(invoice.PaidAt),
                ["voided_at"] = record.VoidedAt,
            },
            ["subtotal"] = WireMoney.ToWire(invoice.Subtotal, currency),
            ["subtotal_excluding_tax"] = WireMoney.ToWire(invoice.Subtotal, currency),
            ["test_clock"] = customer.World.ClockId,
            ["total"] = WireMoney.ToWire(invoice.Total, currency),
            ["total_discount_amounts"] = DiscountAmounts(record, [.. Enumerable.Range(0, record.Applied.Count).Select(column => shares.Sum(row => row[column]))], currency),
            ["total_excluding_tax"] = WireMoney.ToWire(invoice.Total - invoice.Tax, currency),
            ["total_pretax_credit_amounts"] = new JsonArray(),
            ["total_taxes"] = new JsonArray(),
            ["webhooks_delivered_at"] = record.Created,
        };
    }

    public static string StatusOf(InvoiceStatus status) => status switch
    {
        InvoiceStatus.Draft => "draft",
        InvoiceStatus.Open => "open",
        InvoiceStatus.Paid => "paid",
        InvoiceStatus.Uncollectible => "uncollectible",
        _ => "void",
    };

    public static IEnumerable<JsonObject> Lines(Account account, InvoiceRecord record, EngineInvoice invoice)
    {
        var subscription = account.Objects.Find(record.Subscription) as SubscriptionRecord;
        var shares = DiscountShares.Of(record.Applied, invoice);
        for (var i = 0; i < invoice.Lines.Length; i++)
            yield return InvoiceLineJson.Render(account, record, subscription, invoice.Lines[i], shares[i], invoice.Currency, $"il_{record.Id["in_".Length..]}{i:D3}");
    }

    /// <summary>What each discount takes off, without those that take nothing.</summary>
    public static JsonArray DiscountAmounts(InvoiceRecord record, IReadOnlyList<long> amounts, Currency currency) => Json.ArrayOf(amounts
        .Select((amount, index) => (amount, index))
        .Where(taken => taken.amount != 0)
        .Select(taken => (JsonNode)new JsonObject { ["amount"] = WireMoney.ToWire(taken.amount, currency), ["discount"] = record.Discounts[taken.index] }));

    private static string ReasonOf(BillingReason reason) => reason switch
    {
        BillingReason.SubscriptionCreate => "subscription_create",
        BillingReason.SubscriptionCycle => "subscription_cycle",
        BillingReason.SubscriptionUpdate => "subscription_update",
        _ => "manual",
    };

    private static JsonObject? ParentOf(Account account, InvoiceRecord record) => record.Subscription is null ? null : new JsonObject
    {
        ["quote_details"] = null,
        ["subscription_details"] = new JsonObject
        {
            ["metadata"] = (account.Objects.Find(record.Subscription) as SubscriptionRecord)?.Body["metadata"]?.DeepClone() ?? new JsonObject(),
            ["subscription"] = record.Subscription,
        },
        ["type"] = "subscription_details",
    };
}
