using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Reflection;
using System.Text.Json;

namespace SaasBilling.Faults.Remote;

/// <summary>Calls an interface of another process. Every method returns a task; a process that dies in the middle is an <see cref="IOException"/>.</summary>
public class RemoteCalls : DispatchProxy
{
    private static readonly MethodInfo CallMethod = typeof(RemoteCalls).GetMethod(nameof(ConvertAsync), BindingFlags.Instance | BindingFlags.NonPublic)!;

    private readonly ConcurrentBag<Wire> _free = [];
    private string? _path;

    /// <summary>The interface, at a socket.</summary>
    public static T At<T>(string path)
        where T : class => At<T, RemoteCalls>(path);

    /// <summary>The interface, at a socket, some of whose members the proxy answers itself.</summary>
    protected static T At<T, TProxy>(string path)
        where T : class
        where TProxy : RemoteCalls
    {
        var proxy = Create<T, TProxy>();
        ((RemoteCalls)(object)proxy)._path = path;
        return proxy;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var result = targetMethod!.ReturnType == typeof(Task) ? typeof(bool)
            : targetMethod.ReturnType == typeof(IAsyncEnumerable<string>) ? typeof(List<string>)
            : targetMethod.ReturnType.GetGenericArguments()[0];
        return CallMethod.MakeGenericMethod(result).Invoke(this, [targetMethod, args]);
    }

    private async Task<T?> ConvertAsync<T>(MethodInfo method, object?[] arguments)
    {
        var values = new List<JsonElement>();
        foreach (var (position, parameter) in method.GetParameters().Index())
        {
            if (parameter.ParameterType != typeof(CancellationToken))
                values.Add(JsonSerializer.SerializeToElement(arguments[position], parameter.ParameterType, Wire.Json));
        }

        var answer = await CallAsync(new WireCall(method.Name, values));
        if (answer.Error is { } error)
            throw new BillingException(answer.Code ?? BillingErrorCode.ProviderUnavailable, error) { DeclineCode = answer.DeclineCode };
        return answer.Result is { } result ? result.Deserialize<T>(Wire.Json) : default;
    }

    private async Task<WireAnswer> CallAsync(WireCall call)
    {
        Wire? wire = null;
        try
        {
            if (!_free.TryTake(out wire))
                wire = await Wire.ConnectAsync(_path!);
            await wire.WriteAsync(JsonSerializer.Serialize(call, Wire.Json));
            var line = await wire.ReadAsync() ?? throw new IOException("The other process ended before it answered.");
            _free.Add(wire);
            return JsonSerializer.Deserialize<WireAnswer>(line, Wire.Json)!;
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            wire?.Dispose();
            throw new IOException($"{call.Method} was not answered: {exception.Message}", exception);
        }
    }
}
