using Microsoft.EntityFrameworkCore;

namespace SaasBilling.EntityFrameworkCore.Model;

/// <summary>
/// The tables, in an application's model and in that of the store. Every name, length and type is said here, and what an application's conventions
/// said before is taken back.
/// </summary>
internal static class BillingModel
{
    private const int CustomerIdLength = 255;
    private const int ProviderIdLength = 255;
    private const int KeyLength = 1_000;
    private const int NameLength = 256;
    private const int EmailLength = 320;
    private const int EnumLength = 32;

    /// <summary>Every type of a row.</summary>
    public static IReadOnlyList<Type> RowTypes { get; } =
    [
        typeof(CustomerRow), typeof(SubscriptionRow), typeof(InvoiceRow), typeof(EventRow), typeof(MovementRow), typeof(UsageRow), typeof(TrialRow),
        typeof(JobRow), typeof(InboxRow),
    ];

    public static void Configure(ModelBuilder modelBuilder, string? schema, string prefix)
    {
        // Npgsql leaves its mark on a model before anything is in it; SQLite's types need no names, whatever their lengths are.
        var isNpgsql = modelBuilder.Model.GetAnnotations().Any(annotation => annotation.Name.StartsWith("Npgsql:", StringComparison.Ordinal));
        Customers(new Table<CustomerRow>(modelBuilder, schema, prefix, "customers", isNpgsql));
        Subscriptions(new Table<SubscriptionRow>(modelBuilder, schema, prefix, "subscriptions", isNpgsql));
        Invoices(new Table<InvoiceRow>(modelBuilder, schema, prefix, "invoices", isNpgsql));
        Events(new Table<EventRow>(modelBuilder, schema, prefix, "events", isNpgsql));
        Movements(new Table<MovementRow>(modelBuilder, schema, prefix, "mrr_movements", isNpgsql));
        Usage(new Table<UsageRow>(modelBuilder, schema, prefix, "usage", isNpgsql));
        Trials(new Table<TrialRow>(modelBuilder, schema, prefix, "trials", isNpgsql));
        Jobs(new Table<JobRow>(modelBuilder, schema, prefix, "jobs", isNpgsql));
        Inbox(new Table<InboxRow>(modelBuilder, schema, prefix, "inbox", isNpgsql));
    }

    private static void Customers(Table<CustomerRow> table)
    {
        table.Text("id", row => row.Id, CustomerIdLength);
        table.Long("version", row => row.Version);
        table.Text("email", row => row.Email, EmailLength);
        table.Text("name", row => row.Name, NameLength);
        table.Text("currency", row => row.Currency, 3);
        table.Instant("created_at", row => row.CreatedAt);
        table.Instant("deleted_at", row => row.DeletedAt);
        table.Instant("wake_at", row => row.WakeAt);
        table.Document("state", row => row.State);
        table.Key(row => row.Id);
        table.Index("email", row => row.Email);
        table.Index("created_at", row => new { row.CreatedAt, row.Id });
    }

    private static void Subscriptions(Table<SubscriptionRow> table)
    {
        table.Text("customer_id", row => row.CustomerId, CustomerIdLength);
        table.Text("id", row => row.Id, ProviderIdLength);
        table.Text("name", row => row.Name, NameLength);
        table.Text("plan_key", row => row.PlanKey, NameLength);
        table.Enum("status", row => row.Status, EnumLength);
        table.Text("currency", row => row.Currency, 3);
        table.Text("billing_interval", row => row.BillingInterval, EnumLength);
        table.Instant("created_at", row => row.CreatedAt);
        table.Instant("period_start", row => row.PeriodStart);
        table.Instant("period_end", row => row.PeriodEnd);
        table.Instant("trial_start", row => row.TrialStart);
        table.Instant("trial_end", row => row.TrialEnd);
        table.Instant("cancels_at", row => row.CancelsAt);
        table.Instant("canceled_at", row => row.CanceledAt);
        table.Instant("ended_at", row => row.EndedAt);
        table.Instant("past_due_since", row => row.PastDueSince);
        table.Bool("is_paused", row => row.IsPaused);
        table.Document("items", row => row.Items);
        table.Key(row => new { row.CustomerId, row.Id });
        table.Index("created_at", row => new { row.CreatedAt, row.CustomerId, row.Id });
        table.Index("status", row => new { row.Status, row.CreatedAt, row.CustomerId, row.Id });
        table.Index("plan", row => new { row.PlanKey, row.CreatedAt, row.CustomerId, row.Id });
        table.Index("trial_end", row => new { row.Status, row.TrialEnd, row.CustomerId, row.Id });

        // What ended is never asked for by these, and there is ever more of it.
        table.Index("period_end", row => new { row.EndedAt, row.PeriodEnd, row.CustomerId, row.Id });
        table.Index("cancels_at", row => new { row.EndedAt, row.CancelsAt, row.CustomerId, row.Id });
        table.Index("past_due_since", row => new { row.EndedAt, row.PastDueSince, row.CustomerId, row.Id });
    }

