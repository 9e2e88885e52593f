namespace SaasBilling.Tests.ModelBased;

/// <summary>A life that failed, with all that was done in it.</summary>
internal sealed class BrokenLifeException(string message, Exception inner) : Exception(message, inner);
