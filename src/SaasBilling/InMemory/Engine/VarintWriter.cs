namespace SaasBilling.InMemory.Engine;

/// <summary>Writes numbers in as few bytes as they need, seven bits a byte, into a buffer that is used again and again.</summary>
internal sealed class VarintWriter
{
    private byte[] _buffer = new byte[256];
    private int _length;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    public void Clear() => _length = 0;

    public void Byte(byte value)
    {
        if (_length == _buffer.Length)
            Array.Resize(ref _buffer, _length * 2);
        _buffer[_length++] = value;
    }

    public void Unsigned(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            Byte((byte)(value | 0x80));
        Byte((byte)value);
    }

    /// <summary>Small numbers of either sign are short.</summary>
    public void Signed(long value) => Unsigned((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>UTF-16 code units one by one: also a text that is no valid Unicode comes back as it was.</summary>
    public void Text(string text)
    {
        Unsigned((ulong)text.Length);
        foreach (var unit in text)
            Unsigned(unit);
    }

    public void Decimal(decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        foreach (var part in parts)
            Unsigned((uint)part);
    }
}
