using System.Text.Json;
using System.Text.Json.Serialization;

namespace SaasBilling.EntityFrameworkCore.Documents;

/// <summary>An amount: <c>{"minorUnits":2900,"currency":"USD"}</c>; one that was never set has no currency.</summary>
internal sealed class MoneyConverter : JsonConverter<Money>
{
    public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("An amount is an object.");

        var (minorUnits, currency) = (0L, (string?)null);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var isUnits = reader.ValueTextEquals("minorUnits"u8);
            var isCurrency = reader.ValueTextEquals("currency"u8);
            reader.Read();
            if (isUnits)
                minorUnits = reader.GetInt64();
            else if (isCurrency)
                currency = reader.GetString();
            else
                reader.Skip();
        }

        return currency is null ? default : Money.FromMinorUnits(minorUnits, CurrencyConverter.Known(currency));
    }

    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        if (value.Currency != default)
        {
            writer.WriteNumber("minorUnits"u8, value.MinorUnits);
            writer.WriteString("currency"u8, value.Currency.Code);
        }

        writer.WriteEndObject();
    }
}

/// <summary>A currency: its code; one that was never set: nothing.</summary>
internal sealed class CurrencyConverter : JsonConverter<Currency>
{
    public static Currency Known(string code) =>
        Currency.TryOf(code, out var currency) ? currency : throw new JsonException($"'{code}' is no currency.");

    public override Currency Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { Length: > 0 } code ? Known(code) : default;

    public override void Write(Utf8JsonWriter writer, Currency value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value == default ? "" : value.Code);
}

/// <summary>An interval as people write it: <c>month</c>, <c>3 months</c>; one that was never set: nothing.</summary>
internal sealed class BillingIntervalConverter : JsonConverter<BillingInterval>
{
    public override BillingInterval Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString();
        if (string.IsNullOrEmpty(text))
            return default;
        return BillingInterval.TryParse(text, out var interval) ? interval : throw new JsonException($"'{text}' is no interval.");
    }

    public override void Write(Utf8JsonWriter writer, BillingInterval value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value == default ? "" : value.ToString());
}
