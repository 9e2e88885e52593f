namespace SaasBilling.InMemory.Engine;

/// <summary>Who tries to collect.</summary>
internal enum Attempt
{
    /// <summary>The engine, when the invoice is finalized.</summary>
    First,

    /// <summary>The engine, by the schedule of retries.</summary>
    Retry,

    /// <summary>The customer or the application.</summary>
    Manual,
}

/// <summary>Is the invoice paid? Charges cards, and notes what came of it.</summary>
internal static class Payments
{
    internal const string NoPaymentMethod = "no_payment_method";
    internal const string AuthenticationRequired = "authentication_required";
    internal const string ExpiredCard = "expired_card";

    /// <summary>Charges the default card.</summary>
    internal static void Collect(EngineContext context, EngineCustomer customer, EngineInvoice invoice, Attempt attempt)
    {
        var card = customer.CardFor(customer.FindSubscription(invoice.SubscriptionNumber));
        if (attempt == Attempt.Retry && Dunning.IsPassedOver(invoice, card))
        {
            Dunning.PassOver(context, customer, invoice);
            return;
        }

        if (card is null)
        {
            Fail(context, customer, invoice, attempt, null, NoPaymentMethod, asks: false);
            return;
        }

        switch (card.Card.Charge)
        {
            case var _ when card.IsExpired(context.Now):
                Fail(context, customer, invoice, attempt, card, ExpiredCard, asks: false);
                break;
            case ChargeBehavior.Declines:
                Fail(context, customer, invoice, attempt, card, card.Card.ChargeDeclineCode, asks: false);
                break;
            case ChargeBehavior.AsksEveryTime or ChargeBehavior.AsksThenDeclines:
            case ChargeBehavior.AsksOnce when !card.HasAuthenticated:
                Fail(context, customer, invoice, attempt, card, null, asks: true);
                break;
            default:
                Count(invoice, attempt);
                Succeed(context, customer, invoice, card);
                break;
        }
    }

    /// <summary>The customer answers the bank.</summary>
    internal static void Answer(EngineContext context, EngineCustomer customer, EngineInvoice invoice, bool authenticate)
    {
        var card = customer.FindCard(invoice.ActionCard) ?? throw new BillingException(
            BillingErrorCode.InvalidState,
            $"The card that the bank asked about was removed. Add another one, and pay invoice '{EngineIds.Invoice(customer, invoice.Number)}'.");
        if (!authenticate)
        {
            Fail(context, customer, invoice, Attempt.Manual, card, AuthenticationRequired, asks: false);
            return;
        }

        card.HasAuthenticated = true;
        var decline = card.IsExpired(context.Now) ? ExpiredCard : card.Card.Charge == ChargeBehavior.AsksThenDeclines ? card.Card.ChargeDeclineCode : null;
        if (decline is not null)
        {
            Fail(context, customer, invoice, Attempt.Manual, card, decline, asks: false);
            return;
        }

        Count(invoice, Attempt.Manual);
        Succeed(context, customer, invoice, card);
    }

    /// <summary>Nothing is owed any more.</summary>
    internal static void MarkPaid(EngineContext context, EngineCustomer customer, EngineInvoice invoice, bool byCard)
    {
        invoice.Status = InvoiceStatus.Paid;
        invoice.PaidAt = context.Now;
        invoice.AmountPaid = invoice.AmountDue;
        invoice.PaidByCard = byCard ? invoice.AmountDue : 0;
        invoice.NextAttemptAt = Instants.Never;
        invoice.ActionCard = 0;
        customer.Touch(invoice);
        Statuses.Paid(customer, invoice);
    }

    internal static EngineRefund Refund(EngineContext context, EngineCustomer customer, EngineInvoice invoice, Money amount)
    {
        var id = EngineIds.Invoice(customer, invoice.Number);
        if (amount.Currency != invoice.Currency)
            throw new BillingException(BillingErrorCode.CurrencyMismatch, $"Invoice '{id}' was paid in {invoice.Currency}, not in {amount.Currency}. Refund in {invoice.Currency}.");

        if (!amount.IsPositive)
            throw new BillingException(BillingErrorCode.InvalidArgument, $"A refund of {amount} is no refund. Use an amount above zero.");

        if (invoice.Status != InvoiceStatus.Paid || invoice.PaidByCard == 0)
        {
            throw new BillingException(
                BillingErrorCode.InvalidState,
                $"No card was charged for invoice '{id}' ({invoice.Status}), so that nothing can go back to one. Use AddCreditAsync to credit the customer.");
        }

        long refunded = 0;
        foreach (var refund in invoice.Refunds ?? [])
            refunded += refund.Amount;

        var left = Money.FromMinorUnits(invoice.PaidByCard - refunded, invoice.Currency);
        if (amount > left)
            throw new BillingException(BillingErrorCode.InvalidArgument, $"{amount} is more than is left to refund of invoice '{id}': {left}. Refund at most that.");

        var made = new EngineRefund(context.Now, amount.MinorUnits);
        (invoice.Refunds ??= new(1)).Add(made);
        customer.Touch(invoice);
        return made;
    }

    private static void Succeed(EngineContext context, EngineCustomer customer, EngineInvoice invoice, EngineCard card)
    {
        if (card.Card.Charge == ChargeBehavior.Disputes)
            invoice.DisputedAt = context.Now;

        MarkPaid(context, customer, invoice, byCard: true);
    }

    private static void Fail(EngineContext context, EngineCustomer customer, EngineInvoice invoice, Attempt attempt, EngineCard? card, string? code, bool asks)
    {
        // A first payment that waits for the bank was not attempted yet: https://docs.stripe.com/billing/subscriptions/overview.
        if (!asks || invoice.Reason != BillingReason.SubscriptionCreate)
            Count(invoice, attempt);

        (invoice.Failures ??= new(1)).Add(new EngineFailure(context.Now, code, asks));
        invoice.FailedCard = card?.Number ?? 0;
        invoice.ActionCard = asks ? invoice.FailedCard : 0;
        Statuses.TouchWith(customer, invoice);
        if (attempt == Attempt.First)
            Statuses.Failed(context, customer, invoice);

        Dunning.AfterFailure(context, customer, invoice, attempt, code);
    }

    // The first attempt counts whoever made it, and then only the automatic ones: https://docs.stripe.com/api/invoices/object.
    private static void Count(EngineInvoice invoice, Attempt attempt)
    {
        if (attempt == Attempt.Retry || invoice.AttemptCount == 0)
            invoice.AttemptCount++;
    }
}
