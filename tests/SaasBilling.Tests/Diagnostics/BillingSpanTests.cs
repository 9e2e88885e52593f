using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using SaasBilling.InMemory;
using SaasBilling.Storage;
using SaasBilling.Tests.Billing;
using SaasBilling.Tests.Road;

namespace SaasBilling.Tests.Diagnostics;

public sealed class BillingSpanTests
{
    [Fact]
    public async Task A_command_has_its_provider_call_and_its_commit_below_it()
    {
        await using var app = new BillingApp();
        using var spans = new Spans();
        await app.Acme.EnsureCustomerAsync();

        var command = Assert.Single(spans.Named("billing.command"));
        // A customer of whom nothing is known yet is read whole after the first answer.
        var calls = spans.Named("billing.provider").ToList();
        var commit = Assert.Single(spans.Named("billing.commit"));
        Assert.Equal(("EnsureCustomerAsync", "acme"), (command.GetTagItem(SaasBillingDiagnostics.OperationTag), command.GetTagItem(SaasBillingDiagnostics.CustomerTag)));
        Assert.Equal("acme", commit.GetTagItem(SaasBillingDiagnostics.CustomerTag));
        Assert.Equal(["ensure", "read"], calls.Select(call => call.GetTagItem(SaasBillingDiagnostics.OperationTag)));
        Assert.All(calls, call => Assert.Equal("in-memory", call.GetTagItem(SaasBillingDiagnostics.ProviderTag)));
        Assert.All(calls.Append(commit), span => Assert.Equal(command.SpanId, span.ParentSpanId));
        Assert.All(spans.All, span => Assert.Equal(ActivityStatusCode.Unset, span.Status));
    }

    [Fact]
    public async Task A_command_that_fails_has_an_error_with_the_type_and_not_the_message()
    {
        await using var app = new BillingApp();
        using var spans = new Spans();
        await Assert.ThrowsAsync<BillingException>(() => app.Acme.CancelAsync());

        Failed(nameof(BillingException), Assert.Single(spans.Named("billing.command")));
    }

    [Fact]
    public async Task A_provider_call_that_fails_has_an_error_and_so_has_its_command()
    {
        await using var app = new BillingApp(builder => builder.Services.AddSingleton(services => ProviderProxy.Of(
            services.GetRequiredService<InMemoryProvider>(),
            (_, _) => throw new HttpRequestException("The name of the host is nobody's business."))));
        using var spans = new Spans();
        await Assert.ThrowsAsync<HttpRequestException>(() => app.Acme.EnsureCustomerAsync());

        Failed(nameof(HttpRequestException), Assert.Single(spans.Named("billing.provider")));
        Failed(nameof(HttpRequestException), Assert.Single(spans.Named("billing.command")));
        Assert.Empty(spans.Named("billing.commit"));
    }

    [Fact]
    public async Task A_commit_that_fails_has_an_error_and_so_has_its_command()
    {
        var store = new FaultyStore { BeforeCommit = _ => throw new TimeoutException("The address of the server is nobody's business.") };
        await using var app = new BillingApp(builder => builder.Services.AddSingleton<IBillingStore>(store));
        using var spans = new Spans();
        await Assert.ThrowsAsync<TimeoutException>(() => app.Acme.EnsureCustomerAsync());

        Failed(nameof(TimeoutException), Assert.Single(spans.Named("billing.commit")));
        Failed(nameof(TimeoutException), Assert.Single(spans.Named("billing.command")));
        Assert.All(spans.Named("billing.provider"), span => Assert.Equal(ActivityStatusCode.Unset, span.Status));
    }

    [Fact]
    public async Task A_hook_has_a_span_of_its_own_after_the_command_and_what_it_commands_is_below_it()
    {
        await using var app = new BillingApp(builder => builder.AddHook<TrialStarted>("provision", (started, services, _) =>
            services.GetRequiredService<IBilling>().For(started.CustomerId).RecordMilestoneAsync("provisioned", CancellationToken.None)));
        using var spans = new Spans();
        await app.Acme.StartTrialAsync("pro");
        Assert.Empty(spans.Named("billing.hook"));
        await app.Simulator.RunUntilIdleAsync();

        var hook = Assert.Single(spans.Named("billing.hook"), span => Equals(span.GetTagItem(SaasBillingDiagnostics.HookTag), "provision"));
        Assert.Equal(("TrialStarted", "acme"), (hook.GetTagItem(SaasBillingDiagnostics.EventTypeTag), hook.GetTagItem(SaasBillingDiagnostics.CustomerTag)));
        Assert.Equal((spans.Root.SpanId, ActivityStatusCode.Unset), (hook.ParentSpanId, hook.Status));
        var inner = Assert.Single(spans.Named("billing.command"), span => Equals(span.GetTagItem(SaasBillingDiagnostics.OperationTag), "RecordMilestoneAsync"));
        Assert.Equal(hook.SpanId, inner.ParentSpanId);
    }

    [Fact]
    public async Task A_hook_that_fails_has_an_error_with_the_type_and_not_the_message()
    {
        await using var app = new BillingApp(builder => builder.AddHook<TrialStarted>("provision", (_, _, _) => throw new InvalidOperationException("ada@example.com has no workspace.")));
        using var spans = new Spans();
        await app.Acme.StartTrialAsync("pro");
        await app.Simulator.RunUntilIdleAsync();

        Failed(nameof(InvalidOperationException), Assert.Single(spans.Named("billing.hook"), span => Equals(span.GetTagItem(SaasBillingDiagnostics.HookTag), "provision")));
    }

    private static void Failed(string type, Activity span) => Assert.Equal((ActivityStatusCode.Error, type), (span.Status, span.StatusDescription));
}
