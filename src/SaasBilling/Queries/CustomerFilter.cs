using SaasBilling.Storage;

namespace SaasBilling;

/// <summary>Which customers; all conditions that are set must hold.</summary>
public sealed record CustomerFilter
{
    /// <summary>Whose id begins with this, or whose e-mail address does; upper and lower case count in ids, not in addresses.</summary>
    public string? Search { get; init; }

    /// <summary>Who has a subscription in this status.</summary>
    public SubscriptionStatus? Status { get; init; }

    /// <summary>Who has a subscription of this plan; with <see cref="Status"/>, of this plan in this status.</summary>
    public string? PlanKey { get; init; }

    /// <summary>Who was deleted, or was not.</summary>
    public bool? IsDeleted { get; init; }

    /// <summary>An e-mail address as it is compared: in lower case, without spaces around it.</summary>
    /// <param name="email">The address, or its beginning.</param>
    public static string NormalizeEmail(string email)
    {
        ArgumentNullException.ThrowIfNull(email);
        return email.Trim().ToLowerInvariant();
    }

    /// <summary>The customer's place in the list, which is in the order of ids.</summary>
    /// <param name="customerId">The application's id.</param>
    public static ListPosition PositionOf(string customerId) => new(default, customerId, "");

    /// <summary>Whether a customer is one of those.</summary>
    /// <param name="state">What is known of the customer.</param>
    public bool Matches(CustomerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var customer = state.Customer;
        return (IsDeleted is null || IsDeleted == customer.DeletedAt is not null)
            && (Search is null || IsFound(customer, Search))
            && ((Status is null && PlanKey is null) || state.Subscriptions.Any(HasStatusAndPlan));
    }

    private static bool IsFound(Customer customer, string search) =>
        customer.Id.StartsWith(search, StringComparison.Ordinal)
        || (customer.Email is { } email && NormalizeEmail(email).StartsWith(NormalizeEmail(search), StringComparison.Ordinal));

    private bool HasStatusAndPlan(Subscription subscription) =>
        (Status is null || subscription.Status == Status) && (PlanKey is null || subscription.PlanKey == PlanKey);
}
