namespace SaasBilling.Tests;

/// <summary>How many bytes a piece of work leaves to the garbage collector, once it is warm.</summary>
internal static class Allocations
{
    private const int Warm = 50;
    private const int Measured = 7;

    /// <summary>The least of several runs: a run during which the run-time compiles the work anew allocates on its behalf.</summary>
    public static long Of(Action work)
    {
        for (var i = 0; i < Warm; i++)
            work();

        var least = long.MaxValue;
        for (var i = 0; i < Measured; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
