using Microsoft.Extensions.DependencyInjection;
using SaasBilling.DependencyInjection;

namespace SaasBilling.Lifecycle;

/// <summary>The hooks and guards that the application declared, in order. One instance sits in its services while they are being set up.</summary>
internal sealed class LifecycleDeclarations
{
    private const string DelegatePrefix = "delegate:";

    private readonly List<Hook> _hooks = [];
    private readonly List<Guard> _guards = [];

    public IReadOnlyList<Hook> Hooks => _hooks;

    public IReadOnlyList<Guard> Guards => _guards;

    /// <summary>The declarations of this application; made at the first call.</summary>
    public static LifecycleDeclarations In(IServiceCollection services) => SharedDeclarations.In<LifecycleDeclarations>(services);

    /// <summary>Adds a class; once, however often it is declared.</summary>
    public void Add<THook>(ClassHook<THook> hook)
        where THook : class
    {
        if (!HasHook(hook.Key))
            _hooks.Add(hook);
    }

    /// <summary>Adds a delegate without a name: its place among those of its event names it.</summary>
    public void Add<TEvent>(Func<TEvent, IServiceProvider, CancellationToken, Task> hook)
        where TEvent : BillingEvent
    {
        var index = _hooks.Count(existing => existing is DelegateHook<TEvent> && existing.Key.StartsWith(DelegatePrefix, StringComparison.Ordinal));
        _hooks.Add(new DelegateHook<TEvent>($"{DelegatePrefix}{typeof(TEvent).Name}:{index}", hook));
    }

    /// <summary>Adds a delegate with a name.</summary>
    /// <exception cref="ArgumentException">Another hook has the name.</exception>
    public void Add<TEvent>(string name, Func<TEvent, IServiceProvider, CancellationToken, Task> hook)
        where TEvent : BillingEvent
    {
        if (HasHook(name) || name.StartsWith(DelegatePrefix, StringComparison.Ordinal))
            throw new ArgumentException($"There is a hook '{name}' already. Give each hook a name of its own.", nameof(name));
        _hooks.Add(new DelegateHook<TEvent>(name, hook));
    }

    /// <summary>Adds a guard; a class once, however often it is declared.</summary>
    public void Add(Guard guard)
    {
        if (guard.GuardType is null || !_guards.Exists(existing => existing.GuardType == guard.GuardType))
            _guards.Add(guard);
    }

    private bool HasHook(string key) => _hooks.Exists(existing => existing.Key == key);
}
