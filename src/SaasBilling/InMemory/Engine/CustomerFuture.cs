using SaasBilling.Providers;

namespace SaasBilling.InMemory.Engine;

/// <summary>One customer's future, on a copy of the account in an engine of its own.</summary>
internal sealed class CustomerFuture(BillingEngine copy, EngineCustomer customer) : ICustomerFuture
{
    public DateTimeOffset? NextDueAt => Instants.AtOrNull(copy.NextDueAt);

    public CustomerSnapshot? RunNext(DateTimeOffset now) => copy.RunNext(Instants.From(now));

    public Invoice? PreviewNextInvoice(string subscriptionId)
    {
        var further = copy.Fork(customer);
        return Previews.Next(further, further.Find(customer.Id)!, EngineIds.NumberOf(customer, EngineIds.SubscriptionKind, subscriptionId));
    }
}
