namespace SaasBilling.InMemory.Engine;

/// <summary>
/// The settled invoices of all customers, as bytes that are only appended. Each record knows where the customer's record before it is, so that a
/// customer needs to remember one number. Not thread-safe: the engine's lock guards it.
/// </summary>
/// <remarks>A settled invoice that changes (a refund, a dispute) is appended again; readers of the chain see the newest version only.</remarks>
internal sealed class InvoiceArchive
{
    /// <summary>What a customer without settled invoices points to.</summary>
    public const long None = 0;

    private readonly ByteLog _log = new();
    private readonly VarintWriter _writer = new();
    private readonly InvoiceCodec _codec = new();

    // The byte at 0 keeps None free.
    public InvoiceArchive() => _log.Append([0]);

    /// <summary>How much memory the invoices take.</summary>
    public long Length => _log.Length;

    /// <summary>Appends an invoice. Its <see cref="EngineInvoice.Discounts"/>, which only a draft needs, are not kept.</summary>
    /// <param name="invoice">The invoice, with a revision that is not lower than that of the customer's record before it.</param>
    /// <param name="previous">The customer's newest record, or <see cref="None"/>.</param>
    /// <returns>The customer's newest record from now on.</returns>
    public long Append(EngineInvoice invoice, long previous)
    {
        _writer.Clear();
        _writer.Unsigned((ulong)(previous == None ? 0 : _log.Length - previous));
        _codec.Write(_writer, invoice);
        return _log.Append(_writer.Written);
    }

    /// <summary>Reads one record.</summary>
    /// <param name="pointer">A record.</param>
    /// <param name="previous">The customer's record before it, or <see cref="None"/>.</param>
    public EngineInvoice Read(long pointer, out long previous)
    {
        var reader = new VarintReader(_log, pointer);
        var distance = (long)reader.Unsigned();
        previous = distance == 0 ? None : pointer - distance;
        return _codec.Read(ref reader);
    }

    /// <summary>A customer's invoice by its <see cref="EngineInvoice.Number"/>; null when it is not archived.</summary>
    public EngineInvoice? Find(long newest, int number)
    {
        for (var pointer = newest; pointer != None;)
        {
            var invoice = Read(pointer, out pointer);
            if (invoice.Number == number)
                return invoice;
        }

        return null;
    }

    /// <summary>A customer's invoices that changed after a revision, in the order of their numbers.</summary>
    public List<EngineInvoice> ReadSince(long newest, long revision)
    {
        var found = new List<EngineInvoice>();
        var seen = new HashSet<int>();
        for (var pointer = newest; pointer != None;)
        {
            var invoice = Read(pointer, out pointer);
            if (invoice.Revision <= revision)
                break;
            if (seen.Add(invoice.Number))
                found.Add(invoice);
        }

        found.Sort((left, right) => left.Number.CompareTo(right.Number));
        return found;
    }
}
