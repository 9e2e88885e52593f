using System.Reflection;
using System.Text;
using SaasBilling.Providers;
using SaasBilling.Storage;

namespace SaasBilling.Faults.Remote;

/// <summary>A provider that sends webhooks.</summary>
public interface IRemoteProvider : IBillingProvider, IWebhookProvider;

/// <summary>
/// The provider of a process under test: its authority is the engine of the process that tests it, and so outlives it. Its webhooks are lines of
/// <c>event customer</c>.
/// </summary>
public class RemoteProvider : RemoteCalls
{
    /// <summary>The name of the provider.</summary>
    public const string ProviderName = "engine";

    /// <summary>The provider, at a socket.</summary>
    public static IRemoteProvider At(string path) => At<IRemoteProvider, RemoteProvider>(path);

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
    {
        "get_Name" => ProviderName,
        nameof(IWebhookProvider.ReadWebhook) => Read(((ReadOnlyMemory<byte>)args![0]!).Span, (DateTimeOffset)args[2]!),
        nameof(IWebhookProvider.FindCustomersAsync) => Task.FromResult<IReadOnlyList<string>>([((InboxMessage)args![0]!).Subject]),
        nameof(IBillingProvider.ListCustomersAsync) => ListAsync(targetMethod, args),
        _ => base.Invoke(targetMethod, args),
    };

    private async IAsyncEnumerable<string> ListAsync(MethodInfo method, object?[]? args)
    {
        foreach (var id in await (Task<List<string>>)base.Invoke(method, args)!)
            yield return id;
    }

    private static InboxMessage Read(ReadOnlySpan<byte> body, DateTimeOffset receivedAt)
    {
        var text = Encoding.UTF8.GetString(body);
        if (text.Split(' ') is not [var eventId, var customerId])
            throw new BillingException(BillingErrorCode.MalformedWebhook, "A webhook is 'event customer'.");
        return new InboxMessage
        {
            Provider = ProviderName,
            EventId = eventId,
            IsLive = false,
            Type = "customer.changed",
            ObjectId = customerId,
            Subject = customerId,
            ReceivedAt = receivedAt,
            Body = text,
        };
    }
}
