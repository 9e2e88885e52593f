using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Reflection;
using System.Text.Json;

namespace SaasBilling.Faults.Remote;

/// <summary>Lets other processes call the methods of an object by their names. A call that has come is done, whether or not its caller lives to be answered.</summary>
internal sealed class RemoteServer : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly object _target;
    private readonly Dictionary<string, MethodInfo> _methods;

    /// <param name="path">The socket.</param>
    /// <param name="target">Who answers.</param>
    /// <param name="contract">The interface that can be called.</param>
    public RemoteServer(string path, object target, Type contract)
    {
        _target = target;
        _methods = contract.GetMethods().Where(method => !method.IsSpecialName).ToDictionary(method => method.Name);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen(256);
        _ = AcceptAsync();
    }

    /// <summary>How often each method was called, by its name and its first argument.</summary>
    public ConcurrentDictionary<string, int> Calls { get; } = new();

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync();
            }
            catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
            {
                return;
            }

            _ = Task.Run(() => ServeAsync(socket));
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var wire = new Wire(socket);
        try
        {
            while (await wire.ReadAsync() is { } line)
                await wire.WriteAsync(JsonSerializer.Serialize(await AnswerAsync(line), Wire.Json));
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException)
        {
            // The caller was killed.
        }
    }

    private async Task<WireAnswer> AnswerAsync(string line)
    {
        try
        {
            var call = JsonSerializer.Deserialize<WireCall>(line, Wire.Json)!;
            var method = _methods[call.Method];
            Calls.AddOrUpdate($"{call.Method} {call.Arguments[0]}", 1, static (_, count) => count + 1);
            var next = 0;
            var arguments = Array.ConvertAll(method.GetParameters(), parameter => parameter.ParameterType == typeof(CancellationToken)
                ? CancellationToken.None
                : call.Arguments[next++].Deserialize(parameter.ParameterType, Wire.Json));
            var result = method.Invoke(_target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
            if (result is IAsyncEnumerable<string> texts)
                return new WireAnswer(JsonSerializer.SerializeToElement(await texts.ToListAsync(), Wire.Json));

            var task = (Task)result!;
            await task;
            if (method.ReturnType == typeof(Task))
                return new WireAnswer(null);
            var value = task.GetType().GetProperty("Result")!.GetValue(task);
            return new WireAnswer(JsonSerializer.SerializeToElement(value, method.ReturnType.GetGenericArguments()[0], Wire.Json));
        }
        catch (BillingException refused)
        {
            return new WireAnswer(null) { Code = refused.Code, Error = refused.Message, DeclineCode = refused.DeclineCode };
        }
        catch (Exception fault)
        {
            return new WireAnswer(null) { Error = fault.ToString() };
        }
    }
}
