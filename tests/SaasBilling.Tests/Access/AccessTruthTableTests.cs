using SaasBilling.Access;
using SaasBilling.Storage;
using static SaasBilling.Tests.Subscriptions.Facts;

namespace SaasBilling.Tests.Access;

/// <summary>
/// The truth table of access (B-11, B-12, B-13, B-14): every status × trial × cancellation × time, whole. The table below is written out from the
/// specification, and no rule of it is shared with the code that it checks.
/// </summary>
public sealed class AccessTruthTableTests
{
    private static readonly SaasBillingOptions Options = new();

    public enum TrialState
    {
        None,
        Running,
        OverUnpaid,
        OverConverted,
    }

    public enum CancelState
    {
        None,
        Ahead,
        Passed,
    }

    public static TheoryData<SubscriptionStatus, TrialState, CancelState, double> Whole
    {
        get
        {
            var rows = new TheoryData<SubscriptionStatus, TrialState, CancelState, double>();
            foreach (var status in Enum.GetValues<SubscriptionStatus>())
            {
                foreach (var trial in Enum.GetValues<TrialState>())
                {
                    foreach (var cancel in Enum.GetValues<CancelState>())
                    {
                        foreach (var day in new[] { 0, 6.99, 7, 7.01, 400 })
                            rows.Add(status, trial, cancel, day);
                    }
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Whole))]
    public void B11_B12_B13_B14_TheTable(SubscriptionStatus status, TrialState trial, CancelState cancel, double daysLater)
    {
        var now = Day(10 + daysLater);
        var subscription = Subscription(status, trial, cancel);
        var state = State(subscription) with { Trials = trial is TrialState.None ? [] : [new("sub_1", "pro", Start, trial == TrialState.OverConverted ? Day(9) : null)] };

        var access = AccessRules.Evaluate(state, Catalog, Options, now);

        var (granted, reason, next) = Expected(status, trial, daysLater);
        Assert.Equal(reason, access.Reason);
        Assert.Equal(granted, access.IsGranted);
        Assert.Equal(granted, access.Has("export"));
        Assert.Equal(granted ? 50 : null, access.Limit("projects"));
        Assert.Equal(status is SubscriptionStatus.Incomplete or SubscriptionStatus.IncompleteExpired ? null : "pro", access.PlanKey);
        var decision = AccessRules.Decide(access, state, Catalog, "export", 1);
        Assert.Equal(granted, decision.IsAllowed);
        Assert.Equal(reason, decision.Reason);
        Assert.Equal(next, decision.NextStep);
        Assert.Equal(Until(status, cancel, granted), access.Until);
        Assert.Equal(access.Until, decision.Until);
    }

    // "On trial", "canceled", "active" are answered by the status alone: a date never speaks against what the provider says now.
    private static (bool Granted, AccessReason Reason, NextStep Next) Expected(SubscriptionStatus status, TrialState trial, double daysLater) => status switch
    {
        SubscriptionStatus.Trialing => (true, AccessReason.Trial, NextStep.None),
        SubscriptionStatus.Active => (true, AccessReason.Subscribed, NextStep.None),
        SubscriptionStatus.PastDue when daysLater < 7 => (true, AccessReason.GracePeriod, NextStep.UpdatePaymentMethod),
        SubscriptionStatus.PastDue or SubscriptionStatus.Unpaid => (false, AccessReason.PaymentFailed, NextStep.UpdatePaymentMethod),
        SubscriptionStatus.Incomplete or SubscriptionStatus.IncompleteExpired => (false, AccessReason.Incomplete, NextStep.UpdatePaymentMethod),
        SubscriptionStatus.Paused => (false, AccessReason.Paused, NextStep.Resume),
        SubscriptionStatus.Canceled when trial is TrialState.Running or TrialState.OverUnpaid => (false, AccessReason.TrialExpired, NextStep.Subscribe),
        SubscriptionStatus.Canceled => (false, AccessReason.Canceled, NextStep.Reactivate),
        _ => (true, AccessReason.Subscribed, NextStep.None),
    };

    private static DateTimeOffset? Until(SubscriptionStatus status, CancelState cancel, bool granted)
    {
        DateTimeOffset? canceled = cancel switch
        {
            CancelState.Ahead => Day(12),
            CancelState.Passed => Day(2),
            _ => null,
        };
        return (granted, status) switch
        {
            (false, _) => null,
            (_, SubscriptionStatus.Trialing) => canceled ?? Day(14),
            (_, SubscriptionStatus.PastDue) => canceled ?? Day(17),
            _ => canceled,
        };
    }

    private static Subscription Subscription(SubscriptionStatus status, TrialState trial, CancelState cancel)
    {
        var ended = status is SubscriptionStatus.Canceled or SubscriptionStatus.IncompleteExpired;
        var period = trial switch
        {
            TrialState.Running => new BillingPeriod(Start, Day(14)),
            TrialState.None => null,
            _ => new BillingPeriod(Start, Day(8)),
        };
        return Active() with
        {
            Status = status,
            Trial = status == SubscriptionStatus.Trialing ? new(Start, Day(14)) : period,
            CurrentPeriod = period ?? new(Start, Day(31)),
            CancelsAt = cancel switch
            {
                CancelState.Ahead => Day(12),
                CancelState.Passed => Day(2),
                _ => null,
            },
            CanceledAt = ended ? Day(1) : null,
            EndedAt = ended ? (trial == TrialState.Running ? Day(1) : Day(8)) : null,
            PastDueSince = status == SubscriptionStatus.PastDue ? Day(10) : null,
        };
    }

    private static CustomerState State(Subscription subscription) => new()
    {
        Customer = Acme,
        Version = 1,
        PaymentMethods = [Visa],
        Subscriptions = [subscription],
        LastKnown = subscription.Status == SubscriptionStatus.Unknown ? [new(subscription with { Status = SubscriptionStatus.Active }, AccessReason.Subscribed)] : [],
        AccessWasGranted = subscription.Status == SubscriptionStatus.Unknown,
    };
}
