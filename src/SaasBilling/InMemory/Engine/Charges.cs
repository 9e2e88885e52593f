using SaasBilling.Providers;

namespace SaasBilling.InMemory.Engine;

/// <summary>One-off charges: on the next invoice, or now.</summary>
internal static class Charges
{
    internal static int Add(EngineContext context, EngineCustomer customer, AddChargeRequest request)
    {
        RequireAmount(customer, request.Amount);
        var subscription = request.SubscriptionId is { } id ? customer.FindSubscription(EngineIds.NumberOf(customer, EngineIds.SubscriptionKind, id)) : null;
        var number = ++customer.LastPendingNumber;
        (customer.Pending ??= []).Add(new PendingLine(
            number, subscription is { IsLive: true } ? subscription.Number : 0, request.Amount.Currency, LineOf(context, request)));
        customer.PendingRevision = customer.Touch();
        return number;
    }

    internal static EngineInvoice ChargeNow(EngineContext context, EngineCustomer customer, AddChargeRequest request)
    {
        RequireAmount(customer, request.Amount);
        context.Lines.Clear();
        context.Lines.Add(LineOf(context, request));
        var invoice = Drafting.Make(context, customer, null, BillingReason.Manual, request.Amount.Currency, context.Lines);
        Finalization.FinalizeAndCollect(context, customer, invoice);
        return invoice;
    }

    internal static void Credit(EngineCustomer customer, Money amount)
    {
        RequireAmount(customer, amount);
        Amounts.Require(Money.FromMinorUnits(customer.BalanceIn(amount.Currency), amount.Currency) + amount, "A balance");
        customer.AddToBalance(amount.Currency, amount.MinorUnits);
    }

    private static EngineLine LineOf(EngineContext context, AddChargeRequest request) => new()
    {
        Kind = LineKind.Charge,
        Text = request.Description,
        Quantity = 1,
        Amount = request.Amount.MinorUnits,
        Start = context.Now,
        End = context.Now,
    };

    private static void RequireAmount(EngineCustomer customer, Money amount)
    {
        Amounts.Require(amount, "A charge or credit");
        var currency = Subscribing.CurrencyOf(customer, except: null);
        if (!currency.IsNone && currency != amount.Currency)
        {
            throw new BillingException(
                BillingErrorCode.CurrencyMismatch,
                $"{amount} cannot be charged: the customer is billed in {currency}. Use an amount in {currency}.");
        }
    }
}
