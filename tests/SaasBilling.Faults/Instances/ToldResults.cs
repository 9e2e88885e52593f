using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SaasBilling.Storage;

namespace SaasBilling.Faults.Instances;

/// <summary>Listens to what the store is told of jobs: from the moment that it has taken a result, the job must not run again.</summary>
internal static class ToldResults
{
    /// <summary>Writes down what the store has taken.</summary>
    public static void LogToldResults(this IServiceCollection services, DeliveryLog log)
    {
        var create = services.Last(service => service.ServiceType == typeof(IBillingStore)).ImplementationFactory!;
        services.Replace(ServiceDescriptor.Singleton(provider =>
        {
            var store = DispatchProxy.Create<IBillingStore, ListeningStore>();
            ((ListeningStore)store).Listen((IBillingStore)create(provider), log);
            return store;
        }));
    }
}

/// <summary>A store whose queue is listened to.</summary>
internal class ListeningStore : DispatchProxy
{
    private IBillingStore? _store;
    private IJobQueue? _jobs;

    public void Listen(IBillingStore store, DeliveryLog log)
    {
        _store = store;
        _jobs = DispatchProxy.Create<IJobQueue, ListeningQueue>();
        ((ListeningQueue)_jobs).Listen(store.Jobs, log);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name == $"get_{nameof(IBillingStore.Jobs)}" ? _jobs : targetMethod.Invoke(_store, BindingFlags.DoNotWrapExceptions, null, args, null);
}

/// <summary>A queue that is listened to.</summary>
internal class ListeningQueue : DispatchProxy
{
    private IJobQueue? _jobs;
    private DeliveryLog? _log;

    public void Listen(IJobQueue jobs, DeliveryLog log) => (_jobs, _log) = (jobs, log);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name == nameof(IJobQueue.FinishAsync) && args is [IReadOnlyList<JobResult> results, CancellationToken cancellationToken]
            ? FinishAsync(results, cancellationToken)
            : targetMethod.Invoke(_jobs, BindingFlags.DoNotWrapExceptions, null, args, null);

    private async Task<IReadOnlyList<LeaseOutcome>> FinishAsync(IReadOnlyList<JobResult> results, CancellationToken cancellationToken)
    {
        var outcomes = await _jobs!.FinishAsync(results, cancellationToken);
        for (var i = 0; i < outcomes.Count; i++)
        {
            if (outcomes[i] == LeaseOutcome.Held && results[i].End == JobEnd.Done)
                _log!.Told(results[i].Entry.Job.Key);
        }

        return outcomes;
    }
}
