using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace SaasBilling.Lifecycle;

/// <summary>A guard as the application registered it.</summary>
internal abstract class Guard
{
    /// <summary>The class; null: a delegate.</summary>
    public virtual Type? GuardType => null;

    /// <summary>Whether the guard checks this command.</summary>
    public abstract bool Takes(BillingCommand command);

    /// <summary>Asks the guard.</summary>
    public abstract ValueTask<GuardResult> CheckAsync(IServiceProvider services, BillingCommand command, CancellationToken cancellationToken);
}

/// <summary>A class that the container makes.</summary>
internal sealed class ClassGuard<TGuard> : Guard
    where TGuard : class
{
    private readonly GuardInterface[] _interfaces;

    private ClassGuard(GuardInterface[] interfaces) => _interfaces = interfaces;

    public override Type GuardType => typeof(TGuard);

    /// <exception cref="ArgumentException">The class implements no guard interface.</exception>
    public static ClassGuard<TGuard> Create([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.Interfaces)] Type guardType)
    {
        var implemented = guardType.GetInterfaces().ToHashSet();
        implemented.Add(guardType);
        var interfaces = GuardInterface.All.Where(candidate => implemented.Contains(candidate.Type)).ToArray();
        return interfaces.Length > 0
            ? new(interfaces)
            : throw new ArgumentException(
                $"{guardType.Name} is no life-cycle guard. Implement ILifecycleGuard<TCommand> for each command that it is to check: ILifecycleGuard<{nameof(StartTrialCommand)}>, <{nameof(SubscribeCommand)}>, <{nameof(ChangeCommand)}> or <{nameof(CancelCommand)}>; ILifecycleGuard<{nameof(BillingCommand)}> takes them all.",
                nameof(guardType));
    }

    public override bool Takes(BillingCommand command) => Array.Exists(_interfaces, candidate => candidate.Takes(command));

    public override async ValueTask<GuardResult> CheckAsync(IServiceProvider services, BillingCommand command, CancellationToken cancellationToken)
    {
        var guard = services.GetRequiredService<TGuard>();
        foreach (var candidate in _interfaces)
        {
            if (!candidate.Takes(command))
                continue;

            var result = await candidate.CheckAsync(guard, command, cancellationToken).ConfigureAwait(false);
            if (!result.IsAllowed)
                return result;
        }

        return GuardResult.Allow;
    }
}

/// <summary>A delegate.</summary>
internal sealed class DelegateGuard<TCommand>(Func<TCommand, IServiceProvider, CancellationToken, ValueTask<GuardResult>> guard) : Guard
    where TCommand : BillingCommand
{
    public override bool Takes(BillingCommand command) => command is TCommand;

    public override ValueTask<GuardResult> CheckAsync(IServiceProvider services, BillingCommand command, CancellationToken cancellationToken) =>
        guard((TCommand)command, services, cancellationToken);
}
