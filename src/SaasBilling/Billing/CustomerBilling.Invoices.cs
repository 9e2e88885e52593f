using System.Runtime.CompilerServices;
using SaasBilling.Providers;
using SaasBilling.Storage;

namespace SaasBilling;

internal sealed partial class CustomerBilling
{
    public Task<Invoice> PayInvoiceAsync(string invoiceId, bool paidOutOfBand = false, CancellationToken cancellationToken = default) =>
        ActOnInvoiceAsync(invoiceId, paidOutOfBand ? InvoiceAction.PayOutOfBand : InvoiceAction.Pay, cancellationToken);

    public Task<Invoice> FinalizeInvoiceAsync(string invoiceId, CancellationToken cancellationToken = default) =>
        ActOnInvoiceAsync(invoiceId, InvoiceAction.Finalize, cancellationToken);

    public Task<Invoice> VoidInvoiceAsync(string invoiceId, CancellationToken cancellationToken = default) =>
        ActOnInvoiceAsync(invoiceId, InvoiceAction.Void, cancellationToken);

    public Task<Invoice> MarkInvoiceUncollectibleAsync(string invoiceId, CancellationToken cancellationToken = default) =>
        ActOnInvoiceAsync(invoiceId, InvoiceAction.MarkUncollectible, cancellationToken);

    public Task<IReadOnlyList<Invoice>> GetInvoicesAsync(CancellationToken cancellationToken = default) =>
        services.Store.GetInvoicesAsync(CustomerId, null, cancellationToken);

    public async Task<Invoice?> PreviewNextInvoiceAsync(CancellationToken cancellationToken = default)
    {
        if ((await StateAsync(cancellationToken).ConfigureAwait(false))?.Newest(SubscriptionName) is not { IsLive: true } live)
            return null;

        return (await PreviewAsync(live, null, cancellationToken).ConfigureAwait(false)).NextInvoice;
    }

    private async Task<Invoice> ActOnInvoiceAsync(string invoiceId, InvoiceAction action, CancellationToken cancellationToken, [CallerMemberName] string operation = "")
    {
        Checks.Identifier(invoiceId, Bounds.ProviderId);
        var result = await RunAsync(
            async (turn, token) =>
            {
                var invoice = await RequireInvoiceAsync(turn.State, invoiceId, token).ConfigureAwait(false);
                InvoiceRules.Require(invoice, action);

                // Of somebody who left, the books can be closed; but they are not charged any more (B-20).
                if (action is InvoiceAction.Pay or InvoiceAction.Finalize)
                    RequireNotDeleted(turn.State);
                if (action == InvoiceAction.Pay && invoice.AmountDue.IsPositive)
                    RequirePaymentMethod(turn.State);

                await BringAsync(turn, "invoice", key => Provider.ActOnInvoiceAsync(CustomerId, invoiceId, action, key, token), invoiceId, action.ToString()).ConfigureAwait(false);
            },
            cancellationToken,
            operation).ConfigureAwait(false);
        return await FindInvoiceAsync(result, invoiceId).ConfigureAwait(false);
    }

    private async Task<Invoice> RequireInvoiceAsync(CustomerState? state, string invoiceId, CancellationToken cancellationToken)
    {
        if (state?.OpenInvoices.FirstOrDefault(found => found.Id == invoiceId) is { } open)
            return open;

        var known = await services.Store.GetInvoicesAsync(CustomerId, [invoiceId], cancellationToken).ConfigureAwait(false);
        return known is [var invoice, ..]
            ? invoice
            : throw new BillingException(BillingErrorCode.UnknownInvoice, $"Customer '{CustomerId}' has no invoice '{invoiceId}'. Use an Id that GetInvoicesAsync returns.");
    }
}
