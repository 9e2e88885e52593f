using SaasBilling.EntityFrameworkCore.Model;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Queue;

/// <summary>What becomes of a job when its lease ends.</summary>
internal static class JobRules
{
    /// <summary>
    /// Which suspects are leased together: those that have not been tried in vain, or one that has. So one death costs those who waited beside it
    /// little time, and the one that kills is soon alone.
    /// </summary>
    /// <param name="suspects">In the order in which they are due.</param>
    /// <param name="attempts">How often one was tried.</param>
    public static IEnumerable<T> Together<T>(IReadOnlyList<T> suspects, Func<T, int> attempts) =>
        suspects.Count > 0 && attempts(suspects[0]) > 0 ? suspects.Take(1) : suspects.Where(suspect => attempts(suspect) == 0);

    /// <summary>Ends the lease of a row.</summary>
    /// <returns>Whether the row is kept.</returns>
    public static bool Finish(JobRow row, JobResult result)
    {
        if (WasMoved(row))
            return Restart(row);
        if (result.End == JobEnd.Done)
            return false;

        row.IsSuspect = false;
        if (result.End is JobEnd.Retry or JobEnd.Quarantine)
        {
            row.Attempts++;
            row.NotBefore = result.End == JobEnd.Retry && result.NotBefore is { } notBefore ? notBefore : null;
            row.LastError = result.Error;
        }

        EndLease(row, result.End == JobEnd.Quarantine ? JobStatus.Quarantined : JobStatus.Pending);
        return true;
    }

    /// <summary>As if it had never been tried.</summary>
    public static void Requeue(JobRow row)
    {
        row.Attempts = 0;
        row.NotBefore = null;
        row.LastError = null;
        row.IsSuspect = false;
        EndLease(row, JobStatus.Pending);
    }

    /// <summary>Whether a wake-up's instant is another one than when it was leased.</summary>
    private static bool WasMoved(JobRow row) => row.Kind == JobKind.Wake && row.DueAt != row.LeasedDueAt;

    // Another instant is another occurrence, with its own tries.
    private static bool Restart(JobRow row)
    {
        if (row.DueAt is null)
            return false;
        Requeue(row);
        return true;
    }

    private static void EndLease(JobRow row, JobStatus status)
    {
        row.Status = status;
        row.LeaseToken = null;
        row.LeasedCustomerId = null;
        row.LeasedUntil = null;
        row.LeasedDueAt = null;
        row.ReadyAt = UtcInstant.Later(row.DueAt!.Value, row.NotBefore);
    }
}
