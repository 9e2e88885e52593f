using System.Reflection;
using System.Runtime.ExceptionServices;
using SaasBilling.Providers;

namespace SaasBilling.Tests.Road;

/// <summary>Stands before a provider and has a test decide what becomes of each call. It has none of the provider's further abilities.</summary>
public class ProviderProxy : DispatchProxy
{
    private IBillingProvider? _provider;
    private Func<string, Func<Task<ProviderResult>>, Task<ProviderResult>>? _around;

    /// <param name="provider">The provider.</param>
    /// <param name="around">Gets a mutation's name and the call; not asked for reads.</param>
    public static IBillingProvider Of(IBillingProvider provider, Func<string, Func<Task<ProviderResult>>, Task<ProviderResult>> around)
    {
        var proxy = Create<IBillingProvider, ProviderProxy>();
        ((ProviderProxy)(object)proxy)._provider = provider;
        ((ProviderProxy)(object)proxy)._around = around;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        object? Call()
        {
            try
            {
                return targetMethod!.Invoke(_provider, args);
            }
            catch (TargetInvocationException exception)
            {
                ExceptionDispatchInfo.Throw(exception.InnerException!);
                throw;
            }
        }

        return targetMethod!.ReturnType == typeof(Task<ProviderResult>) ? _around!(targetMethod.Name, () => (Task<ProviderResult>)Call()!) : Call();
    }
}
