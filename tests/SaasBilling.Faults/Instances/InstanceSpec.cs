namespace SaasBilling.Faults.Instances;

/// <summary>How a process under test is set up.</summary>
public sealed record InstanceSpec
{
    public required string DatabaseKind { get; init; }

    public required string ConnectionString { get; init; }

    /// <summary>The socket of the authority.</summary>
    public required string Authority { get; init; }

    /// <summary>The socket at which the process is called.</summary>
    public string Listen { get; init; } = "";

    /// <summary>The file for what its hooks do outside.</summary>
    public string Log { get; init; } = "";

    /// <summary>How many applications the process holds, each with a worker of its own.</summary>
    public int Workers { get; init; } = 1;

    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan HookTimeout { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(1);

    public int MaxAttempts { get; init; } = 10;

    public int Concurrency { get; init; } = 16;

    public int Batch { get; init; } = 100;

    /// <summary>How far the clock of the process is off.</summary>
    public TimeSpan ClockOffset { get; init; }

    /// <summary>Whether hooks write rows into the application's tables, beside lines into the file.</summary>
    public bool WritesRows { get; init; } = true;
}
