using System.Globalization;
using System.Runtime.InteropServices;
using SaasBilling.StripeServer;

// Runs until Ctrl+C or a termination signal: for the Stripe CLI and for clients in other languages.
var options = new StripeServerOptions();
string? webhook = null;
for (var i = 0; i + 1 < args.Length; i += 2)
{
    switch (args[i])
    {
        case "--port":
            options.Port = int.Parse(args[i + 1], CultureInfo.InvariantCulture);
            break;
        case "--key":
            options.ApiKey = args[i + 1];
            break;
        case "--webhook":
            webhook = args[i + 1];
            break;
        default:
            Console.Error.WriteLine($"Unknown option {args[i]}. Use --port N, --key sk_test_..., --webhook URL.");
            return 1;
    }
}

await using var server = await StripeServer.StartAsync(options);
if (webhook is not null)
    server.RegisterWebhook(new Uri(webhook));

Console.WriteLine($"{server.BaseAddress.ToString().TrimEnd('/')} {server.ApiKey} {server.WebhookSecret}");
var stopped = new TaskCompletionSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
await stopped.Task;
return 0;

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stopped.TrySetResult();
}
