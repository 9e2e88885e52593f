namespace SaasBilling.InMemory.Engine;

/// <summary>Bytes that are only ever appended, in chunks: it grows without copying, and the garbage collector has nothing to look at.</summary>
internal sealed class ByteLog
{
    // Large enough for the large object heap, where chunks are not moved; small enough for a test that settles one invoice.
    private const int ChunkBits = 17;
    private const int ChunkSize = 1 << ChunkBits;

    private readonly List<byte[]> _chunks = [];

    public long Length { get; private set; }

    public byte this[long position] => _chunks[(int)(position >> ChunkBits)][(int)(position & (ChunkSize - 1))];

    /// <summary>Appends, and says where the first byte is.</summary>
    public long Append(ReadOnlySpan<byte> bytes)
    {
        var start = Length;
        while (!bytes.IsEmpty)
        {
            var offset = (int)(Length & (ChunkSize - 1));
            if (offset == 0)
                _chunks.Add(GC.AllocateUninitializedArray<byte>(ChunkSize));

            var fitting = Math.Min(bytes.Length, ChunkSize - offset);
            bytes[..fitting].CopyTo(_chunks[^1].AsSpan(offset));
            bytes = bytes[fitting..];
            Length += fitting;
        }

        return start;
    }
}