    private static void Invoices(Table<InvoiceRow> table)
    {
        table.Text("customer_id", row => row.CustomerId, CustomerIdLength);
        table.Text("id", row => row.Id, ProviderIdLength);
        table.Long("version", row => row.Version);
        table.Int("position", row => row.Position);
        table.Text("subscription_id", row => row.SubscriptionId, ProviderIdLength);
        table.Text("number", row => row.Number, NameLength);
        table.Enum("status", row => row.Status, EnumLength);
        table.Enum("reason", row => row.Reason, EnumLength);
        table.Text("currency", row => row.Currency, 3);
        table.Long("total", row => row.Total);
        table.Long("amount_due", row => row.AmountDue);
        table.Long("amount_paid", row => row.AmountPaid);
        table.Instant("created_at", row => row.CreatedAt);
        table.Instant("finalized_at", row => row.FinalizedAt);
        table.Instant("due_at", row => row.DueAt);
        table.Instant("paid_at", row => row.PaidAt);
        table.Instant("next_payment_attempt", row => row.NextPaymentAttempt);
        table.Document("data", row => row.Data);
        table.Key(row => new { row.CustomerId, row.Id });
        table.Index("created_at", row => new { row.CustomerId, row.CreatedAt });
        table.Index("newest", row => new { row.CreatedAt, row.CustomerId, row.Id });
        table.Index("status", row => new { row.Status, row.CreatedAt, row.CustomerId, row.Id });
        table.Index("currency", row => new { row.Currency, row.CreatedAt, row.CustomerId, row.Id });
        table.Index("due_at", row => new { row.DueAt, row.CustomerId, row.Id });
        table.Index("number", row => row.Number);
    }

    private static void Events(Table<EventRow> table)
    {
        table.Text("customer_id", row => row.CustomerId, CustomerIdLength);
        table.Long("version", row => row.Version);
        table.Int("position", row => row.Position);
        table.Text("id", row => row.Id, ProviderIdLength);
        table.Text("type", row => row.Type, NameLength);
        table.Text("subscription_id", row => row.SubscriptionId, ProviderIdLength);
        table.Instant("occurred_at", row => row.OccurredAt);
        table.Instant("recorded_at", row => row.RecordedAt);
        table.Document("data", row => row.Data);
        table.Key(row => new { row.CustomerId, row.Version, row.Position });
        table.Index("id", row => new { row.CustomerId, row.Id }).IsUnique();
        table.Index("type", row => new { row.Type, row.OccurredAt });
    }

    private static void Movements(Table<MovementRow> table)
    {
        table.Identity("id", row => row.Id);
        table.Text("customer_id", row => row.CustomerId, CustomerIdLength);
        table.Text("currency", row => row.Currency, 3);
        table.Instant("at", row => row.At);
        table.Enum("kind", row => row.Kind, EnumLength);
        table.Long("delta", row => row.Delta);
        table.Key(row => row.Id);
        table.Index("at", row => new { row.At, row.Id });
        table.Index("customer", row => row.CustomerId);
    }

