using System.Reflection;
using Microsoft.Extensions.Logging;
using SaasBilling.Diagnostics;
using SaasBilling.Tests.Scheduling;

namespace SaasBilling.Tests.Diagnostics;

public sealed class LogTests
{
    /// <summary>Operators alert on these: an id never gets another meaning.</summary>
    private static readonly string[] Approved =
    [
        "100 BillingStarted Information",
        "101 WorkerFaulted Error",
        "102 WorkerRecovered Information",
        "103 WorkerStopped Information",
        "104 ClockWentBack Warning",
        "200 JobFailed Warning",
        "201 JobQuarantined Error",
        "202 LeaseLost Warning",
        "203 JobUnfinished Error",
        "204 StepUnabsorbed Error",
        "205 LeasesNotRenewed Warning",
        "206 WebhooksForgotten Information",
        "207 RetentionFailed Warning",
        "300 Committed Debug",
        "301 CommitConflict Debug",
        "302 EventRaised Information",
        "303 CustomerNotReconciled Warning",
    ];

    [Fact]
    public void Ids_names_and_levels_are_the_approved_ones()
    {
        var messages = typeof(Log).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
            .OrderBy(message => message.EventId)
            .ToList();

        Assert.Equal(Approved, messages.Select(message => $"{message.EventId} {message.EventName} {message.Level}"));
        Assert.Distinct(messages.Select(message => message.EventId));
        Assert.Distinct(messages.Select(message => message.EventName));
    }

    [Fact]
    public void Every_message_is_logged_somewhere()
    {
        var source = string.Concat(RepositoryFiles.Under("src", "*.cs").Select(file => File.ReadAllText(RepositoryFiles.PathOf(file))));
        var messages = typeof(Log).GetMethods(BindingFlags.Static | BindingFlags.Public).Select(method => method.Name).Distinct().ToList();

        Assert.True(messages.Count > 10);
        Assert.Equal([], messages.Where(name => !source.Contains($"Log.{name}(", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_start_is_logged_once_with_what_was_declared()
    {
        await using var app = RuntimeApp.Simulated(RuntimeApp.Record);
        await app.StartWorkerAsync();
        Assert.NotNull(app.Billing);
        Assert.NotNull(app.Simulator);

        Assert.Equal("Billing runs on in-memory with 2 plans, 1 hooks and 0 guards", Assert.Single(app.Logs.Named("BillingStarted")).Message);
    }
}
