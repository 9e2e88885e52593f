using SaasBilling.Providers;
using SaasBilling.Stripe.Commands;
using SaasBilling.Stripe.Http;
using SaasBilling.Stripe.Wire;

namespace SaasBilling.Stripe;

/// <content>Charges, credit, refunds, invoices, usage.</content>
internal sealed partial class StripeProvider
{
    public async Task<ProviderResult> AddChargeAsync(AddChargeRequest request, string idempotencyKey, CancellationToken cancellationToken)
    {
        var stripeId = await _customers.RequireAsync(request.CustomerId, cancellationToken).ConfigureAwait(false);
        await RequireOneCurrencyAsync(request, stripeId, cancellationToken).ConfigureAwait(false);
        var made = await _api.PostAsync("/v1/invoiceitems", InvoiceForms.Item(request, stripeId, invoiceId: null), idempotencyKey, cancellationToken).ConfigureAwait(false);
        return await AnswerAsync(request.CustomerId, stripeId, made.Id, cancellationToken).ConfigureAwait(false);
    }

    public async Task<ProviderResult> ChargeNowAsync(AddChargeRequest request, string idempotencyKey, CancellationToken cancellationToken)
    {
        var stripeId = await _customers.RequireAsync(request.CustomerId, cancellationToken).ConfigureAwait(false);
        await RequireOneCurrencyAsync(request, stripeId, cancellationToken).ConfigureAwait(false);
        var draft = await _api.PostAsync("/v1/invoices", InvoiceForms.Draft(request, stripeId, _options.AutomaticTax, idempotencyKey), $"{idempotencyKey}:invoice", cancellationToken).ConfigureAwait(false);
        await _api.PostAsync("/v1/invoiceitems", InvoiceForms.Item(request, stripeId, draft.Id), $"{idempotencyKey}:item", cancellationToken).ConfigureAwait(false);
        await FinalizeAndCollectAsync(draft.Id, idempotencyKey, advances: true, cancellationToken).ConfigureAwait(false);
        return await AnswerAsync(request.CustomerId, stripeId, draft.Id, cancellationToken).ConfigureAwait(false);
    }

    public async Task<ProviderResult> AddCreditAsync(string customerId, Money amount, string reason, string idempotencyKey, CancellationToken cancellationToken)
    {
        var stripeId = await _customers.RequireAsync(customerId, cancellationToken).ConfigureAwait(false);
        await _api.PostAsync($"/v1/customers/{Uri.EscapeDataString(stripeId)}/balance_transactions", InvoiceForms.Credit(amount, reason), idempotencyKey, cancellationToken).ConfigureAwait(false);
        return await AnswerAsync(customerId, stripeId, null, cancellationToken).ConfigureAwait(false);
    }

    public async Task<ProviderResult> RefundAsync(string customerId, string invoiceId, Money amount, string idempotencyKey, CancellationToken cancellationToken)
    {
        var (stripeId, invoice) = await InvoiceAsync(customerId, invoiceId, cancellationToken).ConfigureAwait(false);
        var payments = new StripeForm().Add("invoice", invoiceId).Add("status", "paid");
        string? paid = null;
        await foreach (var payment in _api.ListAsync("/v1/invoice_payments", payments, cancellationToken).ConfigureAwait(false))
            paid ??= payment.Object("payment")?.IdOf("payment_intent") ?? payment.Object("payment")?.IdOf("charge");
        paid ??= invoice.Payments.Count > 0 ? invoice.Payments[0] : null;
        if (paid is null)
            throw new BillingException(BillingErrorCode.InvalidState, $"Invoice '{invoiceId}' of customer '{customerId}' was not paid by card, so that nothing can be returned to one. Use AddCreditAsync.");

        var refund = await _api.PostAsync("/v1/refunds", InvoiceForms.Refund(paid, amount, invoiceId), idempotencyKey, cancellationToken).ConfigureAwait(false);
        return await AnswerAsync(customerId, stripeId, refund.Id, cancellationToken).ConfigureAwait(false);
    }

    public async Task<ProviderResult> ActOnInvoiceAsync(string customerId, string invoiceId, InvoiceAction action, string idempotencyKey, CancellationToken cancellationToken)
    {
        var (stripeId, invoice) = await InvoiceAsync(customerId, invoiceId, cancellationToken).ConfigureAwait(false);
        switch (action)
        {
            case InvoiceAction.Finalize:
                await FinalizeAndCollectAsync(invoiceId, idempotencyKey, advances: false, cancellationToken).ConfigureAwait(false);
                break;
            case InvoiceAction.Pay:
            case InvoiceAction.PayOutOfBand:
                if (invoice.Status == InvoiceStatus.Draft)
                    await StepAsync(PathOf("invoices", invoiceId, "finalize"), StripeForm.Empty, $"{idempotencyKey}:finalize", cancellationToken).ConfigureAwait(false);
                await PayAsync(invoiceId, action == InvoiceAction.PayOutOfBand, $"{idempotencyKey}:pay", cancellationToken).ConfigureAwait(false);
                break;
            case InvoiceAction.Void:
                await StepAsync(PathOf("invoices", invoiceId, "void"), StripeForm.Empty, idempotencyKey, cancellationToken).ConfigureAwait(false);
                break;
            default:
                await StepAsync(PathOf("invoices", invoiceId, "mark_uncollectible"), StripeForm.Empty, idempotencyKey, cancellationToken).ConfigureAwait(false);
                break;
        }

        return await AnswerAsync(customerId, stripeId, invoiceId, cancellationToken).ConfigureAwait(false);
    }

