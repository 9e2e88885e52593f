using System.Collections.Frozen;

namespace SaasBilling.Stripe.Webhooks;

/// <summary>
/// The events after which something that we tell of may be different. All others are answered and forgotten: what passes by the clock alone (a trial
/// that will end, an upcoming invoice) has timers of our own. docs/stripe.md lists them for the endpoint's page.
/// </summary>
internal static class EventTypes
{
    /// <summary>Every type, in the order of the documentation.</summary>
    internal static readonly IReadOnlyList<string> All =
    [
        "customer.created",
        "customer.updated",
        "customer.deleted",
        "customer.discount.created",
        "customer.discount.deleted",
        "customer.discount.updated",
        "customer.subscription.created",
        "customer.subscription.updated",
        "customer.subscription.deleted",
        "customer.subscription.paused",
        "customer.subscription.resumed",
        "customer.subscription.pending_update_applied",
        "customer.subscription.pending_update_expired",
        "subscription_schedule.created",
        "subscription_schedule.updated",
        "subscription_schedule.released",
        "subscription_schedule.canceled",
        "subscription_schedule.completed",
        "subscription_schedule.aborted",
        "invoice.created",
        "invoice.updated",
        "invoice.deleted",
        "invoice.finalized",
        "invoice.finalization_failed",
        "invoice.paid",
        "invoice.payment_failed",
        "invoice.payment_action_required",
        "invoice.overdue",
        "invoice.voided",
        "invoice.marked_uncollectible",
        "invoiceitem.created",
        "invoiceitem.deleted",
        "payment_method.attached",
        "payment_method.detached",
        "payment_method.updated",
        "payment_method.automatically_updated",
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "charge.refunded",
        "charge.dispute.created",
        "charge.dispute.closed",
        "refund.created",
        "refund.updated",
        "refund.failed",
        "credit_note.created",
        "credit_note.voided",
    ];

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup =
        All.ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The type as it stands in the table; null: it changes nothing here. Allocates nothing.</summary>
    public static string? Find(ReadOnlySpan<char> type) => Lookup.TryGetValue(type, out var known) ? known : null;
}
