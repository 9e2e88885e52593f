using System.Collections;
using FsCheck;
using FsCheck.Fluent;
using SaasBilling.Conformance.Providers;
using SaasBilling.InMemory.Engine;

namespace SaasBilling.Tests.InMemory.Engine;

public sealed class InvoiceArchiveTests
{
    private static readonly PlanCatalog Catalog = ConformanceCatalog.Build();
    private static readonly CatalogPrice[] Prices = [.. Catalog.Plans.SelectMany(plan => plan.Prices).Select(price => Catalog.GetPrice(price.Key))];
    private static readonly long Start = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    private readonly InvoiceArchive _archive = new();

    [Fact]
    public void Any_settled_invoices_come_back_as_they_were() => Prop.ForAll(Invoices().ArrayOf().ToArbitrary(), invoices =>
    {
        var archive = new InvoiceArchive();
        var pointers = new List<long> { InvoiceArchive.None };
        foreach (var invoice in invoices)
            pointers.Add(archive.Append(invoice, pointers[^1]));

        for (var i = invoices.Length; i > 0; i--)
        {
            AssertSame(invoices[i - 1], archive.Read(pointers[i], out var previous));
            Assert.Equal(pointers[i - 1], previous);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_chains_of_two_customers_do_not_mix()
    {
        var (acme, globex) = (InvoiceArchive.None, InvoiceArchive.None);
        for (var month = 1; month <= 12; month++)
        {
            acme = _archive.Append(Renewal(month), acme);
            globex = _archive.Append(Renewal(month + 100), globex);
        }

        Assert.Equal(Enumerable.Range(1, 12), _archive.ReadSince(acme, 0).Select(invoice => invoice.Number));
        Assert.Equal(Enumerable.Range(101, 12), _archive.ReadSince(globex, 0).Select(invoice => invoice.Number));
    }

    [Fact]
    public void ReadSince_ARevision_GivesOnlyWhatChangedAfterIt()
    {
        var newest = Append(Renewal(1), Renewal(2), Renewal(3));

        Assert.Equal([2, 3], _archive.ReadSince(newest, revision: 10).Select(invoice => invoice.Number));
        Assert.Empty(_archive.ReadSince(newest, revision: 30));
        Assert.Empty(_archive.ReadSince(InvoiceArchive.None, revision: 0));
    }

    [Fact]
    public void ReadSince_AnInvoiceWasAppendedAgain_GivesItsNewestVersionInTheOrderOfNumbers()
    {
        var refunded = Renewal(1);
        refunded.Refunds = [new EngineRefund(Start, 500)];
        refunded.Revision = 40;
        var newest = Append(Renewal(2), Renewal(1), Renewal(3), refunded);

        var read = _archive.ReadSince(newest, revision: 0);

        Assert.Equal([1, 2, 3], read.Select(invoice => invoice.Number));
        AssertSame(refunded, read[0]);
        AssertSame(refunded, _archive.Find(newest, 1)!);
        AssertSame(Renewal(3), _archive.Find(newest, 3)!);
        Assert.Null(_archive.Find(newest, 4));
    }

    [Fact]
    public void Append_ManyInvoices_CrossesChunksWithoutALoss()
    {
        var newest = InvoiceArchive.None;
        for (var number = 1; number <= 20_000; number++)
            newest = _archive.Append(Renewal(number), newest);

        var read = _archive.ReadSince(newest, revision: 0);

        Assert.Equal(20_000, read.Count);
        Assert.All(read.Select((invoice, index) => (invoice, index)), pair => Assert.Equal((pair.index + 1, 2_900L), (pair.invoice.Number, pair.invoice.AmountPaid)));
    }

    // Twelve million of them are a year of a million customers; the distance to the record before is a long one.
    [Fact]
    public void A_paid_renewal_of_one_line_takes_at_most_40_bytes()
    {
        var newest = _archive.Append(Renewal(11), InvoiceArchive.None);
        while (_archive.Length < 3_000_000)
            _archive.Append(Renewal(12), InvoiceArchive.None);
        var before = _archive.Length;

        _archive.Append(Renewal(12), newest);

        Assert.InRange(_archive.Length - before, 1, 40);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Überweisung 💶")]
    [InlineData("half a pair: \ud83d")]
    public void A_text_comes_back_as_it_was_even_when_it_is_no_valid_unicode(string text)
    {
        var invoice = Renewal(1);
        invoice.Lines = [new EngineLine { Kind = LineKind.Charge, Text = text, Quantity = 1, Amount = 500, Start = Start, End = Start }];

        AssertSame(invoice, _archive.Read(_archive.Append(invoice, InvoiceArchive.None), out _));
    }

    private static EngineInvoice Renewal(int number) => new()
    {
        Number = number,
        Serial = number,
        SubscriptionNumber = 1,
        Status = InvoiceStatus.Paid,
        Reason = BillingReason.SubscriptionCycle,
        Currency = Currency.Of("USD"),
        CreatedAt = Start,
        FinalizedAt = Start + 3600,
        PaidAt = Start + 3600,
        Lines = [new EngineLine { Kind = LineKind.Licensed, Price = Prices[0], Quantity = 1, Amount = 2900, Start = Start, End = Start + (31 * Instants.SecondsPerDay) }],
        Subtotal = 2900,
        AmountDue = 2900,
        AmountPaid = 2900,
        PaidByCard = 2900,
        AttemptCount = 1,
        Revision = number * 10,
    };

    private static Gen<EngineInvoice> Invoices()
    {
        var any = Gen.OneOf(ArbMap.Default.GeneratorFor<long>(), Gen.Elements(long.MinValue, long.MinValue + 1, -1, 0, 1, long.MaxValue - 1, long.MaxValue));
        var count = Gen.Choose(0, 300);
        var amount = Gen.Frequency((4, Gen.Choose(-100_000, 100_000).Select(value => (long)value)), (1, any), (1, Gen.Constant(0L)));
        var instant = Gen.Frequency((3, Gen.Choose(0, 400_000_000).Select(seconds => Start + seconds)), (1, Gen.Constant(Instants.Never)), (1, any));
        var code = Gen.Elements("generic_decline", "no_payment_method", null);
        var yes = ArbMap.Default.GeneratorFor<bool>();
        var text = Gen.Frequency((3, Gen.Constant<string?>(null)), (1, ArbMap.Default.GeneratorFor<string?>()));
        var quantity = Gen.Frequency((3, Gen.Constant(1m)), (2, count.Select(value => (decimal)value)), (2, ArbMap.Default.GeneratorFor<decimal>()));
        var lines =
            from kind in Gen.Elements(Enum.GetValues<LineKind>())
            from price in Gen.Elements(Prices.Append(null).ToArray())
            from words in text
            from units in quantity
            from amounts in amount.Three()
            from period in instant.Two()
            select new EngineLine
            {
                Kind = kind, Price = price, Text = words, Quantity = units, Amount = amounts.Item1, Discount = amounts.Item2, Tax = amounts.Item3,
                Start = period.Item1, End = period.Item2,
            };
        var failures = from at in instant from why in code from asks in yes select new EngineFailure(at, why, asks);
        var refunds = from at in instant from value in amount select new EngineRefund(at, value);
        return
            from numbers in count.ArrayOf(8)
            from status in Gen.Elements(Enum.GetValues<InvoiceStatus>())
            from reason in Gen.Elements(Enum.GetValues<BillingReason>())
            from currency in Gen.Elements(Currency.Of("USD"), Currency.Of("JPY"), Currency.Of("KWD"))
            from instants in instant.ArrayOf(6)
            from lineItems in lines.ArrayOf()
            from amounts in amount.ArrayOf(7)
            from usual in yes
            from flags in yes.ArrayOf(2)
            from failed in Gen.OneOf(Gen.Constant<List<EngineFailure>?>(null), failures.ListOf().Select(List<EngineFailure>? (list) => [.. list]))
            from refunded in Gen.OneOf(Gen.Constant<List<EngineRefund>?>(null), refunds.ListOf().Select(List<EngineRefund>? (list) => [.. list]))
            select new EngineInvoice
            {
                Number = numbers[0], Serial = numbers[1], SubscriptionNumber = numbers[2], AttemptCount = numbers[3], RetriesTaken = numbers[4],
                ActionCard = numbers[5], FailedCard = numbers[6], Revision = numbers[7], Status = status, Reason = reason, Currency = currency,
                CreatedAt = instants[0], FinalizedAt = instants[1], DueAt = instants[2], PaidAt = instants[3], NextAttemptAt = instants[4], DisputedAt = instants[5],
                Lines = lineItems,
                Subtotal = usual ? Sum(lineItems, line => line.Amount) : amounts[0], Discount = usual ? Sum(lineItems, line => line.Discount) : amounts[1],
                Tax = usual ? Sum(lineItems, line => line.Tax) : amounts[2], AmountDue = amounts[3],
                AmountPaid = usual ? amounts[3] : amounts[4], PaidByCard = usual ? amounts[3] : amounts[5], AppliedBalance = usual ? 0 : amounts[6],
                IsSent = flags[0], IsOverdue = flags[1], Failures = failed, Refunds = refunded,
            };
    }

    private static long Sum(EngineLine[] lines, Func<EngineLine, long> amount) => lines.Aggregate(0L, (sum, line) => unchecked(sum + amount(line)));

    // By reflection, so that a member that is added to the invoice and forgotten in the archive fails the test.
    private static void AssertSame(EngineInvoice expected, EngineInvoice actual)
    {
        foreach (var property in typeof(EngineInvoice).GetProperties().Where(property => property.Name is not nameof(EngineInvoice.Discounts)))
        {
            var (wanted, got) = (property.GetValue(expected), property.GetValue(actual));
            if (wanted is IEnumerable and not string)
                Assert.Equal(((IEnumerable)wanted).Cast<object>(), Assert.IsType<IEnumerable>(got, exactMatch: false).Cast<object>());
            else
                Assert.True(Equals(wanted, got), $"{property.Name} was {wanted} and came back as {got}.");
        }
    }

    private long Append(params EngineInvoice[] invoices)
    {
        var newest = InvoiceArchive.None;
        for (var i = 0; i < invoices.Length; i++)
        {
            invoices[i].Revision = (i + 1) * 10;
            newest = _archive.Append(invoices[i], newest);
        }

        return newest;
    }
}