    public async Task<ProviderResult> RecordUsageAsync(UsageRequest request, CancellationToken cancellationToken)
    {
        var stripeId = await _customers.RequireAsync(request.CustomerId, cancellationToken).ConfigureAwait(false);
        var form = InvoiceForms.Usage(request, stripeId);
        try
        {
            await StepAsync("/v1/billing/meter_events", form, $"usage:{InvoiceForms.IdentifierOf(request, stripeId)}", cancellationToken).ConfigureAwait(false);
        }
        catch (StripeException repeated) when (repeated.Error is { Status: 400, Message: { } said } && said.Contains("already exists", StringComparison.Ordinal))
        {
            // It counts once.
        }

        return new ProviderResult(CustomerAlone(await _reader.ReadCustomerAsync(request.CustomerId, stripeId, cancellationToken).ConfigureAwait(false)));
    }

    // Usage shows on an invoice later; nothing else of the customer has changed.
    private static CustomerSnapshot CustomerAlone(Reading.Account account) => new() { Customer = Reading.SnapshotMapping.ToCustomer(account), ObservedAt = account.ObservedAt };

    private async Task FinalizeAndCollectAsync(string invoiceId, string key, bool advances, CancellationToken cancellationToken)
    {
        var finalized = await StepAsync(PathOf("invoices", invoiceId, "finalize"), StripeForm.Empty, $"{key}:finalize", cancellationToken).ConfigureAwait(false);
        if (finalized is not { } invoice || invoice.Text("status") != "open" || invoice.Text("collection_method") == "send_invoice")
            return;

        // A charge that fails is tried again by Stripe, as a renewal is.
        if (advances)
            await StepAsync(PathOf("invoices", invoiceId), InvoiceForms.Advance(advances: true), $"{key}:advance", cancellationToken).ConfigureAwait(false);
        await PayAsync(invoiceId, outOfBand: false, $"{key}:pay", cancellationToken).ConfigureAwait(false);
    }

    private async Task PayAsync(string invoiceId, bool outOfBand, string key, CancellationToken cancellationToken)
    {
        try
        {
            await UnlessDeclinedAsync(() => StepAsync(PathOf("invoices", invoiceId, "pay"), InvoiceForms.Pay(outOfBand), key, cancellationToken)).ConfigureAwait(false);
        }
        catch (StripeException refusal) when (!outOfBand && IsWithoutPaymentMethod(refusal.Error))
        {
            // As a decline: the invoice stays open and says that there is no payment method.
        }
    }

    // Stripe has no code of its own for it.
    private static bool IsWithoutPaymentMethod(StripeError error) =>
        error.Status is 400 or 404 && (error.Message?.Contains("default_payment_method", StringComparison.Ordinal) == true || error.Message?.Contains("no attached payment source", StringComparison.Ordinal) == true);

    private async Task<(string StripeId, WireInvoice Invoice)> InvoiceAsync(string customerId, string invoiceId, CancellationToken cancellationToken)
    {
        var stripeId = await _customers.RequireAsync(customerId, cancellationToken).ConfigureAwait(false);
        var found = await _api.FindAsync(PathOf("invoices", invoiceId), new StripeForm().Expand("payments"), cancellationToken).ConfigureAwait(false);
        return found is { } invoice && invoice.IdOf("customer") == stripeId
            ? (stripeId, WireInvoice.Read(invoice))
            : throw new BillingException(BillingErrorCode.UnknownInvoice, $"Customer '{customerId}' has no invoice '{invoiceId}' on Stripe. Use Invoice.Id of one of theirs.");
    }

    private async Task RequireOneCurrencyAsync(AddChargeRequest request, string stripeId, CancellationToken cancellationToken)
    {
        foreach (var subscription in await LiveSubscriptionsAsync(stripeId, cancellationToken).ConfigureAwait(false))
        {
            var isFree = subscription.Items.All(item => _prices.Learn(item.Price).IsFree);
            if (!isFree && Currency.TryOf(subscription.Currency, out var currency) && currency != request.Amount.Currency)
            {
                throw new BillingException(
                    BillingErrorCode.CurrencyMismatch,
                    $"Customer '{request.CustomerId}' is billed in {currency}, so that {request.Amount} cannot be charged. Use an amount in {currency}.");
            }
        }
    }
}
