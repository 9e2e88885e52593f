using System.Collections.Frozen;

namespace SaasBilling.InMemory.Engine;

/// <summary>The cards that the engine knows, by token and by number. The numbers and what they do are Stripe's: https://docs.stripe.com/testing.</summary>
internal static class TestCards
{
    private const int ShortestCardNumber = 12;

    // Stripe has no payment method of this name: the number itself is refused, so there is nothing that could be attached.
    private static readonly TestCard IncorrectNumber = new("4242424242424241", "visa", "4241", "incorrect_number", ChargeBehavior.Declines, "incorrect_number");

    private static readonly (TestCard Card, string Number)[] Known =
    [
        (Working(TestPaymentMethods.Visa, "visa", "4242"), "4242424242424242"),
        (Working(TestPaymentMethods.Mastercard, "mastercard", "4444"), "5555555555554444"),
        (Working(TestPaymentMethods.Amex, "amex", "0005"), "378282246310005"),
        (Rejected(TestPaymentMethods.Declined, "0002", "generic_decline"), "4000000000000002"),
        (Rejected(TestPaymentMethods.InsufficientFunds, "9995", "insufficient_funds"), "4000000000009995"),
        (Rejected(TestPaymentMethods.LostCard, "9987", "lost_card"), "4000000000009987"),
        (Rejected(TestPaymentMethods.StolenCard, "9979", "stolen_card"), "4000000000009979"),
        (Rejected(TestPaymentMethods.ExpiredCard, "0069", "expired_card"), "4000000000000069"),
        (Rejected(TestPaymentMethods.IncorrectCvc, "0127", "incorrect_cvc"), "4000000000000127"),
        (Rejected(TestPaymentMethods.ProcessingError, "0119", "processing_error"), "4000000000000119"),
        (Rejected("pm_card_visa_chargeDeclinedVelocityLimitExceeded", "6975", "card_velocity_exceeded"), "4000000000006975"),
        (Visa(TestPaymentMethods.DeclinedAfterAttaching, "0341", ChargeBehavior.Declines, "generic_decline"), "4000000000000341"),
        (Visa(TestPaymentMethods.RequiresAuthenticationOnce, "3155", ChargeBehavior.AsksOnce), "4000002500003155"),
        (Visa(TestPaymentMethods.RequiresAuthentication, "3184", ChargeBehavior.AsksEveryTime), "4000002760003184"),
        (Visa(TestPaymentMethods.ThreeDSecure2Required, "3220", ChargeBehavior.AsksEveryTime), "4000000000003220"),
        (Visa(TestPaymentMethods.ThreeDSecureThenDeclined, "1629", ChargeBehavior.AsksThenDeclines, "generic_decline"), "4000008400001629"),
        (Visa(TestPaymentMethods.ThreeDSecureOptional, "3055", ChargeBehavior.Succeeds), "4000000000003055"),
        (Visa(TestPaymentMethods.Disputed, "0259", ChargeBehavior.Disputes), "4000000000000259"),
        (Visa(TestPaymentMethods.Blocked, "0019", ChargeBehavior.Declines, "highest_risk_level"), "4100000000000019"),
    ];

    private static readonly FrozenDictionary<string, TestCard> ByTokenOrNumber = Known
        .SelectMany(known => new[] { KeyValuePair.Create(known.Card.Token, known.Card), KeyValuePair.Create(known.Number, known.Card) })
        .Append(KeyValuePair.Create(IncorrectNumber.Token, IncorrectNumber))
        .ToFrozenDictionary();

    /// <summary>Every card that has a token of its own, in the order in which they are documented.</summary>
    public static IEnumerable<TestCard> All => Known.Select(known => known.Card);

    /// <summary>The card with this token, or with this number as a customer writes it into a form (spaces and hyphens do not count).</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.UnknownPaymentMethod"/>: there is none; the message names the tokens that there are.</exception>
    public static TestCard Find(string tokenOrCardNumber)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tokenOrCardNumber);
        var digits = DigitsOf(tokenOrCardNumber);
        if (ByTokenOrNumber.TryGetValue(tokenOrCardNumber, out var card) || (digits is not null && IsNumber(tokenOrCardNumber) && ByTokenOrNumber.TryGetValue(digits, out card)))
            return card;

        // What might be a real card number never reaches a message or a log.
        var what = digits is null ? $"payment method '{tokenOrCardNumber}'" : "card with this number";
        throw new BillingException(
            BillingErrorCode.UnknownPaymentMethod,
            $"The in-memory provider knows no {what}. Use one of {string.Join(", ", All.Select(known => $"'{known.Token}'"))}, or the test number of one of them.");
    }

    private static bool IsNumber(string text) => text.All(character => char.IsAsciiDigit(character) || character is ' ' or '-');

    // Null when there are too few for a card number.
    private static string? DigitsOf(string text)
    {
        var digits = text.Where(char.IsAsciiDigit).ToArray();
        return digits.Length >= ShortestCardNumber ? new string(digits) : null;
    }

    private static TestCard Working(string token, string brand, string last4) => new(token, brand, last4, null, ChargeBehavior.Succeeds, null);

    private static TestCard Rejected(string token, string last4, string declineCode) => new(token, "visa", last4, declineCode, ChargeBehavior.Declines, declineCode);

    private static TestCard Visa(string token, string last4, ChargeBehavior charge, string? declineCode = null) => new(token, "visa", last4, null, charge, declineCode);
}
