using Microsoft.Extensions.DependencyInjection;
using SaasBilling.Faults.Remote;
using SaasBilling.Providers;

namespace SaasBilling.Faults.Instances;

/// <summary>The payment provider, which outlives whatever is killed: the embedded engine in this process, called by the others over a socket.</summary>
internal sealed class Authority : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly RemoteServer _server;

    public Authority(string folder)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddApplication().UseInMemory();
        _services = services.BuildServiceProvider();
        Provider = _services.GetRequiredService<IBillingProvider>();
        Path = System.IO.Path.Combine(folder, "authority.sock");
        _server = new RemoteServer(Path, Provider, typeof(IBillingProvider));
    }

    public string Path { get; }

    public IBillingProvider Provider { get; }

    /// <summary>How often other processes asked for a customer.</summary>
    public int ReadsOf(string customerId) => _server.Calls.GetValueOrDefault($"{nameof(IBillingProvider.ReadCustomerAsync)} {customerId}");

    /// <summary>All that it knows of a customer.</summary>
    public Task<CustomerSnapshot?> ReadAsync(string customerId) => Provider.ReadCustomerAsync(customerId, null, CancellationToken.None);

    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        return _services.DisposeAsync();
    }
}
