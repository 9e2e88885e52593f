using Microsoft.EntityFrameworkCore;
using SaasBilling.EntityFrameworkCore.Commits;
using SaasBilling.EntityFrameworkCore.Database;
using SaasBilling.EntityFrameworkCore.Documents;
using SaasBilling.EntityFrameworkCore.Model;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Queries;

/// <summary>Lists of customers, subscriptions and invoices: each page one query, and the documents come with it.</summary>
internal static class CustomerLists
{
    public static async Task<IReadOnlyList<CustomerState>> CustomersAsync(BillingDbContext context, CustomerFilter filter, ListPosition? after, int count, CancellationToken cancellationToken)
    {
        // Rows of subscriptions that left the state stay in their table: the state has the last word, and who is dropped by it is replaced.
        var found = new List<CustomerState>();
        for (var last = after?.Owner; found.Count < count;)
        {
            var page = await Customers(context, filter, last).Select(row => new { row.Id, row.State }).Take(count).ToListAsync(cancellationToken).ConfigureAwait(false);
            found.AddRange(page.Select(row => BillingDocuments.ReadState(row.Id, row.State)).Where(filter.Matches));
            if (page.Count < count)
                break;
            last = page[^1].Id;
        }

        return found.Count > count ? found[..count] : found;
    }

    public static async Task<IReadOnlyList<Subscription>> SubscriptionsAsync(BillingDbContext context, SubscriptionFilter filter, ListPosition? after, int count, CancellationToken cancellationToken)
    {
        var found = new List<Subscription>();
        var states = new Dictionary<string, CustomerState>(StringComparer.Ordinal);
        for (var last = after; found.Count < count;)
        {
            var page = await Place.After(Subscriptions(context, filter), last, filter.Order == SubscriptionOrder.Newest).Take(count).ToListAsync(cancellationToken).ConfigureAwait(false);
            foreach (var row in page)
            {
                if (!states.TryGetValue(row.Owner, out var state))
                    states.Add(row.Owner, state = BillingDocuments.ReadState(row.Owner, row.Data));
                if (state.Subscriptions.FirstOrDefault(subscription => subscription.Id == row.Id) is { } subscription)
                    found.Add(subscription);
            }

            if (page.Count < count)
                break;
            last = page[^1].Position;
        }

        return found.Count > count ? found[..count] : found;
    }

    public static async Task<IReadOnlyList<Invoice>> InvoicesAsync(BillingDbContext context, InvoiceFilter filter, ListPosition? after, int count, CancellationToken cancellationToken)
    {
        var rows = await Place.After(Invoices(context, filter), after, filter.DueBefore is null).Take(count).ToListAsync(cancellationToken).ConfigureAwait(false);
        return rows.ConvertAll(row => BillingDocuments.ReadInvoice(row.Owner, row.Id, row.Data));
    }

    internal static IQueryable<CustomerRow> Customers(BillingDbContext context, CustomerFilter filter, string? after)
    {
        var rows = context.Customers.AsNoTracking();
        if (filter.IsDeleted is { } isDeleted)
            rows = rows.Where(row => (row.DeletedAt != null) == isDeleted);
        if (filter.Search is { } search)
        {
            var email = CommitRows.Normalized(search)!;
            rows = rows.Where(row => row.Id.StartsWith(search) || (row.Email != null && row.Email.StartsWith(email)));
        }

        if (filter.Status is not null || filter.PlanKey is not null)
        {
            var owners = WithStatusAndPlan(context, filter.Status, filter.PlanKey).Select(row => row.CustomerId);
            rows = rows.Where(row => owners.Contains(row.Id));
        }

        if (after is not null)
            rows = rows.Where(row => string.Compare(row.Id, after) > 0);
        return rows.OrderBy(row => row.Id);
    }

    internal static IQueryable<Placed> Subscriptions(BillingDbContext context, SubscriptionFilter filter)
    {
        var rows = WithStatusAndPlan(context, filter.Status, filter.PlanKey);
        if (filter.TrialEndsBefore is { } trialEndsBefore)
        {
            UtcInstant end = trialEndsBefore;
            rows = rows.Where(row => row.Status == SubscriptionStatus.Trialing && row.TrialEnd < end);
        }

        if (filter.PastDueSinceBefore is { } pastDueSinceBefore)
        {
            UtcInstant end = pastDueSinceBefore;
            rows = rows.Where(row => row.EndedAt == null && row.PastDueSince < end);
        }

        if (filter.CancelsBefore is { } cancelsBefore)
        {
            UtcInstant end = cancelsBefore;
            rows = rows.Where(row => row.EndedAt == null && row.CancelsAt < end);
        }

        if (filter.PeriodEndsBefore is { } periodEndsBefore)
        {
            UtcInstant end = periodEndsBefore;
            rows = rows.Where(row => row.EndedAt == null && row.PeriodEnd < end);
        }

        var owned = from row in rows join customer in context.Customers on row.CustomerId equals customer.Id select new { Row = row, customer.State };
        return filter.Order switch
        {
            SubscriptionOrder.TrialEnd => owned.Select(found => new Placed { At = found.Row.TrialEnd!.Value, Owner = found.Row.CustomerId, Id = found.Row.Id, Data = found.State }),
            SubscriptionOrder.PastDueSince => owned.Select(found => new Placed { At = found.Row.PastDueSince!.Value, Owner = found.Row.CustomerId, Id = found.Row.Id, Data = found.State }),
            SubscriptionOrder.CancelsAt => owned.Select(found => new Placed { At = found.Row.CancelsAt!.Value, Owner = found.Row.CustomerId, Id = found.Row.Id, Data = found.State }),
            SubscriptionOrder.PeriodEnd => owned.Select(found => new Placed { At = found.Row.PeriodEnd, Owner = found.Row.CustomerId, Id = found.Row.Id, Data = found.State }),
            _ => owned.Select(found => new Placed { At = found.Row.CreatedAt, Owner = found.Row.CustomerId, Id = found.Row.Id, Data = found.State }),
        };
    }

    internal static IQueryable<Placed> Invoices(BillingDbContext context, InvoiceFilter filter)
    {
        var rows = context.Invoices.AsNoTracking();
        if (filter.Status is { } status)
            rows = rows.Where(row => row.Status == status);
        if (filter.CustomerId is { } customerId)
            rows = rows.Where(row => row.CustomerId == customerId);
        if (filter.Currency is { } currency)
        {
            var code = currency.Code;
            rows = rows.Where(row => row.Currency == code);
        }

        if (filter.CreatedFrom is { } createdFrom)
        {
            UtcInstant from = createdFrom;
            rows = rows.Where(row => row.CreatedAt >= from);
        }

        if (filter.CreatedBefore is { } createdBefore)
        {
            UtcInstant end = createdBefore;
            rows = rows.Where(row => row.CreatedAt < end);
        }

        if (filter.DueBefore is not { } dueBefore)
            return rows.Select(row => new Placed { At = row.CreatedAt, Owner = row.CustomerId, Id = row.Id, Data = row.Data });

        UtcInstant due = dueBefore;
        return rows.Where(row => row.DueAt < due).Select(row => new Placed { At = row.DueAt!.Value, Owner = row.CustomerId, Id = row.Id, Data = row.Data });
    }

    private static IQueryable<SubscriptionRow> WithStatusAndPlan(BillingDbContext context, SubscriptionStatus? status, string? planKey)
    {
        var rows = context.Subscriptions.AsNoTracking();
        if (status is { } wanted)
            rows = rows.Where(row => row.Status == wanted);
        if (planKey is not null)
            rows = rows.Where(row => row.PlanKey == planKey);
        return rows;
    }
}
