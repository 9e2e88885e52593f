using SaasBilling.Providers;

namespace SaasBilling.InMemory.Engine;

/// <summary>What can be done with an invoice by hand. The transitions are Stripe's: https://docs.stripe.com/invoicing/integration/workflow-transitions.</summary>
internal static class InvoiceActions
{
    internal static void Act(EngineContext context, EngineCustomer customer, EngineInvoice invoice, InvoiceAction action)
    {
        switch (action)
        {
            case InvoiceAction.Finalize:
                Require(customer, invoice, invoice.Status == InvoiceStatus.Draft, "finalized", "Only a draft can be");
                Finalization.FinalizeAndCollect(context, customer, invoice);
                break;
            case InvoiceAction.Pay:
                Pay(context, customer, invoice);
                break;
            case InvoiceAction.PayOutOfBand:
                RequirePayable(customer, invoice);
                FinalizeDraft(context, customer, invoice);
                if (invoice.Status != InvoiceStatus.Paid)
                    Payments.MarkPaid(context, customer, invoice, byCard: false);
                break;
            case InvoiceAction.Void:
                Require(customer, invoice, invoice.Status is InvoiceStatus.Open or InvoiceStatus.Uncollectible, "voided", "Only an open or uncollectible invoice can be (finalize a draft first)");
                MakeVoid(customer, invoice);
                Statuses.WrittenOff(context, customer, invoice);
                break;
            case InvoiceAction.MarkUncollectible:
                Require(customer, invoice, invoice.Status == InvoiceStatus.Open, "written off", "Only an open invoice can be");
                invoice.Status = InvoiceStatus.Uncollectible;
                invoice.NextAttemptAt = Instants.Never;
                customer.Touch(invoice);
                Statuses.WrittenOff(context, customer, invoice);
                break;
            default:
                throw new BillingException(BillingErrorCode.InvalidArgument, $"{(int)action} is not an action on invoices. Use a value of InvoiceAction.");
        }
    }

    /// <summary>Makes an invoice invalid; the credit that it used goes back to the balance.</summary>
    internal static void MakeVoid(EngineCustomer customer, EngineInvoice invoice)
    {
        customer.AddToBalance(invoice.Currency, invoice.AppliedBalance);
        invoice.AppliedBalance = 0;
        invoice.Status = InvoiceStatus.Void;
        invoice.NextAttemptAt = Instants.Never;
        invoice.ActionCard = 0;
        customer.Touch(invoice);
        Prorations.TakeBack(customer, invoice);
    }

    private static void Pay(EngineContext context, EngineCustomer customer, EngineInvoice invoice)
    {
        RequirePayable(customer, invoice);
        var due = invoice.Status == InvoiceStatus.Draft ? Finalization.ExpectedDue(customer, invoice) : invoice.AmountDue;
        if (due > 0 && customer.CardFor(customer.FindSubscription(invoice.SubscriptionNumber)) is null)
        {
            throw new BillingException(
                BillingErrorCode.InvalidState,
                $"Invoice '{EngineIds.Invoice(customer, invoice.Number)}' cannot be paid: there is no payment method. Add one with AddPaymentMethodAsync first, or record a payment out of band.");
        }

        FinalizeDraft(context, customer, invoice);
        if (invoice.Status != InvoiceStatus.Paid)
            Payments.Collect(context, customer, invoice, Attempt.Manual);
    }

    private static void FinalizeDraft(EngineContext context, EngineCustomer customer, EngineInvoice invoice)
    {
        if (invoice.Status == InvoiceStatus.Draft)
            Finalization.Finalize(context, customer, invoice);
    }

    private static void RequirePayable(EngineCustomer customer, EngineInvoice invoice) =>
        Require(customer, invoice, !invoice.IsSettled, "paid", "Only a draft, an open or an uncollectible invoice can be");

    private static void Require(EngineCustomer customer, EngineInvoice invoice, bool isLegal, string done, string rule)
    {
        if (!isLegal)
        {
            throw new BillingException(
                BillingErrorCode.InvalidState,
                $"Invoice '{EngineIds.Invoice(customer, invoice.Number)}' is {invoice.Status} and cannot be {done}. {rule}.");
        }
    }
}
