using SaasBilling.Storage;

namespace SaasBilling.Scheduling;

/// <summary>Leasing one job at a time.</summary>
internal static class JobQueueLeasing
{
    /// <summary>The job that is due first; a suspect only when no other is due.</summary>
    /// <returns>Null: none is due, or others hold them.</returns>
    public static async ValueTask<JobEntry?> LeaseOneAsync(this IJobQueue queue, LeaseRequest request, CancellationToken cancellationToken)
    {
        var leased = await queue.LeaseAsync(request, cancellationToken).ConfigureAwait(false);
        if (leased.Count == 0)
            leased = await queue.LeaseAsync(request with { Suspects = true }, cancellationToken).ConfigureAwait(false);
        return leased.Count == 0 ? null : leased[0];
    }
}
