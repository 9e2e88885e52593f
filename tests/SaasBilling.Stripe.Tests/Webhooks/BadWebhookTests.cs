using System.Text;

namespace SaasBilling.Stripe.Tests.Webhooks;

/// <summary>R5 and R6: what is not genuine is refused with the one documented exception, whatever it is.</summary>
public sealed class BadWebhookTests
{
    private const int Mutations = 20_000;

    private static readonly byte[] Body = Signed.Bytes(Signed.InvoicePaid);

    [Fact]
    public void A_bit_that_is_flipped_anywhere_in_the_body_is_found()
    {
        var header = Signed.Header(Body);
        for (var index = 0; index < Body.Length; index++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var altered = (byte[])Body.Clone();
                altered[index] ^= (byte)(1 << bit);
                AssertRefused(altered, header);
            }
        }
    }

    [Fact]
    public void A_bit_that_is_flipped_anywhere_in_the_header_is_found()
    {
        var header = Signed.Header(Body);
        for (var index = 0; index < header.Length; index++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var altered = header.ToCharArray();
                altered[index] = (char)(altered[index] ^ (1 << bit));
                AssertRefused(Body, new string(altered));
            }
        }
    }

    [Fact]
    public void Mutations_by_chance_are_refused()
    {
        var chance = new Random(20260801);
        var header = Signed.Header(Body);
        for (var i = 0; i < Mutations; i++)
        {
            var body = Mutate(Body, chance);
            if (!body.AsSpan().SequenceEqual(Body))
                AssertRefused(body, header);

            var altered = Encoding.Latin1.GetString(Mutate(Encoding.Latin1.GetBytes(header), chance));
            if (!IsStillSigned(altered, header))
                AssertRefused(Body, altered);
        }
    }

    [Fact]
    public void Mutations_that_are_signed_are_read_or_malformed_and_nothing_else()
    {
        var chance = new Random(20260802);
        var reader = Signed.Reader();
        var malformed = 0;
        for (var i = 0; i < Mutations; i++)
        {
            var body = Mutate(Body, chance);
            try
            {
                reader.Read(body, Signed.Header(body), Signed.Now);
            }
            catch (BillingException refusal)
            {
                Assert.True(refusal.Code is BillingErrorCode.MalformedWebhook or BillingErrorCode.InvalidWebhookSignature, refusal.ToString());
                Assert.DoesNotContain("cus_1", refusal.Message, StringComparison.Ordinal);
                malformed++;
            }
        }

        Assert.InRange(malformed, Mutations / 10, Mutations - 1);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"id\":1}")]
    [InlineData("{\"id\":\"evt_1\",\"object\":\"invoice\",\"type\":\"invoice.paid\",\"livemode\":false,\"data\":{}}")]
    [InlineData("{\"id\":\"evt_1\",\"object\":\"event\",\"type\":\"invoice.paid\",\"data\":{\"object\":{\"id\":\"in_1\"}}}")]
    [InlineData("{\"id\":\"evt_1\",\"id\":\"evt_2\",\"object\":\"event\",\"type\":\"invoice.paid\",\"livemode\":false,\"data\":{}}")]
    [InlineData("{\"id\":\"evt_1\",\"object\":\"event\",\"type\":\"invoice.paid\",\"type\":\"payout.created\",\"livemode\":false,\"data\":{}}")]
    [InlineData("{\"id\":\"evt_1\",\"object\":\"event\",\"type\":\"invoice.paid\",\"livemode\":false,\"data\":{\"object\":{\"id\":\"in_1\",\"id\":\"in_2\"}}}")]
    [InlineData("{\"id\":\"evt_1\",\"object\":\"event\",\"type\":\"invoice.paid\",\"livemode\":false,\"data\":{\"object\":{\"customer\":\"cus_1\",\"customer\":\"cus_2\"}}}")]
    [InlineData("{\"id\":\"evt_1\",\"object\":\"event\",\"type\":\"invoice.paid\",\"livemode\":false,\"data\":{}} {}")]
    [InlineData("{\"id\":\"evt_1\",\"object\":\"event\",\"type\":\"invoice.paid\",\"livemode\":\"no\",\"data\":{}}")]
    [InlineData("{\"id\":\"evt_1\",\"object\":\"event\",\"type\":\"invoice.paid\",\"livemode\":false,\"data\":{\"object\":{\"id\":{}}}}")]
    public void Signed_nonsense_is_malformed(string text)
    {
        var body = Encoding.UTF8.GetBytes(text);

        Assert.Equal(BillingErrorCode.MalformedWebhook, Assert.Throws<BillingException>(() => Signed.Reader().Read(body, Signed.Header(body), Signed.Now)).Code);
    }

    [Theory]
    [InlineData('[', ']')]
    [InlineData('{', '}')]
    public void Deep_JSON_is_malformed_and_does_not_overflow(char open, char close)
    {
        var inner = open == '[' ? new string('[', 10_000) + new string(']', 10_000) : string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string(close, 10_000);
        var body = Signed.Bytes(Signed.InvoicePaid.Replace("\"pending_webhooks\":1", $"\"pending_webhooks\":{inner}", StringComparison.Ordinal));

        Assert.Equal(BillingErrorCode.MalformedWebhook, Assert.Throws<BillingException>(() => Signed.Reader().Read(body, Signed.Header(body), Signed.Now)).Code);
    }

    [Fact]
    public void Invalid_UTF8_is_malformed_wherever_it_stands()
    {
        foreach (var place in (string[])["evt_1", "open", "2026-07-29.dahlia"])
        {
            var body = (byte[])Body.Clone();
            body[Signed.InvoicePaid.IndexOf(place, StringComparison.Ordinal) + 1] = 0xC3;

            Assert.Equal(BillingErrorCode.MalformedWebhook, Assert.Throws<BillingException>(() => Signed.Reader().Read(body, Signed.Header(body), Signed.Now)).Code);
        }
    }

    [Fact]
    public void A_header_without_end_is_refused()
    {
        AssertRefused(Body, Signed.Header(Body) + string.Concat(Enumerable.Repeat($",v1={new string('0', 64)}", 1000)));
        AssertRefused(Body, "t=" + new string('1', 100_000));
    }

    [Fact]
    public void A_refusal_names_no_secret()
    {
        var refusal = Assert.Throws<BillingException>(() => Signed.Reader().Read(Body, Signed.Header(Body, "whsec_other"), Signed.Now));

        Assert.DoesNotContain("of_the_tests", refusal.ToString(), StringComparison.Ordinal);
    }

    private static void AssertRefused(byte[] body, string header) => Assert.Equal(
        BillingErrorCode.InvalidWebhookSignature,
        Assert.Throws<BillingException>(() => { Signed.Reader().Read(body, header, Signed.Now); }).Code);

    // Junk beside an instant and a signature that are whole makes them no worse.
    private static bool IsStillSigned(string altered, string header)
    {
        var parts = altered.Split(',');
        return parts.Count(part => part.StartsWith("t=", StringComparison.Ordinal)) == 1 && Array.TrueForAll(header.Split(','), part => parts.Contains(part, StringComparer.Ordinal));
    }

    private static byte[] Mutate(byte[] original, Random chance)
    {
        var bytes = original.ToList();
        for (var times = chance.Next(1, 4); times > 0; times--)
        {
            var at = chance.Next(bytes.Count);
            switch (chance.Next(5))
            {
                case 0:
                    bytes[at] = (byte)chance.Next(256);
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                case 2:
                    bytes.Insert(at, (byte)chance.Next(256));
                    break;
                case 3:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at - 1, chance.Next(40)));
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, chance.Next(40))));
                    break;
            }
        }

        return [.. bytes];
    }
}
