namespace SaasBilling.Tests.InMemory.RandomLives;

/// <summary>A life that failed, with all that was done in it.</summary>
internal sealed class LifeException(string message, Exception inner) : Exception(message, inner);
