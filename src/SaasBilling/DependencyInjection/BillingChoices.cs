using Microsoft.Extensions.DependencyInjection;
using SaasBilling.InMemory;
using SaasBilling.Providers;
using SaasBilling.Storage;

namespace SaasBilling.DependencyInjection;

/// <summary>The provider and the store that the application chose. One instance sits in its services while they are being set up.</summary>
internal sealed class BillingChoices
{
    private readonly OrderedDictionary<string, Func<IServiceProvider, IBillingProvider>> _providers = [];
    private readonly OrderedDictionary<string, Func<IServiceProvider, IBillingStore>> _stores = [];

    /// <summary>The choices of this application; made at the first call.</summary>
    public static BillingChoices In(IServiceCollection services) => SharedDeclarations.In<BillingChoices>(services);

    /// <summary>Chooses a provider; the same call again replaces itself.</summary>
    public void UseProvider(string call, Func<IServiceProvider, IBillingProvider> create) => _providers[call] = create;

    /// <summary>Chooses a store; the same call again replaces itself.</summary>
    public void UseStore(string call, Func<IServiceProvider, IBillingStore> create) => _stores[call] = create;

    /// <summary>Whether this call, and no other, chose the provider.</summary>
    public bool IsProvider(string call) => _providers.Count == 1 && _providers.ContainsKey(call);

    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidState"/>: there is no provider, or more than one of something.</exception>
    public void ThrowIfUnclear()
    {
        if (_providers.Count == 0)
        {
            throw new BillingException(
                BillingErrorCode.InvalidState,
                "No billing provider was chosen. Call .UseInMemory(), or the Use method of a provider's package, on what AddSaasBilling() returns.");
        }

        ThrowIfSeveral("providers", _providers.Keys);
        ThrowIfSeveral("stores", _stores.Keys);
    }

    public IBillingProvider CreateProvider(IServiceProvider services)
    {
        ThrowIfUnclear();
        return _providers.GetAt(0).Value(services);
    }

    /// <summary>The chosen store; the in-memory store when none was.</summary>
    public IBillingStore CreateStore(IServiceProvider services)
    {
        ThrowIfUnclear();
        return _stores.Count == 0 ? new InMemoryBillingStore() : _stores.GetAt(0).Value(services);
    }

    private static void ThrowIfSeveral(string what, ICollection<string> calls)
    {
        if (calls.Count > 1)
        {
            throw new BillingException(
                BillingErrorCode.InvalidState,
                $"{calls.Count} billing {what} were chosen: {string.Join(", ", calls.Select(call => $".{call}(...)"))}. Keep one of these calls.");
        }
    }
}
