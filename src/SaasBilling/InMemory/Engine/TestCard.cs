namespace SaasBilling.InMemory.Engine;

/// <summary>What happens when a test card is charged.</summary>
internal enum ChargeBehavior
{
    /// <summary>It works.</summary>
    Succeeds,

    /// <summary>It is declined.</summary>
    Declines,

    /// <summary>It waits for the customer, at every charge, and works when they authenticate.</summary>
    AsksEveryTime,

    /// <summary>It waits for the customer until they have authenticated once, then works.</summary>
    AsksOnce,

    /// <summary>It waits for the customer, and is declined although they authenticate.</summary>
    AsksThenDeclines,

    /// <summary>It works, and the customer disputes it afterwards.</summary>
    Disputes,
}

/// <summary>A test card, as Stripe documents it. See https://docs.stripe.com/testing.</summary>
/// <param name="Token">The payment method's name.</param>
/// <param name="Brand">As <see cref="PaymentMethod.Brand"/>.</param>
/// <param name="Last4">The last digits of its number.</param>
/// <param name="AttachDeclineCode">Why it cannot be attached to a customer; null when it can.</param>
/// <param name="Charge">What happens when it is charged.</param>
/// <param name="ChargeDeclineCode">Why a charge is declined; null when none is.</param>
internal sealed record TestCard(string Token, string Brand, string Last4, string? AttachDeclineCode, ChargeBehavior Charge, string? ChargeDeclineCode)
{
    private const int YearsOfValidity = 3;
    private const int MonthsPerYear = 12;

    /// <summary>Whether a card that was attached at an instant no longer works: from the first instant after the month in which it expires.</summary>
    public static bool IsExpired(DateTimeOffset attachedAt, DateTimeOffset now) =>
        (now.Year - attachedAt.Year - YearsOfValidity) * MonthsPerYear + now.Month > attachedAt.Month;

    /// <summary>The card as it is on file when it is attached: it expires with the month of attachment, 3 years later.</summary>
    public PaymentMethod Attach(string id, DateTimeOffset at, bool isDefault)
    {
        var utc = at.ToUniversalTime();
        return new PaymentMethod(id, Brand, Last4, utc.Month, utc.Year + YearsOfValidity, isDefault);
    }
}
