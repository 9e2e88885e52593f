using SaasBilling.EntityFrameworkCore.Documents;
using SaasBilling.EntityFrameworkCore.Model;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Commits;

/// <summary>The rows of one commit.</summary>
internal static class CommitRows
{
    public static CustomerRow Customer(CustomerState state)
    {
        var customer = state.Customer;
        return new CustomerRow
        {
            Id = customer.Id,
            Version = state.Version,
            Email = Normalized(customer.Email),
            Name = customer.Name,
            Currency = CurrencyOf(state),
            CreatedAt = customer.CreatedAt,
            DeletedAt = customer.DeletedAt,
            WakeAt = state.WakeAt,
            State = BillingDocuments.Write(state),
        };
    }

    /// <summary>An address as it is searched for.</summary>
    public static string? Normalized(string? email) => email?.Trim().ToLowerInvariant();

    public static SubscriptionRow Subscription(Subscription subscription) => new()
    {
        CustomerId = subscription.CustomerId,
        Id = subscription.Id,
        Name = subscription.Name,
        PlanKey = subscription.PlanKey,
        Status = subscription.Status,
        Currency = subscription.Currency?.Code,
        BillingInterval = subscription.Interval.ToString(),
        CreatedAt = subscription.CreatedAt,
        PeriodStart = subscription.CurrentPeriod.Start,
        PeriodEnd = subscription.CurrentPeriod.End,
        TrialStart = subscription.Trial?.Start,
        TrialEnd = subscription.Trial?.End,
        CancelsAt = subscription.CancelsAt,
        CanceledAt = subscription.CanceledAt,
        EndedAt = subscription.EndedAt,
        PastDueSince = subscription.PastDueSince,
        IsPaused = subscription.Pause is not null || subscription.Status == SubscriptionStatus.Paused,
        Items = BillingDocuments.Write(subscription.Items),
    };

    public static InvoiceRow Invoice(Invoice invoice, long version, int position) => new()
    {
        CustomerId = invoice.CustomerId,
        Id = invoice.Id,
        Version = version,
        Position = position,
        SubscriptionId = invoice.SubscriptionId,
        Number = invoice.Number,
        Status = invoice.Status,
        Reason = invoice.Reason,
        Currency = invoice.Total.Currency.Code,
        Total = invoice.Total.MinorUnits,
        AmountDue = invoice.AmountDue.MinorUnits,
        AmountPaid = invoice.AmountPaid.MinorUnits,
        CreatedAt = invoice.CreatedAt,
        FinalizedAt = invoice.FinalizedAt,
        DueAt = invoice.DueAt,
        PaidAt = invoice.PaidAt,
        NextPaymentAttempt = invoice.NextPaymentAttempt,
        Data = BillingDocuments.Write(invoice),
    };

    public static EventRow Event(BillingEvent billingEvent, long version, int position, UtcInstant now) => new()
    {
        CustomerId = billingEvent.CustomerId,
        Version = version,
        Position = position,
        Id = billingEvent.Id,
        Type = BillingDocuments.TypeOf(billingEvent),
        SubscriptionId = (billingEvent as SubscriptionEvent)?.Subscription.Id,
        OccurredAt = billingEvent.OccurredAt,
        RecordedAt = now,
        Data = BillingDocuments.Write(billingEvent),
    };

    public static MovementRow Movement(MrrMovement movement) => new()
    {
        CustomerId = movement.CustomerId,
        Currency = movement.Currency,
        At = movement.At,
        Kind = movement.Kind,
        Delta = movement.Delta,
    };

    public static UsageRow Usage(UsageEntry usage) => new()
    {
        CustomerId = usage.CustomerId,
        Meter = usage.Meter,
        Key = usage.Key,
        Quantity = usage.Quantity,
        At = usage.At,
    };

    public static TrialRow Trial(string customerId, TrialRecord trial, int position) => new()
    {
        CustomerId = customerId,
        Position = position,
        SubscriptionId = trial.SubscriptionId,
        PlanKey = trial.PlanKey,
        StartedAt = trial.StartedAt,
        EndedAt = trial.EndedAt,
        ConvertedAt = trial.ConvertedAt,
    };

    public static JobRow Job(Job job) => new()
    {
        Key = job.Key,
        Kind = job.Kind,
        CustomerId = job.CustomerId,
        Lane = job.Lane,
        Sequence = job.Sequence,
        DueAt = job.DueAt,
        ReadyAt = job.DueAt,
        Status = JobStatus.Pending,
        EventId = job.EventId,
    };

    /// <summary>The jobs that a commit may enqueue: wake-ups come from the state, and doorbells from the inbox.</summary>
    public static IEnumerable<Job> Hooks(BillingCommit commit) => commit.Jobs.Where(job => job.Kind == JobKind.Hook).DistinctBy(job => job.Key);

    // That of the newest subscription that has one: all of a customer's money is in one currency.
    private static string? CurrencyOf(CustomerState state)
    {
        for (var i = state.Subscriptions.Count - 1; i >= 0; i--)
        {
            if (state.Subscriptions[i].Currency is { } currency)
                return currency.Code;
        }

        return state.OpenInvoices.Count > 0 ? state.OpenInvoices[^1].Total.Currency.Code : state.Customer.CreditBalance?.Currency.Code;
    }
}
