namespace SaasBilling;

/// <summary>A part of a list.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Items">At most as many as were asked for, in the list's order.</param>
/// <param name="Next">Where the list goes on: pass it, with the same filter, for the next page. Null: this was the last one.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
