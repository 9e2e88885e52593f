namespace SaasBilling.Stripe.Tests.Webhooks;

public sealed class WebhookReaderTests
{
    private static readonly byte[] Body = Signed.Bytes(Signed.InvoicePaid);

    [Fact]
    public void Read_Genuine_SaysWhatItIsAbout()
    {
        var message = Signed.Reader().Read(Body, Signed.Header(Body), Signed.Now);

        Assert.NotNull(message);
        Assert.Equal(("stripe", "evt_1", false, "invoice.paid"), (message.Provider, message.EventId, message.IsLive, message.Type));
        Assert.Equal(("in_1", "cus_1", Signed.Now), (message.ObjectId, message.Subject, message.ReceivedAt));
        Assert.Null(message.Body);
    }

    [Fact]
    public void Read_OfATypeThatChangesNothing_IsNull()
    {
        var body = Signed.Bytes(Signed.InvoicePaid.Replace("invoice.paid", "payout.created", StringComparison.Ordinal));

        Assert.Null(Signed.Reader().Read(body, Signed.Header(body), Signed.Now));
    }

    [Theory]
    [InlineData(null, "The webhook has no Stripe-Signature header: it does not come from Stripe, or something on the way took the header off.")]
    [InlineData("", "The webhook has no Stripe-Signature header: it does not come from Stripe, or something on the way took the header off.")]
    [InlineData("nonsense", "The webhook has a Stripe-Signature header that is not of Stripe's form.")]
    [InlineData("t=1,t=2,v1=00", "The webhook has a Stripe-Signature header that is not of Stripe's form.")]
    [InlineData("t=-5,v1=00", "The webhook has a Stripe-Signature header that is not of Stripe's form.")]
    [InlineData("t=1785585600", "The webhook has a Stripe-Signature header that is not of Stripe's form.")]
    [InlineData("t=1785585600,v1=abc", "The webhook has a Stripe-Signature header that is not of Stripe's form.")]
    public void Read_WithoutAUsableHeader_IsRefused(string? header, string expected)
    {
        var refusal = Assert.Throws<BillingException>(() => Signed.Reader().Read(Body, header, Signed.Now));

        Assert.Equal((BillingErrorCode.InvalidWebhookSignature, expected), (refusal.Code, refusal.Message));
    }

    [Fact]
    public void Read_SignedWithAnotherSecret_IsRefused()
    {
        var refusal = Assert.Throws<BillingException>(() => Signed.Reader().Read(Body, Signed.Header(Body, "whsec_other"), Signed.Now));

        Assert.Equal(
            "The webhook is not signed with one of StripeBillingOptions.WebhookSecrets. Each endpoint has a secret of its own, in each mode, and so has 'stripe listen'; the body must be handed over exactly as it came.",
            refusal.Message);
    }

    [Theory]
    [InlineData(300, true)]
    [InlineData(301, false)]
    [InlineData(-300, true)]
    [InlineData(-301, false)]
    public void Read_AtTheBorderOfTheTolerance(int age, bool accepted)
    {
        var header = Signed.Header(Body, at: Signed.Now.AddSeconds(-age));
        var read = () => Signed.Reader().Read(Body, header, Signed.Now);

        if (accepted)
            Assert.NotNull(read());
        else
            Assert.Equal(BillingErrorCode.InvalidWebhookSignature, Assert.Throws<BillingException>(() => { read(); }).Code);
    }

    [Fact]
    public void Read_Stale_SaysWhichClockIsWrong()
    {
        var refusal = Assert.Throws<BillingException>(() => Signed.Reader().Read(Body, Signed.Header(Body, at: Signed.Now.AddHours(-1)), Signed.Now));

        Assert.Equal("The webhook was signed more than 00:05:00 ago. If it comes from Stripe, this machine's clock is ahead; Stripe sends it again with a new signature.", refusal.Message);
    }

    [Fact]
    public void Read_WhileASecretIsRotated_TakesAnySignatureOfAnySecret()
    {
        var instant = Signed.Now.ToUnixTimeSeconds();
        var header = $"t={instant},v1={Signed.Mac(Body, "whsec_new", instant)},v1={Signed.Mac(Body, "whsec_old", instant)},v0={new string('0', 64)}";

        Assert.NotNull(Signed.Reader("whsec_old").Read(Body, header, Signed.Now));
        Assert.NotNull(Signed.Reader("whsec_new").Read(Body, header, Signed.Now));
        Assert.NotNull(Signed.Reader("whsec_third", "whsec_old").Read(Body, header, Signed.Now));
        Assert.Throws<BillingException>(() => Signed.Reader("whsec_third").Read(Body, header, Signed.Now));
    }

    [Fact]
    public void Read_OnlyAnotherScheme_IsRefused()
    {
        var instant = Signed.Now.ToUnixTimeSeconds();

        Assert.Throws<BillingException>(() => Signed.Reader().Read(Body, $"t={instant},v0={Signed.Mac(Body, Signed.Secret, instant)}", Signed.Now));
    }

    [Fact]
    public void Read_OfTheOtherMode_IsRefusedAndSaysSo()
    {
        var refusal = Assert.Throws<BillingException>(() => Signed.Reader("sk_live_1", [Signed.Secret]).Read(Body, Signed.Header(Body), Signed.Now));

        Assert.Equal(
            "The webhook is of test mode, and StripeBillingOptions.ApiKey is a live key. Use the key and the secrets of one mode; Stripe sends it again meanwhile.",
            refusal.Message);
    }

    [Theory]
    [InlineData("""{"object":{"id":"cus_7","object":"customer"}}""", "customer.updated", "cus_7", "cus_7")]
    [InlineData("""{"object":{"id":"pm_1","object":"payment_method","customer":null},"previous_attributes":{"customer":"cus_7"}}""", "payment_method.detached", "pm_1", "cus_7")]
    [InlineData("""{"object":{"id":"in_1","object":"invoice","customer":{"id":"cus_7","object":"customer"}}}""", "invoice.paid", "in_1", "cus_7")]
    [InlineData("""{"object":{"id":"dp_1","object":"dispute","charge":"ch_1"}}""", "charge.dispute.created", "dp_1", "dp_1")]
    [InlineData("""{"object":{"object":"invoice"}}""", "invoice.created", null, "evt_1")]
    public void Read_FindsTheCustomerWhereverItIsNamed(string data, string type, string? objectId, string subject)
    {
        var body = Signed.Bytes($$"""{"type":"{{type}}","data":{{data}},"livemode":false,"object":"event","id":"evt_1"}""");

        var message = Signed.Reader().Read(body, Signed.Header(body), Signed.Now);

        Assert.Equal((objectId, subject), (message!.ObjectId, message.Subject));
    }

    [Fact]
    public void Read_AllocatesLittle()
    {
        var body = Signed.Bytes(Signed.InvoicePaid.Replace("\"previous_attributes\"", $"\"filler\":[{string.Join(",", Enumerable.Repeat("{\"a\":[1,2,3],\"b\":\"some text that is skipped\"}", 200))}],\"previous_attributes\"", StringComparison.Ordinal));
        var reader = Signed.Reader();
        var header = Signed.Header(body);
        for (var i = 0; i < 50; i++)
            reader.Read(body, header, Signed.Now);

        var before = GC.GetAllocatedBytesForCurrentThread();
        reader.Read(body, header, Signed.Now);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 2048);
    }
}
