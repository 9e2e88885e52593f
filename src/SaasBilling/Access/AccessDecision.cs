namespace SaasBilling;

/// <summary>May this customer use a feature now, why (not), until when, and what to do next.</summary>
/// <param name="IsAllowed">Whether the customer may use it.</param>
/// <param name="Reason">Why access as a whole is, or is not, granted.</param>
/// <param name="Until">When the answer will change if nobody does anything, UTC; null: not foreseeable.</param>
/// <param name="Limit">The feature's limit; null: unlimited, or not in the plan.</param>
/// <param name="Used">What the meter with the feature's key counted in this period; null: no such meter.</param>
/// <param name="NextStep">What the customer can do.</param>
public sealed record AccessDecision(bool IsAllowed, AccessReason Reason, DateTimeOffset? Until, long? Limit, long? Used, NextStep NextStep);
