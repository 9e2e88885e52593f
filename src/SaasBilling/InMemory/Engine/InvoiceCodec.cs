namespace SaasBilling.InMemory.Engine;

/// <summary>
/// An invoice as a few dozen bytes. What follows from something else (a subtotal from its lines, a payment from the amount due) is one bit that
/// says so, instants are distances from one another, and what is usually not set is not there.
/// </summary>
/// <remarks>The reader must take what the writer gave in the same order: each private method here has its counterpart beside it.</remarks>
internal sealed class InvoiceCodec
{
    /// <summary>2020-01-01: brings the seconds of our time under 28 bits.</summary>
    private const long Epoch = 1_577_836_800;

    private readonly InternTable<CatalogPrice> _prices = new(ReferenceEqualityComparer.Instance);
    private readonly InternTable<Currency> _currencies = new(EqualityComparer<Currency>.Default);
    private readonly InternTable<string> _declineCodes = new(StringComparer.Ordinal);

    [Flags]
    private enum Has
    {
        None = 0,
        Finalized = 1,
        Paid = 1 << 1,
        Due = 1 << 2,
        NextAttempt = 1 << 3,
        Disputed = 1 << 4,
        OwnAmounts = 1 << 5,
        OwnPayment = 1 << 6,
        Balance = 1 << 7,
        Retries = 1 << 8,
        Cards = 1 << 9,
        Failures = 1 << 10,
        Refunds = 1 << 11,
        Sent = 1 << 12,
        Overdue = 1 << 13,
    }

    [Flags]
    private enum LineHas : byte
    {
        None = 0,
        Price = 1,
        Text = 1 << 1,
        Discount = 1 << 2,
        Tax = 1 << 3,
        Count = 1 << 4,
        Fraction = 1 << 5,
    }

    public void Write(VarintWriter to, EngineInvoice invoice)
    {
        var has = PartsOf(invoice);
        to.Unsigned((uint)has);
        to.Byte((byte)(((int)invoice.Status << 4) | (int)invoice.Reason));
        to.Signed(invoice.Number);
        to.Signed((long)invoice.Number - invoice.Serial);
        to.Signed(invoice.SubscriptionNumber);
        to.Signed(invoice.Revision);
        to.Signed(invoice.AttemptCount);
        to.Unsigned((ulong)_currencies.NumberOf(invoice.Currency));
        WriteInstants(to, invoice, has);
        WriteLines(to, invoice);
        WriteAmounts(to, invoice, has);
        WriteCollection(to, invoice, has);
    }

    public EngineInvoice Read(ref VarintReader from)
    {
        var has = (Has)from.Unsigned();
        var kinds = from.Byte();
        var number = from.Int();
        var invoice = new EngineInvoice
        {
            Status = (InvoiceStatus)(kinds >> 4),
            Reason = (BillingReason)(kinds & 0xF),
            Number = number,
            Serial = (int)(number - from.Signed()),
            SubscriptionNumber = from.Int(),
            Revision = from.Signed(),
            AttemptCount = from.Int(),
            Currency = _currencies[(int)from.Unsigned()],
            IsSent = has.HasFlag(Has.Sent),
            IsOverdue = has.HasFlag(Has.Overdue),
        };
        ReadInstants(ref from, invoice, has);
        ReadLines(ref from, invoice);
        ReadAmounts(ref from, invoice, has);
        ReadCollection(ref from, invoice, has);
        return invoice;
    }

    private static Has PartsOf(EngineInvoice invoice) =>
        If(invoice.FinalizedAt != Instants.Never, Has.Finalized)
        | If(invoice.PaidAt != Instants.Never, Has.Paid)
        | If(invoice.DueAt != Instants.Never, Has.Due)
        | If(invoice.NextAttemptAt != Instants.Never, Has.NextAttempt)
        | If(invoice.DisputedAt != Instants.Never, Has.Disputed)
        | If((invoice.Subtotal, invoice.Discount, invoice.Tax) != SumsOf(invoice.Lines), Has.OwnAmounts)
        | If((invoice.AmountDue, invoice.AmountPaid, invoice.PaidByCard) != UsualPaymentOf(invoice), Has.OwnPayment)
        | If(invoice.AppliedBalance != 0, Has.Balance)
        | If(invoice.RetriesTaken != 0, Has.Retries)
        | If(invoice.ActionCard != 0 || invoice.FailedCard != 0, Has.Cards)
        | If(invoice.Failures is not null, Has.Failures)
        | If(invoice.Refunds is not null, Has.Refunds)
        | If(invoice.IsSent, Has.Sent)
        | If(invoice.IsOverdue, Has.Overdue);

