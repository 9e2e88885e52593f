using System.Diagnostics;

namespace SaasBilling.Tests.Diagnostics;

/// <summary>The spans of one test alone: other tests run at the same time.</summary>
internal sealed class Spans : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly List<Activity> _stopped = [];

    public Spans()
    {
        Root = new Activity("test").Start();
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == SaasBillingDiagnostics.ActivitySourceName,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                lock (_stopped)
                {
                    if (activity.TraceId == Root.TraceId)
                        _stopped.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>What the test itself runs in.</summary>
    public Activity Root { get; }

    public IReadOnlyList<Activity> All
    {
        get
        {
            lock (_stopped)
                return [.. _stopped];
        }
    }

    public IEnumerable<Activity> Named(string name) => All.Where(span => span.OperationName == name);

    public void Dispose()
    {
        _listener.Dispose();
        Root.Dispose();
    }
}
