namespace SaasBilling;

/// <summary>
/// Misuse and outages. A declined card is not an exception: it comes back as state (a subscription's status and its pending payment).
/// The message says what to do next, and carries no secret and no card data.
/// </summary>
/// <param name="code">Why the call was refused.</param>
/// <param name="message">What is wrong, and what to do about it.</param>
/// <param name="inner">The cause, if another exception was.</param>
public class BillingException(BillingErrorCode code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Why the call was refused.</summary>
    public BillingErrorCode Code { get; } = code;

    /// <summary>With <see cref="BillingErrorCode.ProviderRejected"/>: the card network's reason, such as <c>insufficient_funds</c>; otherwise null.</summary>
    public string? DeclineCode { get; init; }
}