    private static void Usage(Table<UsageRow> table)
    {
        table.Text("customer_id", row => row.CustomerId, CustomerIdLength);
        table.Text("meter", row => row.Meter, NameLength);
        table.Text("key", row => row.Key, NameLength);
        table.Decimal("quantity", row => row.Quantity);
        table.Instant("at", row => row.At);
        table.Key(row => new { row.CustomerId, row.Meter, row.Key });
    }

    private static void Trials(Table<TrialRow> table)
    {
        table.Text("customer_id", row => row.CustomerId, CustomerIdLength);
        table.Int("position", row => row.Position);
        table.Text("subscription_id", row => row.SubscriptionId, ProviderIdLength);
        table.Text("plan_key", row => row.PlanKey, NameLength);
        table.Instant("started_at", row => row.StartedAt);
        table.Instant("ended_at", row => row.EndedAt);
        table.Instant("converted_at", row => row.ConvertedAt);
        table.Key(row => new { row.CustomerId, row.Position });
        table.Index("ended_at", row => row.EndedAt);
        table.Index("converted_at", row => row.ConvertedAt);
    }

    private static void Jobs(Table<JobRow> table)
    {
        table.Identity("id", row => row.Id);
        table.Text("key", row => row.Key, KeyLength);
        table.Enum("kind", row => row.Kind, EnumLength);
        table.Text("customer_id", row => row.CustomerId, CustomerIdLength);
        table.Text("lane", row => row.Lane, KeyLength);
        table.Long("sequence", row => row.Sequence);
        table.Instant("due_at", row => row.DueAt);
        table.Instant("not_before", row => row.NotBefore);
        table.Instant("ready_at", row => row.ReadyAt);
        table.Enum("status", row => row.Status, EnumLength);
        table.Guid("lease_token", row => row.LeaseToken);
        table.Text("leased_customer_id", row => row.LeasedCustomerId, CustomerIdLength);
        table.Instant("leased_until", row => row.LeasedUntil);
        table.Instant("leased_due_at", row => row.LeasedDueAt);
        table.Int("attempts", row => row.Attempts);
        table.Bool("is_suspect", row => row.IsSuspect);
        table.LongText("last_error", row => row.LastError);
        table.Text("event_id", row => row.EventId, ProviderIdLength);
        table.Key(row => row.Id);
        table.Index("key", row => row.Key).IsUnique();
        table.Index("ready_at", row => new { row.Status, row.Kind, row.IsSuspect, row.ReadyAt, row.Id });
        table.Index("lane", row => new { row.CustomerId, row.Kind, row.Lane, row.Sequence, row.Id });

        // Two workers that race for one customer: one of them gets the job, the other looks again. Not a filtered index on the status: a filter is a
        // text that would not follow when an application renames columns.
        table.Index("leased", row => new { row.LeasedCustomerId, row.Kind }).IsUnique();
    }

    private static void Inbox(Table<InboxRow> table)
    {
        table.Identity("id", row => row.Id);
        table.Text("provider", row => row.Provider, NameLength);
        table.Text("event_id", row => row.EventId, ProviderIdLength);
        table.Bool("is_live", row => row.IsLive);
        table.Text("type", row => row.Type, NameLength);
        table.Text("object_id", row => row.ObjectId, ProviderIdLength);
        table.Text("subject", row => row.Subject, CustomerIdLength);
        table.Instant("received_at", row => row.ReceivedAt);
        table.LongText("body", row => row.Body);
        table.Instant("handled_at", row => row.HandledAt);
        table.Text("job_key", row => row.JobKey, KeyLength);
        table.Key(row => row.Id);
        table.Index("event", row => new { row.Provider, row.IsLive, row.EventId }).IsUnique();
        table.Index("job_key", row => row.JobKey).IsUnique();
        table.Index("received_at", row => new { row.ReceivedAt, row.JobKey });
        table.Index("subject", row => row.Subject);
        table.Index("object_id", row => row.ObjectId);
    }
}
