namespace SaasBilling.InMemory.Engine;

/// <summary>Reads what a <see cref="VarintWriter"/> wrote.</summary>
/// <param name="log">Where it was appended.</param>
/// <param name="position">Where to begin.</param>
internal ref struct VarintReader(ByteLog log, long position)
{
    private long _position = position;

    public byte Byte() => log[_position++];

    public ulong Unsigned()
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
    }

    public long Signed()
    {
        var value = Unsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public int Int() => (int)Signed();

    public string Text()
    {
        var units = new char[(int)Unsigned()];
        for (var i = 0; i < units.Length; i++)
            units[i] = (char)Unsigned();
        return new string(units);
    }

    public decimal Decimal()
    {
        Span<int> parts = stackalloc int[4];
        for (var i = 0; i < parts.Length; i++)
            parts[i] = (int)(uint)Unsigned();
        return new decimal(parts);
    }
}
