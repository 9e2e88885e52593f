namespace SaasBilling.Storage;

/// <summary>The place of an item in a list: by instant, then by <paramref name="Owner"/>, then by <paramref name="Id"/>.</summary>
/// <param name="At">The instant that the list is in the order of, UTC; the same for all where it is in the order of ids alone.</param>
/// <param name="Owner">The customer's id; of jobs and webhooks, the job's key.</param>
/// <param name="Id">What is unique within the owner; empty where the owner is unique.</param>
public sealed record ListPosition(DateTimeOffset At, string Owner, string Id);
