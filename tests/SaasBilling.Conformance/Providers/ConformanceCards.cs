namespace SaasBilling.Conformance.Providers;

/// <summary>Tokens of the cards that the provider suite uses, by what they do.</summary>
public sealed record ConformanceCards
{
    /// <summary>Attaches, and every charge works.</summary>
    public string Works { get; init; } = TestPaymentMethods.Visa;

    /// <summary>Another card that attaches, and of which every charge works.</summary>
    public string AlsoWorks { get; init; } = TestPaymentMethods.Mastercard;

    /// <summary>Cannot be attached, with the decline code <see cref="RejectedDeclineCode"/>.</summary>
    public string Rejected { get; init; } = TestPaymentMethods.InsufficientFunds;

    /// <summary>Why <see cref="Rejected"/> cannot be attached.</summary>
    public string RejectedDeclineCode { get; init; } = "insufficient_funds";

    /// <summary>Attaches, and every charge is declined softly: a later retry is made.</summary>
    public string Declines { get; init; } = TestPaymentMethods.DeclinedAfterAttaching;

    /// <summary>Attaches, and every charge is declined for a reason for which cards are not tried again (see https://docs.stripe.com/billing/revenue-recovery/smart-retries).</summary>
    public string DeclinesForGood { get; init; } = TestPaymentMethods.Blocked;

    /// <summary>Attaches, and every charge waits for the customer to authenticate.</summary>
    public string AsksEveryTime { get; init; } = TestPaymentMethods.RequiresAuthentication;

    /// <summary>Attaches, asks the customer at the first charge, then works without asking.</summary>
    public string AsksOnce { get; init; } = TestPaymentMethods.RequiresAuthenticationOnce;

    /// <summary>Attaches, charges, and the customer disputes the charge.</summary>
    public string Disputed { get; init; } = TestPaymentMethods.Disputed;
}
