using SaasBilling.Access;
using SaasBilling.Providers;
using SaasBilling.Reporting;
using SaasBilling.Storage;

namespace SaasBilling.Subscriptions;

/// <summary>
/// One transition under way. Facts are merged in the order customer, cards, charges, subscriptions, invoices, what was reported on our side; what the
/// clock and the new answer to "is access granted" add comes last. Lists that did not change stay the same instances.
/// </summary>
internal sealed partial class TransitionRun
{
    private readonly CustomerState? _before;
    private readonly CustomerSnapshot? _snapshot;
    private readonly TransitionInput _input;
    private readonly PlanCatalog _catalog;
    private readonly SaasBillingOptions _options;
    private readonly DateTimeOffset _now;

    // The instant of what carries none of its own: a plan change, an undone cancellation, a new card.
    private readonly DateTimeOffset _observed;

    private readonly EventDrafts _events = new();
    private ListEdit<Subscription> _subscriptions;
    private ListEdit<LastKnown> _lastKnown;
    private ListEdit<Invoice> _openInvoices;
    private ListEdit<TrialRecord> _trials;
    private ListEdit<MeterUsage> _usage;
    private ListEdit<Notice> _notices;
    private ListEdit<Invoice> _invoices = new([]);
    private Customer _customer;
    private IReadOnlyList<PaymentMethod> _cards;
    private IReadOnlyList<PendingCharge> _charges;
    private IReadOnlyList<string> _milestones;
    private DateTimeOffset? _wakeAt;

    internal TransitionRun(CustomerState? before, CustomerSnapshot? snapshot, TransitionInput input)
    {
        _before = before;
        _snapshot = snapshot is { Customer.DeletedAt: not null } && before?.Customer is { ErasedAt: not null } erased ? Erasure.Of(snapshot, erased) : snapshot;
        _input = input;
        _catalog = input.Catalog;
        _options = input.Options;
        _now = input.Now;
        _observed = snapshot?.ObservedAt ?? input.Now;
        _customer = before?.Customer ?? snapshot!.Customer;
        _subscriptions = new(before?.Subscriptions ?? []);
        _lastKnown = new(before?.LastKnown ?? []);
        _openInvoices = new(before?.OpenInvoices ?? []);
        _trials = new(before?.Trials ?? []);
        _usage = new(before?.Usage ?? []);
        _notices = new(before?.Notices ?? []);
        _cards = before?.PaymentMethods ?? [];
        _charges = before?.PendingCharges ?? [];
        _milestones = before?.Milestones ?? [];
    }

    internal TransitionResult Run()
    {
        if (_snapshot is not null)
        {
            MergeCustomer(_snapshot.Customer);
            MergeCards(_snapshot.PaymentMethods);
            MergeCharges(_snapshot.PendingCharges);
            MergeSubscriptions(_snapshot.Subscriptions);
            MergeInvoices(_snapshot.Invoices);
            ConvertTrials(_snapshot.Invoices);
            ForgetOlderEnds();
        }

        if (_input.Milestone is { } milestone)
            Reach(milestone);

        if (_input.Usage is { } usage)
            Count(usage);

        Announce();
        PruneNotices();
        var granted = TellAccess();
        var mrr = _before?.Mrr ?? [];
        var movements = _revenueAt is { } at
            ? MrrMovements.Follow(_customer.Id, mrr, new(_subscriptions.Value, _lastKnown.Value, _trials.Value), _catalog, at, out mrr)
            : [];

        return Finish(granted, mrr, movements);
    }

    private TransitionResult Finish(bool granted, IReadOnlyList<MrrAmount> mrr, IReadOnlyList<MrrMovement> movements)
    {
        var cursor = _snapshot?.Cursor ?? _before?.ProviderCursor;
        if (_before is not null && !HasChanged(_before, granted, mrr))
        {
            var same = string.Equals(cursor, _before.ProviderCursor, StringComparison.Ordinal) ? _before : _before with { ProviderCursor = cursor };
            return new(same, [], [], [], null) { Changed = false };
        }

        var number = _before?.EventCount ?? 0;
        var events = _events.Build(_customer.Id, number);
        var after = new CustomerState
        {
            Customer = _customer,
            Version = (_before?.Version ?? 0) + 1,
            EventCount = number + events.Length,
            ProviderCursor = cursor,
            RecentCalls = _before?.RecentCalls ?? [],
            Subscriptions = _subscriptions.Value,
            OpenInvoices = _openInvoices.Value,
            PaymentMethods = _cards,
            PendingCharges = _charges,
            Trials = _trials.Value,
            Milestones = _milestones,
            Usage = _usage.Value,
            Notices = _notices.Value,
            LastKnown = _lastKnown.Value,
            AccessWasGranted = granted,
            Mrr = mrr,
            WakeAt = _wakeAt,
        };

        return new(after, events, _invoices.Value, movements, _input.Usage) { Changed = true };
    }

    private bool HasChanged(CustomerState before, bool granted, IReadOnlyList<MrrAmount> mrr) =>
        _events.Count > 0
        || _subscriptions.IsChanged
        || _invoices.IsChanged
        || _openInvoices.IsChanged
        || _trials.IsChanged
        || _usage.IsChanged
        || _notices.IsChanged
        || _lastKnown.IsChanged
        || _input.Usage is not null
        || granted != before.AccessWasGranted
        || _wakeAt != before.WakeAt
        || !ReferenceEquals(_customer, before.Customer)
        || !ReferenceEquals(_cards, before.PaymentMethods)
        || !ReferenceEquals(_charges, before.PendingCharges)
        || !ReferenceEquals(_milestones, before.Milestones)
        || !ReferenceEquals(mrr, before.Mrr);

    private AccessView View => new(_subscriptions.Value, _lastKnown.Value, _trials.Value);
}
