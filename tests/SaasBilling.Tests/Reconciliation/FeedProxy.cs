using System.Reflection;
using System.Runtime.ExceptionServices;
using SaasBilling.Providers;

namespace SaasBilling.Tests.Reconciliation;

/// <summary>A provider that can tell who changed.</summary>
public interface IFeedingProvider : IBillingProvider, IChangeFeedProvider;

/// <summary>Stands before a provider: a test says who changed, and whose reading fails.</summary>
public class FeedProxy : DispatchProxy
{
    private IBillingProvider? _provider;

    /// <summary>What is told for a cursor.</summary>
    public Func<string?, ProviderChanges> Changes { get; set; } = _ => new("now", null);

    /// <summary>Who cannot be read, and why.</summary>
    public Func<string, Exception?> FaultOf { get; set; } = _ => null;

    /// <summary>Who was read, in order.</summary>
    public IList<string> Read { get; } = [];

    public static (IBillingProvider Provider, FeedProxy Proxy) Of(IBillingProvider provider)
    {
        var proxy = Create<IFeedingProvider, FeedProxy>();
        ((FeedProxy)(object)proxy)._provider = provider;
        return (proxy, (FeedProxy)(object)proxy);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == nameof(IChangeFeedProvider.ReadChangesAsync))
            return Task.FromResult(Changes((string?)args![0]));
        if (targetMethod.Name == nameof(IBillingProvider.ReadCustomerAsync))
        {
            var id = (string)args![0]!;
            Read.Add(id);
            if (FaultOf(id) is { } fault)
                return Task.FromException<CustomerSnapshot?>(fault);
        }

        try
        {
            return targetMethod.Invoke(_provider, args);
        }
        catch (TargetInvocationException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerException!);
            throw;
        }
    }
}
