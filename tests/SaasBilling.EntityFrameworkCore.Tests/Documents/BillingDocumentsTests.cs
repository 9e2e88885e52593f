using FsCheck;
using FsCheck.Fluent;
using SaasBilling.EntityFrameworkCore.Documents;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Tests.Documents;

public sealed class BillingDocumentsTests
{
    public static TheoryData<Type> EventTypes =>
        [.. typeof(BillingEvent).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(BillingEvent)) && !type.IsAbstract)];

    [Theory]
    [MemberData(nameof(EventTypes))]
    public void Every_event_comes_back_whatever_it_holds(Type type) => ForAll(values =>
    {
        var billingEvent = (BillingEvent)values.Make(type)!;

        var read = BillingDocuments.ReadEvent("acme", "acme/1", BillingDocuments.TypeOf(billingEvent), BillingDocuments.Write(billingEvent));

        Assert.IsType(type, read);
        Same.As(billingEvent, read);
    });

    [Fact]
    public void Every_state_comes_back_whatever_it_holds() => ForAll(values =>
    {
        var state = values.Make<CustomerState>();

        Same.As(state, BillingDocuments.ReadState("acme", BillingDocuments.Write(state)));
    });

    [Fact]
    public void Every_invoice_comes_back_whatever_it_holds() => ForAll(values =>
    {
        var invoice = values.Make<Invoice>();

        Assert.Equal(invoice, BillingDocuments.ReadInvoice("acme", "in_1", BillingDocuments.Write(invoice)));
    });

    /// <summary>An instance of a later version writes while this one still runs.</summary>
    [Fact]
    public void Members_of_a_later_version_are_ignored()
    {
        const string Document = """
            {"customer":{"id":"acme","createdAt":"2026-01-01T00:00:00+00:00","loyalty":{"tier":3}},"version":4,"nextBigThing":[{"a":1}],
             "mrr":[{"currency":"USD","micro":5,"everPositive":true,"exact":"5.0"}],"pendingCharges":[{"id":"ch_1","line":{"description":"Setup",
             "amount":{"minorUnits":5,"scale":{"of":2},"currency":"USD"},"quantity":1,"period":{"start":"2026-01-01T00:00:00+00:00","end":"2026-01-02T00:00:00+00:00"},"isProration":false}}]}
            """;

        var state = BillingDocuments.ReadState("acme", Document);

        Assert.Equal((4, new MrrAmount("USD", 5, true)), (state.Version, Assert.Single(state.Mrr)));
        Assert.Equal(Money.FromMinorUnits(5, "USD"), Assert.Single(state.PendingCharges).Line.Amount);
    }

    /// <summary>A row of an earlier version: what it did not know has its default.</summary>
    [Fact]
    public void Members_that_are_not_there_have_their_defaults()
    {
        var state = BillingDocuments.ReadState("acme", """{"customer":{"id":"acme","createdAt":"2026-01-01T00:00:00+00:00"},"version":1}""");

        Assert.Equivalent(new CustomerState { Customer = new Customer { Id = "acme", CreatedAt = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) }, Version = 1 }, state, strict: true);
    }

    [Fact]
    public void A_document_is_written_as_people_read_it()
    {
        var payment = new PaymentRefunded
        {
            Id = "acme/7",
            CustomerId = "acme",
            OccurredAt = new(2026, 3, 1, 9, 30, 0, TimeSpan.Zero),
            Explanation = "Zu viel 'bezahlt'",
            Refund = new Refund("re_1", "in_1", Money.Of(5.25m, "EUR"), new(2026, 3, 1, 9, 30, 0, TimeSpan.Zero)),
        };

        Assert.Equal(
            """{"refund":{"id":"re_1","invoiceId":"in_1","amount":{"minorUnits":525,"currency":"EUR"},"createdAt":"2026-03-01T09:30:00+00:00"},"id":"acme/7","customerId":"acme","occurredAt":"2026-03-01T09:30:00+00:00","explanation":"Zu viel 'bezahlt'"}""",
            BillingDocuments.Write(payment));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"version\":1}")]
    [InlineData("{\"customer\":{\"id\":\"acme\",\"createdAt\":\"yesterday\"},\"version\":1}")]
    [InlineData("{\"customer\":{\"id\":\"acme\",\"createdAt\":\"2026-01-01T00:00:00+00:00\",\"creditBalance\":{\"minorUnits\":1,\"currency\":\"XXX\"}},\"version\":1}")]
    public void A_damaged_document_is_told_by_its_customer_and_not_by_its_content(string document)
    {
        var exception = Assert.Throws<BillingException>(() => BillingDocuments.ReadState("acme", document));

        Assert.Equal(BillingErrorCode.InvalidState, exception.Code);
        Assert.Equal("The state of customer 'acme' cannot be read from the database: its document is damaged, or was written by a later version of SaasBilling. Restore the row from a backup.", exception.Message);
    }

    [Fact]
    public void An_event_of_a_later_version_is_told_by_its_type()
    {
        var exception = Assert.Throws<BillingException>(() => BillingDocuments.ReadEvent("acme", "acme/7", "CustomerPromoted", "{}"));

        Assert.Equal("Event 'acme/7' of customer 'acme' is of type 'CustomerPromoted', which this version of SaasBilling does not know. Update every instance of the application to the version that wrote it.", exception.Message);
    }

    private static void ForAll(Action<RandomValues> holds) =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => holds(new RandomValues(new Random(seed)))).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
}
