using System.Text.Json.Nodes;
using SaasBilling.InMemory.Engine;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Worlds;

/// <summary>Every movement of a credit balance is a transaction: https://docs.stripe.com/api/customer_balance_transactions.</summary>
internal static class BalanceLedger
{
    public static void Tell(Account account, CustomerRecord customer, EngineCustomer engine)
    {
        if (engine.BalanceCurrency.IsNone)
            return;

        foreach (var currency in customer.Balances.Keys.Append(engine.BalanceCurrency).Distinct().ToList())
        {
            var now = engine.BalanceIn(currency);
            var before = customer.Balances.GetValueOrDefault(currency);
            customer.Balances[currency] = now;
            if (now != before)
                Add(account, customer, engine, currency, now, now - before);
        }
    }

    private static void Add(Account account, CustomerRecord customer, EngineCustomer engine, Currency currency, long balance, long change)
    {
        var invoice = customer.Invoices.Values.LastOrDefault(record => !record.IsBalanceTold && IsBehind(record, change, currency));
        if (invoice is not null)
            invoice.IsBalanceTold = true;
        var given = account.NewBalanceTransaction;
        var transaction = account.Objects.Add(new PlainResource(new JsonObject
        {
            ["id"] = account.Objects.NewId("cbtxn"),
            ["object"] = "customer_balance_transaction",
            ["amount"] = -WireMoney.ToWire(change, currency),
            ["checkout_session"] = null,
            ["created"] = engine.LatestAt,
            ["credit_note"] = given?.Text("credit_note"),
            ["currency"] = WireMoney.Code(currency),
            ["customer"] = customer.Id,
            ["customer_account"] = null,
            ["description"] = given?.Text("description"),
            ["ending_balance"] = -WireMoney.ToWire(balance, currency),
            ["invoice"] = invoice?.Id,
            ["livemode"] = false,
            ["metadata"] = given?["metadata"]?.DeepClone() ?? new JsonObject(),
            ["type"] = given?.Text("type") ?? (invoice is null ? "adjustment" : "applied_to_invoice"),
        }));
        account.LastBalanceTransaction = transaction.Id;
    }

    private static bool IsBehind(InvoiceRecord record, long change, Currency currency) =>
        record.Engine is { Serial: > 0 } invoice && invoice.Currency == currency && invoice.AppliedBalance == -change;
}
