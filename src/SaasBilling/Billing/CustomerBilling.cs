using System.Runtime.CompilerServices;
using SaasBilling.Providers;
using SaasBilling.Road;
using SaasBilling.Storage;

namespace SaasBilling;

/// <summary>One customer's billing: checks every argument, then takes the road. The themes are in the other files of this class.</summary>
internal sealed partial class CustomerBilling(BillingServices services, string customerId, string subscription) : ICustomerBilling
{
    public string CustomerId => customerId;

    public string SubscriptionName => subscription;

    private IBillingProvider Provider => services.Provider;

    private PlanCatalog Catalog => services.Catalog;

    private Task<RoadResult> RunAsync(Func<RoadTurn, CancellationToken, Task> command, CancellationToken cancellationToken, [CallerMemberName] string operation = "") =>
        services.Road.ExecuteAsync(operation, CustomerId, command, cancellationToken);

    private Task<CustomerState?> StateAsync(CancellationToken cancellationToken) =>
        services.Store.FindCustomerAsync(CustomerId, cancellationToken);

    private Task GuardAsync(BillingCommand command, CancellationToken cancellationToken) =>
        services.Road.GuardAsync(CustomerId, () => services.Guards.CheckAsync(command, cancellationToken));

    private string Key(RoadTurn turn, string call, params ReadOnlySpan<string?> arguments) =>
        turn.KeyOf(SubscriptionName, call, arguments);

    /// <summary>Asks the provider for a mutation, under the key that belongs to the command, and takes the answer along.</summary>
    private Task BringAsync(RoadTurn turn, string call, Func<string, Task<ProviderResult>> ask, params ReadOnlySpan<string?> arguments)
    {
        var key = Key(turn, call, arguments);
        return BringAsync(turn, call, () => ask(key));
    }

    private async Task BringAsync(RoadTurn turn, string call, Func<Task<ProviderResult>> ask) => turn.Bring(await MeasureAsync(call, ask).ConfigureAwait(false));

    private Task<T> MeasureAsync<T>(string call, Func<Task<T>> ask) => services.Telemetry.MeasureAsync(Provider.Name, call, ask);

    private Task<InvoicePreview> PreviewAsync(Subscription live, ChangeSubscriptionRequest? change, CancellationToken cancellationToken) =>
        MeasureAsync("preview", () => Provider.PreviewAsync(RefTo(live), change, cancellationToken));

    // Whoever is first needs a customer at the provider (B-4: one, also when the answer was lost).
    private Task EnsureKnownAsync(RoadTurn turn, CancellationToken cancellationToken) => turn.State is null
        ? BringAsync(turn, "ensure", key => Provider.EnsureCustomerAsync(new(CustomerId, new CustomerDetails()), key, cancellationToken))
        : Task.CompletedTask;

    private void RequireNotDeleted(CustomerState? state)
    {
        if (state?.Customer.DeletedAt is { } at)
            throw Checks.State($"Customer '{CustomerId}' was deleted at {Checks.Show(at)}, and stays so. Use another customer id for a new owner.");
    }

    private CustomerState RequireKnown(CustomerState? state) => state ?? throw new BillingException(
        BillingErrorCode.UnknownCustomer,
        $"Billing has never seen customer '{CustomerId}'. Check the id, or begin with EnsureCustomerAsync, SubscribeAsync or StartTrialAsync.");

    /// <summary>The live subscription of this name.</summary>
    private Subscription RequireLive(CustomerState? state)
    {
        RequireNotDeleted(state);
        return state?.Newest(SubscriptionName) switch
        {
            { IsLive: true } live => live,
            { } ended => throw new BillingException(
                BillingErrorCode.NotSubscribed,
                $"Customer '{CustomerId}' has no live subscription '{SubscriptionName}': it is {ended.Status} since {Checks.Show(ended.EndedAt ?? ended.CreatedAt)}. Begin again with ReactivateAsync or SubscribeAsync."),
            null => throw new BillingException(
                BillingErrorCode.NotSubscribed,
                $"Customer '{CustomerId}' has no subscription '{SubscriptionName}'. Begin with SubscribeAsync, StartTrialAsync or CreateCheckoutAsync."),
        };
    }

    /// <summary>The live subscription of this name, whose first payment was made.</summary>
    private Subscription RequireStarted(CustomerState? state)
    {
        var live = RequireLive(state);
        return live.Status != SubscriptionStatus.Incomplete
            ? live
            : throw Checks.State($"The first payment of {Describe(live)} waits on the customer. Have invoice '{live.PendingPayment?.InvoiceId}' paid first, or call SubscribeAsync again, which replaces it.");
    }

    private static string Describe(Subscription subscription) => $"subscription '{subscription.Name}' of customer '{subscription.CustomerId}'";

    private static SubscriptionRef RefTo(Subscription subscription) => new(subscription.CustomerId, subscription.Id);

    private static Subscription Find(RoadResult result, string subscriptionId) =>
        result.State?.Subscriptions.FirstOrDefault(found => found.Id == subscriptionId) ?? throw Lost($"subscription '{subscriptionId}'");

    private async Task<Invoice> FindInvoiceAsync(RoadResult result, string invoiceId)
    {
        if (result.State?.OpenInvoices.FirstOrDefault(found => found.Id == invoiceId) is { } open)
            return open;

        // The command is done: it must not fail for a read that comes after it, or it would be repeated.
        if (result.Invoices.FirstOrDefault(found => found.Id == invoiceId) is { } written)
            return written;

        return await services.Store.GetInvoicesAsync(CustomerId, [invoiceId], CancellationToken.None).ConfigureAwait(false) is [var invoice, ..]
            ? invoice
            : throw Lost($"invoice '{invoiceId}'");
    }

    // The provider says that it made something, and then does not know it.
    private static BillingException Lost(string what) => new(
        BillingErrorCode.ProviderRejected,
        $"The billing provider did not tell of {what}, which it had just answered for. Try again; if it goes on, run ReconcileAsync.");
}
