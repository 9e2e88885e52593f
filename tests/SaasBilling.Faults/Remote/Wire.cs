using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using SaasBilling.EntityFrameworkCore.Documents;

namespace SaasBilling.Faults.Remote;

/// <summary>One line of JSON there, one line of JSON back, over a Unix socket.</summary>
internal sealed class Wire(Socket socket) : IDisposable
{
    public static readonly JsonSerializerOptions Json = new()
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        IgnoreReadOnlyProperties = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new MoneyConverter(), new CurrencyConverter(), new BillingIntervalConverter(), new JsonStringEnumConverter() },
    };

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly StreamReader _reader = new(new NetworkStream(socket), Utf8);
    private readonly StreamWriter _writer = new(new NetworkStream(socket), Utf8) { AutoFlush = true };

    public static async Task<Wire> ConnectAsync(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
            return new Wire(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public Task<string?> ReadAsync() => _reader.ReadLineAsync();

    public Task WriteAsync(string line) => _writer.WriteLineAsync(line);

    public void Dispose() => socket.Dispose();
}

/// <summary>A call.</summary>
/// <param name="Method">The method's name.</param>
/// <param name="Arguments">Its arguments but the cancellation token.</param>
internal sealed record WireCall(string Method, IReadOnlyList<JsonElement> Arguments);

/// <summary>What became of a call.</summary>
/// <param name="Result">What it returned.</param>
internal sealed record WireAnswer(JsonElement? Result)
{
    public BillingErrorCode? Code { get; init; }

    public string? Error { get; init; }

    public string? DeclineCode { get; init; }
}
