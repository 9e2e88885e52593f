using System.Globalization;
using System.Runtime.InteropServices;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Queue;

/// <summary>A holder's token: the row, so that it is found by its key, and what was written into it when it was leased.</summary>
/// <param name="Id">The row's id.</param>
/// <param name="Value">The row's token.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LeaseToken(long Id, Guid Value)
{
    public static LeaseToken? Of(JobEntry entry) =>
        entry.LeaseToken?.Split(':') is [var id, var value]
        && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var row)
        && Guid.TryParseExact(value, "N", out var token) ? new(row, token) : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id}:{Value:N}");
}
