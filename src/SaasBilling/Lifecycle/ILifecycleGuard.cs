namespace SaasBilling;

/// <summary>
/// Runs before a command reaches the provider, and may refuse it: one trial a company, no cancellation without a reason, an offer first.
/// The caller gets a <see cref="BillingException"/> with <see cref="BillingErrorCode.Refused"/> and the guard's reason.
/// </summary>
/// <typeparam name="TCommand">The command; <see cref="BillingCommand"/> takes all of them.</typeparam>
public interface ILifecycleGuard<in TCommand>
    where TCommand : BillingCommand
{
    /// <summary>Allows or refuses.</summary>
    /// <param name="command">What is about to happen.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    ValueTask<GuardResult> CheckAsync(TCommand command, CancellationToken cancellationToken);
}

/// <summary>A guard's answer.</summary>
/// <param name="IsAllowed">Whether the command may go on.</param>
/// <param name="Reason">Why not.</param>
public readonly record struct GuardResult(bool IsAllowed, string? Reason)
{
    /// <summary>The command may go on.</summary>
    public static GuardResult Allow => new(true, null);

    /// <summary>The command may not go on.</summary>
    /// <param name="reason">Why, for the caller.</param>
    /// <exception cref="ArgumentException"><paramref name="reason"/> is null or blank.</exception>
    public static GuardResult Refuse(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return new(false, reason);
    }
}