    private static Has If(bool condition, Has part) => condition ? part : Has.None;

    private static void WriteInstants(VarintWriter to, EngineInvoice invoice, Has has)
    {
        to.Signed(unchecked(invoice.CreatedAt - Epoch));
        WriteInstant(to, invoice, has.HasFlag(Has.Finalized), invoice.FinalizedAt);
        WriteInstant(to, invoice, has.HasFlag(Has.Paid), invoice.PaidAt);
        WriteInstant(to, invoice, has.HasFlag(Has.Due), invoice.DueAt);
        WriteInstant(to, invoice, has.HasFlag(Has.NextAttempt), invoice.NextAttemptAt);
        WriteInstant(to, invoice, has.HasFlag(Has.Disputed), invoice.DisputedAt);
    }

    private static void ReadInstants(ref VarintReader from, EngineInvoice invoice, Has has)
    {
        invoice.CreatedAt = unchecked(from.Signed() + Epoch);
        invoice.FinalizedAt = ReadInstant(ref from, invoice, has.HasFlag(Has.Finalized));
        invoice.PaidAt = ReadInstant(ref from, invoice, has.HasFlag(Has.Paid));
        invoice.DueAt = ReadInstant(ref from, invoice, has.HasFlag(Has.Due));
        invoice.NextAttemptAt = ReadInstant(ref from, invoice, has.HasFlag(Has.NextAttempt));
        invoice.DisputedAt = ReadInstant(ref from, invoice, has.HasFlag(Has.Disputed));
    }

    private static void WriteInstant(VarintWriter to, EngineInvoice invoice, bool isSet, long instant)
    {
        if (isSet)
            to.Signed(unchecked(instant - invoice.CreatedAt));
    }

    private static long ReadInstant(ref VarintReader from, EngineInvoice invoice, bool isSet) =>
        isSet ? unchecked(from.Signed() + invoice.CreatedAt) : Instants.Never;

    private void WriteLines(VarintWriter to, EngineInvoice invoice)
    {
        to.Unsigned((ulong)invoice.Lines.Length);
        foreach (var line in invoice.Lines)
            WriteLine(to, line, invoice.CreatedAt);
    }

    private void ReadLines(ref VarintReader from, EngineInvoice invoice)
    {
        invoice.Lines = new EngineLine[(int)from.Unsigned()];
        for (var i = 0; i < invoice.Lines.Length; i++)
            invoice.Lines[i] = ReadLine(ref from, invoice.CreatedAt);
    }

    private void WriteLine(VarintWriter to, in EngineLine line, long createdAt)
    {
        var isCount = line.Quantity != 1 && line.Quantity >= 0 && line.Quantity <= long.MaxValue && line.Quantity == decimal.Truncate(line.Quantity);
        var has = (line.Price is null ? LineHas.None : LineHas.Price)
            | (line.Text is null ? LineHas.None : LineHas.Text)
            | (line.Discount == 0 ? LineHas.None : LineHas.Discount)
            | (line.Tax == 0 ? LineHas.None : LineHas.Tax)
            | (line.Quantity == 1 ? LineHas.None : isCount ? LineHas.Count : LineHas.Fraction);
        to.Byte((byte)line.Kind);
        to.Byte((byte)has);
        if (line.Price is { } price)
            to.Unsigned((ulong)_prices.NumberOf(price));
        if (line.Text is { } text)
            to.Text(text);
        if (has.HasFlag(LineHas.Count))
            to.Unsigned((ulong)line.Quantity);
        if (has.HasFlag(LineHas.Fraction))
            to.Decimal(line.Quantity);
        to.Signed(line.Amount);
        if (has.HasFlag(LineHas.Discount))
            to.Signed(line.Discount);
        if (has.HasFlag(LineHas.Tax))
            to.Signed(line.Tax);
        to.Signed(unchecked(line.Start - createdAt));
        to.Signed(unchecked(line.End - line.Start));
    }

    private EngineLine ReadLine(ref VarintReader from, long createdAt)
    {
        var kind = (LineKind)from.Byte();
        var has = (LineHas)from.Byte();
        var line = new EngineLine
        {
            Kind = kind,
            Price = has.HasFlag(LineHas.Price) ? _prices[(int)from.Unsigned()] : null,
            Text = has.HasFlag(LineHas.Text) ? from.Text() : null,
            Quantity = has.HasFlag(LineHas.Count) ? from.Unsigned() : has.HasFlag(LineHas.Fraction) ? from.Decimal() : 1,
            Amount = from.Signed(),
            Discount = has.HasFlag(LineHas.Discount) ? from.Signed() : 0,
            Tax = has.HasFlag(LineHas.Tax) ? from.Signed() : 0,
            Start = unchecked(from.Signed() + createdAt),
        };
        line.End = unchecked(from.Signed() + line.Start);
        return line;
    }

