using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SaasBilling.Tests.Billing;

namespace SaasBilling.Tests.Diagnostics;

public sealed class BillingTelemetryTests
{
    [Fact]
    public async Task Nothing_that_is_emitted_carries_an_address_a_name_or_a_token()
    {
        var logs = new RecordingLoggers();
        await using var app = new BillingApp(builder => builder.Services.AddSingleton<ILoggerFactory>(logs).AddMetrics());
        using var spans = new Spans();
        using var figures = new Figures(app.Services.GetRequiredService<IMeterFactory>());
        await app.Acme.EnsureCustomerAsync(new() { Email = "ada@example.com", Name = "Ada Lovelace" });
        await app.SubscribedAsync();
        await app.Acme.AddPaymentMethodAsync(TestPaymentMethods.DeclinedAfterAttaching);
        await app.DaysAsync(60);
        await Assert.ThrowsAsync<BillingException>(() => app.Acme.AddPaymentMethodAsync("pm_unheard_of"));

        var measured = figures.All.SelectMany(figure => figure.Tags).ToList();
        var said = logs.Entries.Select(entry => entry.Message + entry.Exception)
            .Concat(spans.All.SelectMany(span => span.TagObjects.Select(tag => $"{tag.Value}").Append(span.StatusDescription ?? "")))
            .Concat(measured.Select(tag => $"{tag.Value}"))
            .ToList();
        Assert.Contains(said, text => text.Contains("PaymentFailed", StringComparison.Ordinal));
        Assert.Contains(measured, tag => Equals(tag.Value, "generic_decline"));
        Assert.NotEmpty(spans.Named("billing.hook"));
        string[] secrets = ["ada@example.com", "Ada Lovelace", TestPaymentMethods.Visa, TestPaymentMethods.DeclinedAfterAttaching, "pm_unheard_of"];
        Assert.All(said, text => Assert.All(secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase)));

        // A customer's id would make a time series of each customer.
        Assert.DoesNotContain(measured, tag => tag.Key == SaasBillingDiagnostics.CustomerTag || Equals(tag.Value, "acme"));
    }
}
