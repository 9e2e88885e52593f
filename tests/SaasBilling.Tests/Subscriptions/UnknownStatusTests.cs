using SaasBilling.Access;
using static SaasBilling.Tests.Subscriptions.Facts;

namespace SaasBilling.Tests.Subscriptions;

/// <summary>B-7: a status from the future changes no access and raises nothing; what really happened is told when the provider is understood again.</summary>
public sealed class UnknownStatusTests
{
    private readonly Story _story = new();

    [Theory]
    [InlineData(SubscriptionStatus.Trialing, AccessReason.Trial)]
    [InlineData(SubscriptionStatus.Active, AccessReason.Subscribed)]
    [InlineData(SubscriptionStatus.PastDue, AccessReason.GracePeriod)]
    [InlineData(SubscriptionStatus.Unpaid, AccessReason.PaymentFailed)]
    [InlineData(SubscriptionStatus.Paused, AccessReason.Paused)]
    [InlineData(SubscriptionStatus.Incomplete, AccessReason.Incomplete)]
    public void AccessStaysAsItWas(SubscriptionStatus status, AccessReason reason)
    {
        var before = Trialing() with { Status = status, PastDueSince = Start };
        _story.See(before);

        Assert.Equal("", _story.At(1).See(before with { Status = SubscriptionStatus.Unknown }));
        Assert.Equal(SubscriptionStatus.Unknown, _story.Subscription.Status);
        var access = AccessRules.Evaluate(_story.State, Catalog, _story.Options, Day(400));
        Assert.Equal(reason, access.Reason);
        Assert.Equal(access.IsGranted, access.Has("export"));
        Assert.Null(_story.State!.WakeAt);

        Assert.Equal("", _story.At(2).See(before));
        Assert.Empty(_story.State!.LastKnown);
    }

    [Fact]
    public void RevenueStaysAsItWas()
    {
        _story.See(Active(), Active("team", "sub_2") with { Name = "second" });
        _story.At(1).See(Active() with { Status = SubscriptionStatus.Unknown });
        _story.At(2).See(Canceled(Active("team", "sub_2") with { Name = "second" }, Day(2)));

        Assert.Equal(29_00_000_000, Assert.Single(_story.State!.Mrr).Micro);
    }

    [Fact]
    public void FirstSeenUnknown_SaysNothing()
    {
        Assert.Equal("CustomerCreated", _story.See(Active() with { Status = SubscriptionStatus.Unknown }));
        Assert.Equal(AccessReason.NoSubscription, AccessRules.Evaluate(_story.State, Catalog, _story.Options, Start).Reason);

        Assert.Equal("SubscriptionActivated AccessGranted", _story.At(1).See(Active()));
    }

    [Fact]
    public void WhatHappenedMeanwhile_IsToldAfterwards()
    {
        _story.See(Active());
        _story.At(20).See(Active() with { Status = SubscriptionStatus.Unknown });
        _story.At(31).See(Renewed(Active()) with { Status = SubscriptionStatus.Unknown, PlanKey = "team" });

        Assert.Equal("PlanChanged SubscriptionRenewed", _story.At(32).See(Renewed(Active()) with { PlanKey = "team" }));
    }

    [Fact]
    public void EndedMeanwhile_IsToldAfterwards()
    {
        _story.See(Active());
        _story.At(20).See(Active() with { Status = SubscriptionStatus.Unknown });

        Assert.Equal("SubscriptionCanceled AccessRestricted", _story.At(25).See(Canceled(Active(), Day(22))));
        Assert.Equal(Day(22), _story.Event<AccessRestricted>().OccurredAt);
    }

    [Fact]
    public void OldNewsAboutWhatWasKnown_IsPassedOver()
    {
        _story.See(Active());
        _story.At(1).See(Active() with { Status = SubscriptionStatus.Unknown });

        Assert.Equal("", _story.At(2).See(Incomplete()));
        Assert.Equal(SubscriptionStatus.Unknown, _story.Subscription.Status);
    }
}
