using System.Runtime.InteropServices;

namespace SaasBilling.Subscriptions;

/// <summary>
/// The events of one transition, collected in any order and told in the order of time: each carries the instant at which the thing really happened, also
/// when several things are learnt at once. Equal instants are told in the order of <see cref="EventKind"/>, equal kinds in the order in which they were
/// found. An event gets its number, and with it its id, only then.
/// </summary>
internal sealed class EventDrafts
{
    private const int UsualCount = 2;

    private Draft[] _drafts = [];
    private int _count;

    internal int Count => _count;

    /// <summary>Adds an event.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="at">When it happened.</param>
    /// <param name="subject">What it tells of: a subscription, an invoice, a card, a line, a refund, a name; null for the customer.</param>
    /// <param name="explanation">Why, where there is more to say than the event's name.</param>
    /// <param name="detail">The previous plan of <see cref="PlanChanged"/>.</param>
    /// <param name="number">The limit of <see cref="UsageLimitReached"/>; the reason of an access event.</param>
    internal void Add(EventKind kind, DateTimeOffset at, object? subject, string? explanation = null, string? detail = null, long number = 0)
    {
        if (_count == _drafts.Length)
            Array.Resize(ref _drafts, Math.Max(UsualCount, _count * 2));

        // Insertion keeps the order stable and costs nothing for what comes in order, as most do.
        var draft = new Draft(kind, at, subject, explanation, detail, number);
        var place = _count++;
        while (place > 0 && IsBefore(draft, _drafts[place - 1]))
        {
            _drafts[place] = _drafts[place - 1];
            place--;
        }

        _drafts[place] = draft;
    }

    /// <summary>The events, numbered from the one after <paramref name="number"/>.</summary>
    internal BillingEvent[] Build(string customerId, long number)
    {
        if (_count == 0)
            return [];

        var events = new BillingEvent[_count];
        for (var i = 0; i < events.Length; i++)
            events[i] = Build(_drafts[i], $"{customerId}/{++number}", customerId);

        return events;
    }

    private static bool IsBefore(in Draft left, in Draft right) => left.At < right.At || (left.At == right.At && left.Kind < right.Kind);

    private static BillingEvent Build(in Draft draft, string id, string customer)
    {
        var at = draft.At;
        var why = draft.Explanation;
        switch (draft.Subject)
        {
            case Subscription subscription:
                return Build(draft, subscription, id, customer);
            case Invoice invoice:
                return Build(draft, invoice, id, customer);
            case PaymentMethod card:
                return draft.Kind switch
                {
                    EventKind.PaymentMethodAdded => new PaymentMethodAdded { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why, PaymentMethod = card },
                    EventKind.PaymentMethodRemoved => new PaymentMethodRemoved { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why, PaymentMethod = card },
                    EventKind.PaymentMethodExpiring => new PaymentMethodExpiring { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why, PaymentMethod = card },
                    _ => throw Unexpected(draft),
                };
        }

        return draft.Kind switch
        {
            EventKind.CustomerCreated => new CustomerCreated { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why },
            EventKind.CustomerDeleted => new CustomerDeleted { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why },
            EventKind.MilestoneReached => new MilestoneReached { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why, Milestone = (string)draft.Subject! },
            EventKind.ChargeAdded => new ChargeAdded { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why, Line = (InvoiceLine)draft.Subject! },
            EventKind.PaymentRefunded => new PaymentRefunded { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why, Refund = (Refund)draft.Subject! },
            EventKind.UsageLimitReached => new UsageLimitReached { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why, Feature = (string)draft.Subject!, Limit = draft.Number },
            EventKind.AccessGranted => new AccessGranted { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why, Reason = (AccessReason)draft.Number },
            EventKind.AccessRestricted => new AccessRestricted { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why, Reason = (AccessReason)draft.Number },
            _ => throw Unexpected(draft),
        };
    }

    private static SubscriptionEvent Build(in Draft draft, Subscription subscription, string id, string customer)
    {
        var at = draft.At;
        var why = draft.Explanation;
        return draft.Kind switch
        {
            EventKind.SubscriptionRenewed => new SubscriptionRenewed { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why, Subscription = subscription },
            EventKind.SubscriptionActivated => new SubscriptionActivated { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why, Subscription = subscription },
            EventKind.SubscriptionReactivated => new SubscriptionReactivated { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why, Subscription = subscription },
            EventKind.SubscriptionPaused => new SubscriptionPaused { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why, Subscription = subscription },
            EventKind.SubscriptionResumed => new SubscriptionResumed { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why, Subscription = subscription },
            EventKind.SubscriptionCanceled or EventKind.SubscriptionGivenUp =>
                new SubscriptionCanceled { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why, Subscription = subscription },
            EventKind.CancellationScheduled => new CancellationScheduled { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why, Subscription = subscription },
            EventKind.CancellationUndone => new CancellationUndone { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why, Subscription = subscription },
            EventKind.PlanChanged =>
                new PlanChanged { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why, Subscription = subscription, PreviousPlanKey = draft.Detail! },
            EventKind.QuantityChanged => new QuantityChanged { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why, Subscription = subscription },
            EventKind.TrialStarted => new TrialStarted { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why, Subscription = subscription },
            EventKind.TrialExtended => new TrialExtended { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why, Subscription = subscription },
            EventKind.TrialEnding =>
                new TrialEnding { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why, Subscription = subscription, Remaining = subscription.Trial!.End - at },
            EventKind.TrialConverted => new TrialConverted { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why, Subscription = subscription },
            EventKind.TrialExpired => new TrialExpired { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why, Subscription = subscription },
            _ => throw Unexpected(draft),
        };
    }

    private static BillingEvent Build(in Draft draft, Invoice invoice, string id, string customer)
    {
        var at = draft.At;
        var why = draft.Explanation;
        return draft.Kind switch
        {
            EventKind.InvoiceFinalized => new InvoiceFinalized { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why, Invoice = invoice },
            EventKind.InvoicePaid => new InvoicePaid { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why, Invoice = invoice },
            EventKind.InvoiceUpcoming => new InvoiceUpcoming { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why, Invoice = invoice },
            EventKind.PaymentFailed => new PaymentFailed { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why, Invoice = invoice },
            EventKind.PaymentActionRequired => new PaymentActionRequired { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why, Invoice = invoice },
            EventKind.PaymentRecovered => new PaymentRecovered { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why, Invoice = invoice },
            EventKind.PaymentDisputed => new PaymentDisputed { Id = id, CustomerId = customer, OccurredAt = at, Explanation = why, Invoice = invoice },
            _ => throw Unexpected(draft),
        };
    }

    private static InvalidOperationException Unexpected(in Draft draft) => new($"{draft.Kind} cannot tell of {draft.Subject?.GetType().Name ?? "nothing"}.");

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Draft(EventKind Kind, DateTimeOffset At, object? Subject, string? Explanation, string? Detail, long Number);
}
