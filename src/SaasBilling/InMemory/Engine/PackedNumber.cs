namespace SaasBilling.InMemory.Engine;

/// <summary>
/// An instant, or a count, in four bytes: from 1970 to 2106, or <see cref="Instants.Never"/>. A million accounts are as many cache lines fewer as they
/// are narrower. What does not fit keeps its account from being packed.
/// </summary>
internal readonly struct PackedNumber
{
    private readonly uint _value;

    private PackedNumber(uint value) => _value = value;

    public long Value => _value == uint.MaxValue ? Instants.Never : _value;

    /// <param name="value">Not negative, and below 2³² - 1; or never.</param>
    /// <param name="fits">Set to false when the value does not fit, and left alone when it does.</param>
    public static PackedNumber Of(long value, ref bool fits)
    {
        if (value == Instants.Never)
            return new(uint.MaxValue);

        fits &= value is >= 0 and < uint.MaxValue;
        return new((uint)value);
    }
}
