using Microsoft.Extensions.DependencyInjection;

namespace SaasBilling.Lifecycle;

/// <summary>Asks the application's guards before a command reaches the provider.</summary>
internal sealed class GuardRunner(LifecycleDeclarations declarations, IServiceScopeFactory scopes)
{
    private readonly Guard[] _guards = [.. declarations.Guards];

    /// <summary>Asks every guard of the command, in the order of registration, up to the first that refuses. What a guard throws reaches the caller.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.Refused"/>, with the guard's reason.</exception>
    public Task CheckAsync(BillingCommand command, CancellationToken cancellationToken) =>
        Array.Exists(_guards, guard => guard.Takes(command)) ? AskAsync(command, cancellationToken) : Task.CompletedTask;

    private async Task AskAsync(BillingCommand command, CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            foreach (var guard in _guards)
            {
                if (!guard.Takes(command))
                    continue;

                var result = await guard.CheckAsync(scope.ServiceProvider, command, cancellationToken).ConfigureAwait(false);
                if (!result.IsAllowed)
                    throw new BillingException(BillingErrorCode.Refused, result.Reason ?? "A life-cycle guard refused this, and gave no reason. Return GuardResult.Refuse with one.");
            }
        }
    }
}
