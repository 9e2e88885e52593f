namespace SaasBilling.Lifecycle;

/// <summary>One closed form of <see cref="ILifecycleGuard{TCommand}"/>, named at compile time for the same reason as <see cref="HookInterface"/>.</summary>
internal abstract class GuardInterface
{
    /// <summary>Every form that a guard can implement, the narrow ones first.</summary>
    public static IReadOnlyList<GuardInterface> All { get; } =
    [
        new GuardInterface<StartTrialCommand>(),
        new GuardInterface<SubscribeCommand>(),
        new GuardInterface<ChangeCommand>(),
        new GuardInterface<CancelCommand>(),
        new GuardInterface<BillingCommand>(),
    ];

    /// <summary>The interface's type.</summary>
    public abstract Type Type { get; }

    /// <summary>Whether the interface takes this command.</summary>
    public abstract bool Takes(BillingCommand command);

    /// <summary>Calls the guard.</summary>
    public abstract ValueTask<GuardResult> CheckAsync(object guard, BillingCommand command, CancellationToken cancellationToken);
}

/// <inheritdoc/>
internal sealed class GuardInterface<TCommand> : GuardInterface
    where TCommand : BillingCommand
{
    public override Type Type => typeof(ILifecycleGuard<TCommand>);

    public override bool Takes(BillingCommand command) => command is TCommand;

    public override ValueTask<GuardResult> CheckAsync(object guard, BillingCommand command, CancellationToken cancellationToken) =>
        ((ILifecycleGuard<TCommand>)guard).CheckAsync((TCommand)command, cancellationToken);
}
