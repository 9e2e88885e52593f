using SaasBilling.Storage;

namespace SaasBilling.Tests.ModelBased;

/// <summary>Looks at every commit, those in the middle of a long jump too.</summary>
internal sealed class CommitWatch
{
    private readonly Dictionary<string, CustomerState> _last = [];

    /// <summary>What should not have been. Kept, not thrown: a store that throws is another test.</summary>
    public List<string> Faults { get; } = [];

    public void See(BillingCommit commit)
    {
        var now = commit.Customer;
        var before = _last.GetValueOrDefault(now.Customer.Id);
        _last[now.Customer.Id] = now;
        if (now.Version != (before?.Version ?? 0) + 1)
            Faults.Add($"Version {before?.Version} -> {now.Version}");
        if (now.EventCount != (before?.EventCount ?? 0) + commit.Events.Count)
            Faults.Add($"{before?.EventCount} events and {commit.Events.Count} are {now.EventCount}");

        foreach (var subscription in now.Subscriptions)
        {
            if (before?.Subscriptions.FirstOrDefault(old => old.Id == subscription.Id) is { } old && !IsLegal(old.Status, subscription.Status))
                Faults.Add($"{subscription.Id}: {old.Status} -> {subscription.Status}");
        }

        foreach (var live in now.Subscriptions.Where(subscription => subscription.IsLive).GroupBy(subscription => subscription.Name))
        {
            if (live.Count() > 1)
                Faults.Add($"{live.Count()} live subscriptions '{live.Key}'");
        }
    }

    // The table of statuses. A pause hides what goes on beneath it, so that anything live may come out of it.
    private static bool IsLegal(SubscriptionStatus from, SubscriptionStatus to) => from == to || from switch
    {
        SubscriptionStatus.Incomplete => to is SubscriptionStatus.Active or SubscriptionStatus.IncompleteExpired or SubscriptionStatus.Canceled,
        SubscriptionStatus.Trialing => to is SubscriptionStatus.Active or SubscriptionStatus.PastDue or SubscriptionStatus.Canceled or SubscriptionStatus.Paused,
        SubscriptionStatus.Active => to is SubscriptionStatus.PastDue or SubscriptionStatus.Canceled or SubscriptionStatus.Paused or SubscriptionStatus.Trialing,
        SubscriptionStatus.PastDue => to is SubscriptionStatus.Active or SubscriptionStatus.Unpaid or SubscriptionStatus.Canceled or SubscriptionStatus.Paused,
        SubscriptionStatus.Unpaid => to is SubscriptionStatus.Active or SubscriptionStatus.Canceled or SubscriptionStatus.Paused,
        SubscriptionStatus.Paused => to is not (SubscriptionStatus.Incomplete or SubscriptionStatus.IncompleteExpired or SubscriptionStatus.Unknown),
        _ => false,
    };
}
