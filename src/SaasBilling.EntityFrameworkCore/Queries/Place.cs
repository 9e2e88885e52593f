using SaasBilling.EntityFrameworkCore.Model;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Queries;

/// <summary>A row of a list, with its place: what an index is in the order of.</summary>
internal sealed class Placed
{
    public UtcInstant At { get; init; }

    public required string Owner { get; init; }

    public required string Id { get; init; }

    public required string Data { get; init; }

    public ListPosition Position => new(At, Owner, Id);
}

/// <summary>Goes on after a place.</summary>
internal static class Place
{
    /// <summary>The rows after a place, in the order of their places. The first condition of each is what an index is searched by.</summary>
    public static IQueryable<Placed> After(IQueryable<Placed> rows, ListPosition? after, bool descending)
    {
        if (after is not null)
        {
            UtcInstant at = after.At;
            var (owner, id) = (after.Owner, after.Id);
            rows = descending
                ? rows.Where(row => row.At <= at && (row.At < at || string.Compare(row.Owner, owner) < 0 || (row.Owner == owner && string.Compare(row.Id, id) < 0)))
                : rows.Where(row => row.At >= at && (row.At > at || string.Compare(row.Owner, owner) > 0 || (row.Owner == owner && string.Compare(row.Id, id) > 0)));
        }

        return descending
            ? rows.OrderByDescending(row => row.At).ThenByDescending(row => row.Owner).ThenByDescending(row => row.Id)
            : rows.OrderBy(row => row.At).ThenBy(row => row.Owner).ThenBy(row => row.Id);
    }
}