    private static void WriteAmounts(VarintWriter to, EngineInvoice invoice, Has has)
    {
        if (has.HasFlag(Has.OwnAmounts))
        {
            to.Signed(invoice.Subtotal);
            to.Signed(invoice.Discount);
            to.Signed(invoice.Tax);
        }

        if (has.HasFlag(Has.Balance))
            to.Signed(invoice.AppliedBalance);
        if (has.HasFlag(Has.OwnPayment))
        {
            to.Signed(invoice.AmountDue);
            to.Signed(invoice.AmountPaid);
            to.Signed(invoice.PaidByCard);
        }
    }

    private static void ReadAmounts(ref VarintReader from, EngineInvoice invoice, Has has)
    {
        (invoice.Subtotal, invoice.Discount, invoice.Tax) = has.HasFlag(Has.OwnAmounts) ? (from.Signed(), from.Signed(), from.Signed()) : SumsOf(invoice.Lines);
        invoice.AppliedBalance = has.HasFlag(Has.Balance) ? from.Signed() : 0;
        (invoice.AmountDue, invoice.AmountPaid, invoice.PaidByCard) =
            has.HasFlag(Has.OwnPayment) ? (from.Signed(), from.Signed(), from.Signed()) : UsualPaymentOf(invoice);
    }

    private void WriteCollection(VarintWriter to, EngineInvoice invoice, Has has)
    {
        if (has.HasFlag(Has.Retries))
            to.Signed(invoice.RetriesTaken);
        if (has.HasFlag(Has.Cards))
        {
            to.Signed(invoice.ActionCard);
            to.Signed(invoice.FailedCard);
        }

        if (invoice.Failures is { } failures)
        {
            to.Unsigned((ulong)failures.Count);
            foreach (var failure in failures)
            {
                to.Signed(unchecked(failure.At - invoice.CreatedAt));
                to.Unsigned(((failure.DeclineCode is { } code ? (ulong)_declineCodes.NumberOf(code) + 1 : 0) << 1) | (failure.RequiresAction ? 1UL : 0));
            }
        }

        if (invoice.Refunds is { } refunds)
        {
            to.Unsigned((ulong)refunds.Count);
            foreach (var refund in refunds)
            {
                to.Signed(unchecked(refund.At - invoice.CreatedAt));
                to.Signed(refund.Amount);
            }
        }
    }

    private void ReadCollection(ref VarintReader from, EngineInvoice invoice, Has has)
    {
        invoice.RetriesTaken = has.HasFlag(Has.Retries) ? from.Int() : 0;
        if (has.HasFlag(Has.Cards))
            (invoice.ActionCard, invoice.FailedCard) = (from.Int(), from.Int());

        if (has.HasFlag(Has.Failures))
        {
            invoice.Failures = new List<EngineFailure>((int)from.Unsigned());
            for (var left = invoice.Failures.Capacity; left > 0; left--)
            {
                var at = unchecked(from.Signed() + invoice.CreatedAt);
                var code = from.Unsigned();
                invoice.Failures.Add(new EngineFailure(at, code >> 1 == 0 ? null : _declineCodes[(int)(code >> 1) - 1], (code & 1) != 0));
            }
        }

        if (has.HasFlag(Has.Refunds))
        {
            invoice.Refunds = new List<EngineRefund>((int)from.Unsigned());
            for (var left = invoice.Refunds.Capacity; left > 0; left--)
                invoice.Refunds.Add(new EngineRefund(unchecked(from.Signed() + invoice.CreatedAt), from.Signed()));
        }
    }

    private static (long Subtotal, long Discount, long Tax) SumsOf(EngineLine[] lines)
    {
        var (subtotal, discount, tax) = (0L, 0L, 0L);
        foreach (var line in lines)
            (subtotal, discount, tax) = unchecked((subtotal + line.Amount, discount + line.Discount, tax + line.Tax));
        return (subtotal, discount, tax);
    }

    // Without a balance the total is due, and when it is paid then all of it, by card.
    private static (long Due, long Paid, long ByCard) UsualPaymentOf(EngineInvoice invoice)
    {
        var due = unchecked(invoice.Subtotal - invoice.Discount + invoice.Tax - invoice.AppliedBalance);
        var paid = invoice.Status == InvoiceStatus.Paid ? due : 0;
        return (due, paid, paid);
    }
}
