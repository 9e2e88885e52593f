using SaasBilling.Tests.Billing;

namespace SaasBilling.Tests.ModelBased;

/// <summary>What random lives have found, each in its shortest form.</summary>
public sealed class FoundByLivesTests
{
    /// <summary>The trial's own zero invoice is as old as the trial's end, and still is no conversion.</summary>
    [Fact]
    public async Task A_trial_that_ended_as_it_started_is_not_found_to_have_converted()
    {
        await using var app = new BillingApp();
        await app.Acme.StartTrialAsync("pro");
        Assert.Equal(SubscriptionStatus.Canceled, (await app.Acme.EndTrialAsync()).Status);
        var history = await app.HistoryAsync();
        await app.Billing.ReconcileAsync();

        Assert.Equal(history, await app.HistoryAsync());
        Assert.Equal(AccessReason.TrialExpired, (await app.Acme.GetAccessAsync()).Reason);
    }
}
