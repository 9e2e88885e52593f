using System.Reflection;
using SaasBilling.InMemory.Engine;

namespace SaasBilling.Tests.InMemory.Engine;

public sealed class TestCardsTests
{
    [Theory]
    [InlineData("pm_card_visa", "4242424242424242", "visa", null, ChargeBehavior.Succeeds, null)]
    [InlineData("pm_card_mastercard", "5555555555554444", "mastercard", null, ChargeBehavior.Succeeds, null)]
    [InlineData("pm_card_amex", "378282246310005", "amex", null, ChargeBehavior.Succeeds, null)]
    [InlineData("pm_card_visa_chargeDeclined", "4000000000000002", "visa", "generic_decline", ChargeBehavior.Declines, "generic_decline")]
    [InlineData("pm_card_visa_chargeDeclinedInsufficientFunds", "4000000000009995", "visa", "insufficient_funds", ChargeBehavior.Declines, "insufficient_funds")]
    [InlineData("pm_card_visa_chargeDeclinedLostCard", "4000000000009987", "visa", "lost_card", ChargeBehavior.Declines, "lost_card")]
    [InlineData("pm_card_visa_chargeDeclinedStolenCard", "4000000000009979", "visa", "stolen_card", ChargeBehavior.Declines, "stolen_card")]
    [InlineData("pm_card_chargeDeclinedExpiredCard", "4000000000000069", "visa", "expired_card", ChargeBehavior.Declines, "expired_card")]
    [InlineData("pm_card_chargeDeclinedIncorrectCvc", "4000000000000127", "visa", "incorrect_cvc", ChargeBehavior.Declines, "incorrect_cvc")]
    [InlineData("pm_card_chargeDeclinedProcessingError", "4000000000000119", "visa", "processing_error", ChargeBehavior.Declines, "processing_error")]
    [InlineData("pm_card_visa_chargeDeclinedVelocityLimitExceeded", "4000000000006975", "visa", "card_velocity_exceeded", ChargeBehavior.Declines, "card_velocity_exceeded")]
    [InlineData("pm_card_chargeCustomerFail", "4000000000000341", "visa", null, ChargeBehavior.Declines, "generic_decline")]
    [InlineData("pm_card_authenticationRequiredOnSetup", "4000002500003155", "visa", null, ChargeBehavior.AsksOnce, null)]
    [InlineData("pm_card_authenticationRequired", "4000002760003184", "visa", null, ChargeBehavior.AsksEveryTime, null)]
    [InlineData("pm_card_threeDSecure2Required", "4000000000003220", "visa", null, ChargeBehavior.AsksEveryTime, null)]
    [InlineData("pm_card_threeDSecureRequiredChargeDeclined", "4000008400001629", "visa", null, ChargeBehavior.AsksThenDeclines, "generic_decline")]
    [InlineData("pm_card_threeDSecureOptional", "4000000000003055", "visa", null, ChargeBehavior.Succeeds, null)]
    [InlineData("pm_card_createDispute", "4000000000000259", "visa", null, ChargeBehavior.Disputes, null)]
    [InlineData("pm_card_radarBlock", "4100000000000019", "visa", null, ChargeBehavior.Declines, "highest_risk_level")]
    internal void Find_ByTokenOrNumber_IsTheCardOfStripesTestingPage(string token, string number, string brand, string? attachDeclineCode, ChargeBehavior charge, string? chargeDeclineCode)
    {
        var expected = new TestCard(token, brand, number[^4..], attachDeclineCode, charge, chargeDeclineCode);

        Assert.Equal(expected, TestCards.Find(token));
        Assert.Equal(expected, TestCards.Find(number));
    }

    [Theory]
    [InlineData("4242 4242 4242 4242")]
    [InlineData("4242-4242-4242-4242")]
    [InlineData(" 4242424242424242 ")]
    public void Find_NumberAsACustomerWritesIt_IsFound(string number) => Assert.Equal(TestPaymentMethods.Visa, TestCards.Find(number).Token);

    [Fact]
    public void Find_NumberWithAWrongCheckDigit_IsACardThatIsRefusedAsIncorrect() =>
        Assert.Equal("incorrect_number", TestCards.Find("4242424242424241").AttachDeclineCode);

    [Fact]
    public void Every_public_test_payment_method_is_known()
    {
        var tokens = typeof(TestPaymentMethods).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!).ToList();

        Assert.Equal(18, tokens.Count);
        Assert.All(tokens, token => Assert.Equal(token, TestCards.Find(token).Token));
    }

    [Fact]
    public void Find_UnknownToken_NamesTheKnownOnes()
    {
        var refusal = Assert.Throws<BillingException>(() => TestCards.Find("pm_card_visaa"));

        Assert.Equal(BillingErrorCode.UnknownPaymentMethod, refusal.Code);
        Assert.Equal(
            "The in-memory provider knows no payment method 'pm_card_visaa'. Use one of 'pm_card_visa', 'pm_card_mastercard', 'pm_card_amex', "
            + "'pm_card_visa_chargeDeclined', 'pm_card_visa_chargeDeclinedInsufficientFunds', 'pm_card_visa_chargeDeclinedLostCard', "
            + "'pm_card_visa_chargeDeclinedStolenCard', 'pm_card_chargeDeclinedExpiredCard', 'pm_card_chargeDeclinedIncorrectCvc', "
            + "'pm_card_chargeDeclinedProcessingError', 'pm_card_visa_chargeDeclinedVelocityLimitExceeded', 'pm_card_chargeCustomerFail', "
            + "'pm_card_authenticationRequiredOnSetup', 'pm_card_authenticationRequired', 'pm_card_threeDSecure2Required', "
            + "'pm_card_threeDSecureRequiredChargeDeclined', 'pm_card_threeDSecureOptional', 'pm_card_createDispute', 'pm_card_radarBlock', "
            + "or the test number of one of them.",
            refusal.Message);
    }

    [Theory]
    [InlineData("4111111111111111")]
    [InlineData("card 4111 1111 1111 1111")]
    public void Find_UnknownNumber_KeepsItOutOfTheMessage(string number)
    {
        var refusal = Assert.Throws<BillingException>(() => TestCards.Find(number));

        Assert.StartsWith("The in-memory provider knows no card with this number. Use one of 'pm_card_visa', ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("1111", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void Find_Nothing_IsRefused(string? token) => Assert.ThrowsAny<ArgumentException>(() => TestCards.Find(token!));

    [Theory]
    [InlineData("2026-01-31T23:59:59+00:00", 1, 2029)]
    [InlineData("2024-02-29T00:00:00+00:00", 2, 2027)]
    [InlineData("2026-12-31T23:30:00-02:00", 1, 2030)]
    public void Attach_AtAnInstant_ExpiresWithItsMonthInUtcThreeYearsLater(string at, int month, int year)
    {
        var attached = TestCards.Find(TestPaymentMethods.Visa).Attach("pm_000001", DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture), isDefault: true);

        Assert.Equal(new PaymentMethod("pm_000001", "visa", "4242", month, year, IsDefault: true), attached);
    }
}
