using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SaasBilling.StripeServer.Tests.Events;

/// <summary>An endpoint that takes deliveries, or refuses them.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Receiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            Taken.Enqueue((context.Request.Headers["Stripe-Signature"].ToString(), await reader.ReadToEndAsync(context.RequestAborted)));
            context.Response.StatusCode = Refuses ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK;
        });
    }

    public ConcurrentQueue<(string Signature, string Body)> Taken { get; } = [];

    public bool Refuses { get; set; }

    public Uri Url { get; private set; } = new("http://127.0.0.1");

    public static async Task<Receiver> StartAsync()
    {
        var receiver = new Receiver();
        await receiver._app.StartAsync(TestContext.Current.CancellationToken);
        receiver.Url = new Uri(receiver._app.Urls.First() + "/hook");
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
