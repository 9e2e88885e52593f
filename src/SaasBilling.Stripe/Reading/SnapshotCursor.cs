using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SaasBilling.Providers;

namespace SaasBilling.Stripe.Reading;

/// <summary>
/// What of a snapshot is new? Stripe has no revisions, so that a cursor is a fingerprint of each thing that was told; invoices of years past have one a
/// year, since they hardly change and there are many. What has another fingerprint is told again. Pure.
/// </summary>
internal static class SnapshotCursor
{
    private const int NameBytes = 4;
    private const int EntryBytes = 12;
    private const string Cards = "cards";
    private const string Charges = "charges";

    /// <summary>The snapshot with its cursor, and without what the earlier cursor shows to have been told.</summary>
    /// <param name="whole">The present.</param>
    /// <param name="earlier">The cursor that is gone on from; null: everything is told.</param>
    public static CustomerSnapshot Apply(CustomerSnapshot whole, string? earlier)
    {
        // Texts of records follow the culture of whoever asks; fingerprints must not.
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            var present = EntriesOf(whole);
            var cursor = Write(present);
            if (earlier is null || Read(earlier) is not { } known)
                return whole with { Cursor = cursor };

            return whole with
            {
                Cursor = cursor,
                Since = earlier,
                Subscriptions = [.. whole.Subscriptions.Where(subscription => IsNew(subscription.Id))],
                Invoices = [.. whole.Invoices.Where(invoice => IsNew(NameOf(invoice, whole.ObservedAt)))],
                PaymentMethods = IsNew(Cards) ? whole.PaymentMethods : null,
                PendingCharges = IsNew(Charges) ? whole.PendingCharges : null,
            };

            bool IsNew(string name)
            {
                var hash = HashOf(name);
                return !known.TryGetValue(hash, out var before) || before != present[hash];
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static SortedDictionary<uint, ulong> EntriesOf(CustomerSnapshot whole)
    {
        var texts = new Dictionary<string, StringBuilder>(StringComparer.Ordinal);
        foreach (var subscription in whole.Subscriptions)
            Of(subscription.Id).Append(subscription);
        foreach (var invoice in whole.Invoices)
            Of(NameOf(invoice, whole.ObservedAt)).Append(invoice);
        foreach (var method in (whole.PaymentMethods ?? []).OrderBy(method => method.Id, StringComparer.Ordinal))
            Of(Cards).Append(method);
        foreach (var charge in (whole.PendingCharges ?? []).OrderBy(charge => charge.Id, StringComparer.Ordinal))
            Of(Charges).Append(charge);
        Of(Cards);
        Of(Charges);

        var entries = new SortedDictionary<uint, ulong>();
        foreach (var (name, text) in texts)
        {
            // Two names of one fingerprint are told together.
            var hash = HashOf(name);
            entries[hash] = entries.GetValueOrDefault(hash) ^ BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
        }

        return entries;

        StringBuilder Of(string name)
        {
            if (!texts.TryGetValue(name, out var text))
                texts.Add(name, text = new StringBuilder());
            return text;
        }
    }

    private static string NameOf(Invoice invoice, DateTimeOffset now) =>
        invoice.CreatedAt.Year < now.Year - 1 ? string.Create(CultureInfo.InvariantCulture, $"year {invoice.CreatedAt.Year}") : invoice.Id;

    private static uint HashOf(string name) => BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    private static string Write(SortedDictionary<uint, ulong> entries)
    {
        var bytes = new byte[entries.Count * EntryBytes];
        var at = bytes.AsSpan();
        foreach (var (name, content) in entries)
        {
            BinaryPrimitives.WriteUInt32BigEndian(at, name);
            BinaryPrimitives.WriteUInt64BigEndian(at[NameBytes..], content);
            at = at[EntryBytes..];
        }

        return Convert.ToBase64String(bytes);
    }

    /// <returns>Null: not a cursor of ours.</returns>
    private static Dictionary<uint, ulong>? Read(string cursor)
    {
        var bytes = new byte[cursor.Length];
        if (!Convert.TryFromBase64String(cursor, bytes, out var length) || length % EntryBytes != 0)
            return null;

        var entries = new Dictionary<uint, ulong>();
        for (var at = 0; at < length; at += EntryBytes)
            entries[BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at))] = BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(at + NameBytes));
        return entries;
    }
}
