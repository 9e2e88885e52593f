namespace SaasBilling.Providers;

/// <summary>A provider that can tell which customers changed since an earlier time.</summary>
public interface IChangeFeedProvider
{
    /// <summary>Who changed. It may name customers who did not; it may leave out nobody who did.</summary>
    /// <param name="cursor">The <see cref="ProviderChanges.Cursor"/> of an earlier answer; null: there is none, and only where to go on from is asked for.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<ProviderChanges> ReadChangesAsync(string? cursor, CancellationToken cancellationToken);
}

/// <summary>Which customers changed.</summary>
/// <param name="Cursor">Where the next answer goes on: what changes from now on is told from there. Printable ASCII.</param>
/// <param name="CustomerIds">The application's ids; null: the provider cannot tell from this cursor, because it is too old, is none of its own, or is null.</param>
public sealed record ProviderChanges(string Cursor, IReadOnlyCollection<string>? CustomerIds);
