namespace SaasBilling.Faults.Instances;

/// <summary>A clock that is off.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private long _offset;

    public TimeSpan Offset
    {
        get => new(Volatile.Read(ref _offset));
        set => Volatile.Write(ref _offset, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;
}
