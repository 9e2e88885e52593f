using SaasBilling.Providers;
using SaasBilling.Stripe.Catalog;
using SaasBilling.Stripe.Wire;

namespace SaasBilling.Stripe.Reading;

/// <summary>What does Stripe say of a customer, in neutral records? Pure.</summary>
/// <param name="catalog">What the application sells.</param>
/// <param name="names">What its keys are called on Stripe.</param>
/// <param name="prices">What prices are called.</param>
internal sealed class SnapshotMapping(PlanCatalog catalog, CatalogNames names, Func<string, PriceName?> prices)
{
    private readonly SubscriptionMapping _subscriptions = new(catalog, names, prices);
    private readonly InvoiceMapping _invoices = new(prices);

    public CustomerSnapshot ToSnapshot(Account account)
    {
        var invoices = new List<Invoice>(account.Invoices.Count);
        foreach (var invoice in account.Invoices)
        {
            if (!_invoices.IsOfFreePlan(invoice))
                invoices.Add(_invoices.ToInvoice(account, invoice));
        }

        return new CustomerSnapshot
        {
            Customer = ToCustomer(account),
            ObservedAt = account.ObservedAt,
            Subscriptions = _subscriptions.ToSubscriptions(account, invoices),
            Invoices = invoices,
            PaymentMethods = ToPaymentMethods(account),
            PendingCharges = [.. account.InvoiceItems.Where(item => !item.IsProration).Select(ToPendingCharge)],
        };
    }

    public static Customer ToCustomer(Account account)
    {
        var customer = account.Customer;
        var metadata = customer.Metadata.Where(entry => !entry.Key.StartsWith(Names.OwnPrefix, StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
        return new Customer
        {
            Id = account.AppId,
            Email = customer.Email,
            Name = customer.Name,
            TimeZone = customer.Metadata.GetValueOrDefault(Names.TimeZone),
            Locale = customer.Locale,
            Metadata = metadata.Count == 0 ? null : metadata,
            CreatedAt = customer.Created ?? account.Subscriptions.Select(subscription => subscription.Created).DefaultIfEmpty(account.ObservedAt).Min(),
            DeletedAt = customer.DeletedAt ?? (customer.IsDeleted ? account.Subscriptions.Select(subscription => subscription.EndedAt).Max() ?? account.ObservedAt : null),

            // Stripe's balance is what the customer owes; ours is what we owe them.
            CreditBalance = customer.Currency is { } currency ? WireMoney.ToMoney(-customer.Balance, currency) : null,
        };
    }

    private static PaymentMethod[] ToPaymentMethods(Account account)
    {
        // A card form sets the card on its subscription alone: where the customer has no default, that one is what invoices are charged to.
        var chosen = account.Customer.DefaultPaymentMethod
            ?? account.Subscriptions.Where(subscription => subscription.IsLive).OrderByDescending(subscription => subscription.Created).Select(subscription => subscription.DefaultPaymentMethod).FirstOrDefault(id => id is not null);
        return [.. account.PaymentMethods.Select(method => new PaymentMethod(method.Id, method.Brand, method.Last4, method.ExpiryMonth, method.ExpiryYear, method.Id == chosen))];
    }

    private static PendingCharge ToPendingCharge(WireInvoiceItem item) => new(
        item.Id,
        item.Subscription,
        new InvoiceLine(item.Description, WireMoney.ToMoney(item.Amount, item.Currency), item.Quantity, item.Period, IsProration: false));
}
