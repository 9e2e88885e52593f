namespace SaasBilling.EntityFrameworkCore.Model;

/// <summary>
/// An instant in a row. A type of its own, so that what an application's model says of every <see cref="DateTimeOffset"/> or
/// <see cref="DateTime"/> does not reach it.
/// </summary>
/// <param name="Ticks">UTC ticks.</param>
internal readonly record struct UtcInstant(long Ticks) : IComparable<UtcInstant>
{
    public static implicit operator UtcInstant(DateTimeOffset instant) => new(instant.UtcTicks);

    public static implicit operator DateTimeOffset(UtcInstant instant) => new(instant.Ticks, TimeSpan.Zero);

    public static bool operator <(UtcInstant left, UtcInstant right) => left.Ticks < right.Ticks;

    public static bool operator >(UtcInstant left, UtcInstant right) => left.Ticks > right.Ticks;

    public static bool operator <=(UtcInstant left, UtcInstant right) => left.Ticks <= right.Ticks;

    public static bool operator >=(UtcInstant left, UtcInstant right) => left.Ticks >= right.Ticks;

    public static UtcInstant Later(UtcInstant left, UtcInstant? right) => right is { } other && other > left ? other : left;

    public int CompareTo(UtcInstant other) => Ticks.CompareTo(other.Ticks);

    /// <summary>As a database takes it.</summary>
    public DateTime ToDateTime() => new(Ticks, DateTimeKind.Utc);

    /// <summary>As a database gives it: SQLite without a kind, Npgsql with UTC, or with local time where an application asked for its old behavior.</summary>
    public static UtcInstant FromDateTime(DateTime value) => new(value.Kind == DateTimeKind.Local ? value.ToUniversalTime().Ticks : value.Ticks);
}
