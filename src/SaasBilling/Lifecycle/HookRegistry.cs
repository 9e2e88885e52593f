using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using SaasBilling.Scheduling;
using SaasBilling.Storage;

namespace SaasBilling.Lifecycle;

/// <summary>Knows the application's hooks: which jobs an event causes, and whom a job calls.</summary>
internal sealed class HookRegistry(LifecycleDeclarations declarations, IServiceScopeFactory scopes, BillingClock clock)
{
    private readonly Hook[] _hooks = [.. declarations.Hooks];
    private readonly FrozenDictionary<string, Hook> _byKey = declarations.Hooks.ToFrozenDictionary(hook => hook.Key);
    private readonly ConcurrentDictionary<Type, Hook[]> _byEvent = new();

    /// <summary>One job for each hook of each event, to be committed with them.</summary>
    public IReadOnlyList<Job> JobsFor(IReadOnlyList<BillingEvent> events)
    {
        if (_hooks.Length == 0 || events.Count == 0)
            return [];

        List<Job>? jobs = null;
        for (var i = 0; i < events.Count; i++)
        {
            var billingEvent = events[i];
            foreach (var hook in HooksOf(billingEvent))
            {
                (jobs ??= []).Add(new Job
                {
                    Key = $"hook:{billingEvent.Id}:{hook.Key}",
                    Kind = JobKind.Hook,
                    CustomerId = billingEvent.CustomerId,
                    Lane = hook.Key,
                    DueAt = clock.Now,
                    Sequence = NumberOf(billingEvent),
                    EventId = billingEvent.Id,
                });
            }
        }

        return jobs ?? (IReadOnlyList<Job>)[];
    }

    /// <summary>Delivers a job's event to its hook, in a scope of its own.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidState"/>: the hook is not registered in this version of the application.</exception>
    public async Task DeliverAsync(JobEntry entry, CancellationToken cancellationToken)
    {
        var job = entry.Job;
        if (!_byKey.TryGetValue(job.Lane, out var hook))
            throw new BillingException(BillingErrorCode.InvalidState, $"No life-cycle hook '{job.Lane}' is registered. Register it again, by the same name, and requeue its jobs.");
        if (entry.Event is not { } billingEvent)
            throw new BillingException(BillingErrorCode.InvalidState, $"The store handed out the job '{job.Key}' without its event.");

        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
            await hook.HandleAsync(scope.ServiceProvider, billingEvent, cancellationToken).ConfigureAwait(false);
    }

    private Hook[] HooksOf(BillingEvent billingEvent) =>
        _byEvent.GetOrAdd(billingEvent.GetType(), static (_, known) => Array.FindAll(known._hooks, hook => hook.Takes(known.billingEvent)), (_hooks, billingEvent));

    // Ids end in the event's number: "acme/17".
    private static long NumberOf(BillingEvent billingEvent)
    {
        var id = billingEvent.Id.AsSpan();
        return long.TryParse(id[(id.LastIndexOf('/') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidOperationException($"The event id '{billingEvent.Id}' does not end in the event's number.");
    }
}
