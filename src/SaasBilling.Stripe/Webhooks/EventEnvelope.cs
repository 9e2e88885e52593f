using System.Text.Json;
using System.Text.Unicode;

namespace SaasBilling.Stripe.Webhooks;

/// <summary>What a webhook is about, and nothing of what it says: one pass over the bytes, no tree.</summary>
/// <param name="EventId">Stripe's id of the event.</param>
/// <param name="Type">What happened; null: nothing that changes anything here.</param>
/// <param name="IsLive">Whether it is of live mode.</param>
/// <param name="ObjectId">What it happened to; null where it has no id yet.</param>
/// <param name="CustomerId">Stripe's id of the customer; null where none is named.</param>
internal readonly record struct EventEnvelope(string EventId, string? Type, bool IsLive, string? ObjectId, string? CustomerId)
{
    private const int LongestText = 255;
    private const int Deepest = 64;

    /// <exception cref="BillingException"><see cref="BillingErrorCode.MalformedWebhook"/>.</exception>
    public static EventEnvelope Read(ReadOnlySpan<byte> body)
    {
        // Texts that are skipped would not be looked at otherwise.
        if (!Utf8.IsValid(body))
            throw Malformed("is not UTF-8");

        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = Deepest });
        try
        {
            return new EnvelopeReader().Read(ref reader);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw Malformed("is not JSON of the form that events have", fault);
        }
    }

    internal static BillingException Malformed(string what, Exception? fault = null) => new(
        BillingErrorCode.MalformedWebhook,
        $"The webhook is signed, but its body {what}. Nothing was stored; Stripe sends it again.",
        fault);

    /// <summary>The members as they come.</summary>
    private ref struct EnvelopeReader
    {
        private string? _id;
        private string? _type;
        private bool _hasType;
        private bool? _live;
        private bool _isEvent;
        private bool _hasData;
        private string? _objectId;
        private string? _kind;
        private string? _customer;
        private string? _formerCustomer;

        public EventEnvelope Read(ref Utf8JsonReader reader)
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                throw Malformed("is no object");

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                ReadMember(ref reader);
            if (reader.Read())
                throw Malformed("goes on after its end");
            if (!_isEvent || _id is null || !_hasType || _live is null)
                throw Malformed("lacks 'object', 'id', 'type' or 'livemode'");

            return new EventEnvelope(_id, _type, _live.Value, _objectId, _kind == "customer" ? _objectId : _customer ?? _formerCustomer);
        }

        private void ReadMember(ref Utf8JsonReader reader)
        {
            if (reader.ValueTextEquals("id"u8))
                _id = Once(_id, Text(ref reader));
            else if (reader.ValueTextEquals("object"u8))
                _isEvent = IsEvent(ref reader);
            else if (reader.ValueTextEquals("type"u8))
                ReadType(ref reader);
            else if (reader.ValueTextEquals("livemode"u8))
                ReadMode(ref reader);
            else if (reader.ValueTextEquals("data"u8))
                ReadData(ref reader);
            else
                Skip(ref reader);
        }

        private static bool IsEvent(ref Utf8JsonReader reader) =>
            reader.Read() && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("event"u8) ? true : throw Malformed("is no event");

        private void ReadType(ref Utf8JsonReader reader)
        {
            if (_hasType || !reader.Read() || reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > LongestText)
                throw Malformed("has no type, or two");

            Span<char> text = stackalloc char[LongestText];
            _type = EventTypes.Find(text[..reader.CopyString(text)]);
            _hasType = true;
        }

        private void ReadMode(ref Utf8JsonReader reader)
        {
            if (_live is not null || !reader.Read() || reader.TokenType is not (JsonTokenType.True or JsonTokenType.False))
                throw Malformed("does not say its mode, or says it twice");
            _live = reader.GetBoolean();
        }

        private void ReadData(ref Utf8JsonReader reader)
        {
            if (_hasData || !reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                throw Malformed("has no data, or twice");

            _hasData = true;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("object"u8))
                    ReadObject(ref reader);
                else if (reader.ValueTextEquals("previous_attributes"u8))
                    ReadFormer(ref reader);
                else
                    Skip(ref reader);
            }
        }

        private void ReadObject(ref Utf8JsonReader reader)
        {
            if (_kind is not null || _objectId is not null || !reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                throw Malformed("has no object in its data, or two");

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("id"u8))
                    _objectId = Once(_objectId, Text(ref reader));
                else if (reader.ValueTextEquals("object"u8))
                    _kind = Once(_kind, Kind(ref reader));
                else if (reader.ValueTextEquals("customer"u8))
                    _customer = Once(_customer, TextOrId(ref reader));
                else
                    Skip(ref reader);
            }
        }

        // A card that was detached no longer names its customer, but what it was before does.
        private void ReadFormer(ref Utf8JsonReader reader)
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return;

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("customer"u8))
                    _formerCustomer = Once(_formerCustomer, TextOrId(ref reader));
                else
                    Skip(ref reader);
            }
        }

        private static string? Kind(ref Utf8JsonReader reader)
        {
            reader.Read();
            return reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("customer"u8) ? "customer" : "other";
        }

        private static string? TextOrId(ref Utf8JsonReader reader)
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                return Value(ref reader);

            string? id = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("id"u8))
                    id = Once(id, Text(ref reader));
                else
                    Skip(ref reader);
            }

            return id;
        }

        private static string? Text(ref Utf8JsonReader reader)
        {
            reader.Read();
            return Value(ref reader);
        }

        private static string? Value(ref Utf8JsonReader reader)
        {
            if (reader.TokenType == JsonTokenType.Null)
                return null;
            return reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length is > 0 and <= LongestText
                ? reader.GetString()
                : throw Malformed("has an id that is none");
        }

        // Of two members of one name nobody knows which one is meant.
        private static string? Once(string? before, string? now) => before is null ? now : throw Malformed("has a member twice");

        private static void Skip(ref Utf8JsonReader reader)
        {
            reader.Read();
            reader.Skip();
        }
    }
}
