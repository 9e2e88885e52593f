using SaasBilling.EntityFrameworkCore.Model;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Commits;

/// <summary>All rows of one commit, whichever way they are written. Of what is in it twice under one id, one counts.</summary>
internal sealed class CommitContent(BillingCommit commit, DateTimeOffset now)
{
    private readonly CustomerState _state = commit.Customer;

    public string CustomerId => _state.Customer.Id;

    public bool IsNew => commit.ExpectedVersion == 0;

    public long ExpectedVersion => commit.ExpectedVersion;

    public CustomerRow Customer => CommitRows.Customer(_state);

    public IEnumerable<SubscriptionRow> Subscriptions => _state.Subscriptions.DistinctBy(subscription => subscription.Id).Select(CommitRows.Subscription);

    /// <summary>Of an invoice that is written twice, the last one counts, at the place of the first.</summary>
    public IEnumerable<InvoiceRow> Invoices => commit.Invoices.GroupBy(invoice => invoice.Id).Select((group, position) => CommitRows.Invoice(group.Last(), _state.Version, position));

    public IEnumerable<EventRow> Events => commit.Events.Select((billingEvent, position) => CommitRows.Event(billingEvent, _state.Version, position, now));

    public IEnumerable<MovementRow> Movements => commit.Movements.Select(CommitRows.Movement);

    public UsageRow? Usage => commit.Usage is { } usage ? CommitRows.Usage(usage) : null;

    public int TrialCount => _state.Trials.Count;

    public IEnumerable<TrialRow> Trials => _state.Trials.Select((trial, position) => CommitRows.Trial(CustomerId, trial, position));

    public string WakeKey => Job.WakeKey(CustomerId);

    /// <summary>The wake-up; null: the customer needs none.</summary>
    public JobRow? Wake => _state.WakeAt is { } wakeAt ? CommitRows.Job(Job.Wake(CustomerId, wakeAt)) : null;

    public IEnumerable<JobRow> Hooks => CommitRows.Hooks(commit).Select(CommitRows.Job);
}
