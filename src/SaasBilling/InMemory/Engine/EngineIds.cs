using System.Globalization;

namespace SaasBilling.InMemory.Engine;

/// <summary>Public ids are made of numbers when somebody looks, so that none is stored: <c>in_12_3</c> is the third invoice of the twelfth customer.</summary>
internal static class EngineIds
{
    internal const string SubscriptionKind = "sub";
    internal const string InvoiceKind = "in";
    internal const string CardKind = "pm";
    private const string PrefixCharacters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private const int PrefixLength = 8;
    private const int LongestId = 48;

    internal static string Subscription(EngineCustomer customer, int number) =>
        Make(SubscriptionKind, customer, number);

    internal static string Item(EngineCustomer customer, int subscription, int number) =>
        string.Create(CultureInfo.InvariantCulture, stackalloc char[LongestId], $"si_{customer.Number}_{subscription}_{number}");

    internal static string Invoice(EngineCustomer customer, int number) => Make(InvoiceKind, customer, number);

    internal static string Card(EngineCustomer customer, int number) => Make(CardKind, customer, number);

    internal static string Pending(EngineCustomer customer, int number) => Make("ii", customer, number);

    internal static string Failure(EngineCustomer customer, int invoice, int index) =>
        string.Create(CultureInfo.InvariantCulture, stackalloc char[LongestId], $"ch_{customer.Number}_{invoice}_{index + 1}");

    internal static string Refund(EngineCustomer customer, int invoice, int index) =>
        string.Create(CultureInfo.InvariantCulture, stackalloc char[LongestId], $"re_{customer.Number}_{invoice}_{index + 1}");

    /// <summary>The running number of one of the customer's ids of this kind; 0 when it is not one.</summary>
    internal static int NumberOf(EngineCustomer customer, string kind, string id)
    {
        var last = id.LastIndexOf('_');
        var first = id.IndexOf('_', StringComparison.Ordinal);
        return last > first && first > 0 && id.AsSpan(0, first).SequenceEqual(kind)
            && int.TryParse(id.AsSpan(first + 1, last - first - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var owner) && owner == customer.Number
            && int.TryParse(id.AsSpan(last + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : 0;
    }

    /// <summary>The public number of a finalized invoice: a prefix that depends on the customer's id only, and a running number.</summary>
    internal static string? InvoiceNumber(EngineCustomer customer, int serial)
    {
        if (serial == 0)
            return null;

        Span<char> prefix = stackalloc char[PrefixLength];
        var hash = customer.NumberPrefix;
        foreach (ref var character in prefix)
        {
            character = PrefixCharacters[(int)(hash & 31)];
            hash >>= 5;
        }

        return string.Create(CultureInfo.InvariantCulture, stackalloc char[LongestId], $"{prefix}-{serial:D4}");
    }

    /// <summary>What our own payment page needs to show an invoice; depends on the customer and the invoice only.</summary>
    internal static string ClientSecret(EngineCustomer customer, string invoiceId) =>
        string.Create(CultureInfo.InvariantCulture, $"{invoiceId}_secret_{Hash(customer.Id + "/" + invoiceId):x16}");

    private static string Make(string kind, EngineCustomer customer, int number) =>
        string.Create(CultureInfo.InvariantCulture, stackalloc char[LongestId], $"{kind}_{customer.Number}_{number}");

    // FNV-1a, then mixed: the same in every process, unlike string.GetHashCode.
    internal static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in text)
            hash = (hash ^ character) * 1099511628211UL;

        hash ^= hash >> 33;
        hash *= 0xff51afd7ed558ccdUL;
        return hash ^ (hash >> 33);
    }
}
