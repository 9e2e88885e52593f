using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace SaasBilling.Lifecycle;

/// <summary>A hook as the application registered it.</summary>
/// <param name="key">Names it in jobs, so it is the same after a restart.</param>
internal abstract class Hook(string key)
{
    public string Key => key;

    /// <summary>Whether the hook takes this event.</summary>
    public abstract bool Takes(BillingEvent billingEvent);

    /// <summary>Hands the event to the hook.</summary>
    public abstract Task HandleAsync(IServiceProvider services, BillingEvent billingEvent, CancellationToken cancellationToken);
}

/// <summary>A class that the container makes, anew for each delivery unless the application says otherwise.</summary>
internal sealed class ClassHook<THook> : Hook
    where THook : class
{
    private readonly HookInterface[] _interfaces;

    private ClassHook(HookInterface[] interfaces)
        : base(KeyOf(typeof(THook))) => _interfaces = interfaces;

    /// <exception cref="ArgumentException">The class implements no hook interface.</exception>
    public static ClassHook<THook> Create([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.Interfaces)] Type hookType)
    {
        var implemented = hookType.GetInterfaces().ToHashSet();
        implemented.Add(hookType);
        var interfaces = HookInterface.All.Where(candidate => implemented.Contains(candidate.Type)).ToArray();
        return interfaces.Length > 0
            ? new(interfaces)
            : throw new ArgumentException(
                $"{hookType.Name} is no life-cycle hook. Implement ILifecycleHook<TEvent> for each event that it is to handle, such as ILifecycleHook<{nameof(TrialStarted)}>; ILifecycleHook<{nameof(BillingEvent)}> takes them all.",
                nameof(hookType));
    }

    public override bool Takes(BillingEvent billingEvent) => Array.Exists(_interfaces, candidate => candidate.Takes(billingEvent));

    // A class that implements the interface of the event and that of a base of it means both.
    public override async Task HandleAsync(IServiceProvider services, BillingEvent billingEvent, CancellationToken cancellationToken)
    {
        var hook = services.GetRequiredService<THook>();
        foreach (var candidate in _interfaces)
        {
            if (candidate.Takes(billingEvent))
                await candidate.HandleAsync(hook, billingEvent, cancellationToken).ConfigureAwait(false);
        }
    }

    // Not FullName: that of a closed generic type holds the versions of assemblies.
    private static string KeyOf(Type type) => type.ToString();
}

/// <summary>A delegate.</summary>
internal sealed class DelegateHook<TEvent>(string key, Func<TEvent, IServiceProvider, CancellationToken, Task> hook) : Hook(key)
    where TEvent : BillingEvent
{
    public override bool Takes(BillingEvent billingEvent) => billingEvent is TEvent;

    public override Task HandleAsync(IServiceProvider services, BillingEvent billingEvent, CancellationToken cancellationToken) =>
        hook((TEvent)billingEvent, services, cancellationToken);
}
