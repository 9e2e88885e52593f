namespace SaasBilling;

/// <summary>How the business does, from the movements that were written with every change.</summary>
public interface IBillingReports
{
    /// <summary>Revenue of the time [<paramref name="from"/>, <paramref name="to"/>).</summary>
    /// <param name="from">The start, UTC, inclusive.</param>
    /// <param name="to">The end, UTC, exclusive.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidArgument"/>: <paramref name="to"/> is before <paramref name="from"/>.</exception>
    Task<RevenueReport> GetRevenueAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken = default);
}
