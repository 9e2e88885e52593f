using System.Collections.Frozen;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Documents;

/// <summary>
/// Writes and reads the documents. What a later version adds is ignored by this one, and what an earlier one did not write has its default, so that
/// instances of two versions can share a database while an application is updated.
/// </summary>
internal static class BillingDocuments
{
    // Not source-generated: what a document lacks would be null there instead of its default.
    private static readonly JsonSerializerOptions Options = new()
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        Converters = { new MoneyConverter(), new CurrencyConverter(), new BillingIntervalConverter(), new JsonStringEnumConverter() },

        // The text is stored, not embedded in a page: an umlaut may stay an umlaut.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly FrozenDictionary<string, Type> Events = typeof(BillingEvent).Assembly.GetExportedTypes()
        .Where(type => type.IsSubclassOf(typeof(BillingEvent)) && !type.IsAbstract)
        .ToFrozenDictionary(type => type.Name);

    public static string Write(CustomerState state) => JsonSerializer.Serialize(state, Options);

    public static string Write(Invoice invoice) => JsonSerializer.Serialize(invoice, Options);

    public static string Write(IReadOnlyList<SubscriptionItem> items) => JsonSerializer.Serialize(items, Options);

    /// <exception cref="NotSupportedException">The event is of a type that this package does not know.</exception>
    public static string Write(BillingEvent billingEvent) => Events.GetValueOrDefault(TypeOf(billingEvent)) == billingEvent.GetType()
        ? JsonSerializer.Serialize(billingEvent, billingEvent.GetType(), Options)
        : throw new NotSupportedException($"Events of type {billingEvent.GetType()} cannot be stored: only the events of SaasBilling itself can.");

    public static string TypeOf(BillingEvent billingEvent) => billingEvent.GetType().Name;

    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidState"/>: the document cannot be read.</exception>
    public static CustomerState ReadState(string customerId, string document) =>
        Read(document, typeof(CustomerState), $"The state of customer '{customerId}'") as CustomerState ?? throw Damaged($"The state of customer '{customerId}'", null);

    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidState"/>: the document cannot be read.</exception>
    public static Invoice ReadInvoice(string customerId, string id, string document)
    {
        var what = $"Invoice '{id}' of customer '{customerId}'";
        return Read(document, typeof(Invoice), what) as Invoice ?? throw Damaged(what, null);
    }

    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidState"/>: the document cannot be read, or the event is of a later version's type.</exception>
    public static BillingEvent ReadEvent(string customerId, string id, string type, string document)
    {
        var what = $"Event '{id}' of customer '{customerId}'";
        return Events.TryGetValue(type, out var known)
            ? Read(document, known, what) as BillingEvent ?? throw Damaged(what, null)
            : throw new BillingException(BillingErrorCode.InvalidState, $"{what} is of type '{type}', which this version of SaasBilling does not know. Update every instance of the application to the version that wrote it.");
    }

    private static object? Read(string document, Type type, string what)
    {
        try
        {
            return JsonSerializer.Deserialize(document, type, Options);
        }
        catch (Exception fault) when (fault is JsonException or BillingException or ArgumentException or FormatException or InvalidOperationException)
        {
            throw Damaged(what, fault);
        }
    }

    // What is wrong with it is in the inner exception; the message is shown to people, and the document may hold what they must not see.
    private static BillingException Damaged(string what, Exception? inner) => new(
        BillingErrorCode.InvalidState,
        $"{what} cannot be read from the database: its document is damaged, or was written by a later version of SaasBilling. Restore the row from a backup.",
        inner);
}
