using SaasBilling.Access;
using SaasBilling.Storage;
using static SaasBilling.Tests.Subscriptions.Facts;

namespace SaasBilling.Tests.Subscriptions;

public sealed class UsageTests
{
    private readonly Story _story = new();

    [Fact]
    public void UsageLimitReached_OnceAPeriod_WithTheInstantOfTheUsage()
    {
        _story.See(Active("usage"));

        Assert.Equal("", _story.At(1).Use("api_calls", 9.5m));
        Assert.Equal("UsageLimitReached", _story.At(2).Use("api_calls", 0.5m, Day(1.5)));
        var reached = _story.Event<UsageLimitReached>();
        Assert.Equal("api_calls", reached.Feature);
        Assert.Equal(10, reached.Limit);
        Assert.Equal(Day(1.5), reached.OccurredAt);
        Assert.Equal("10 of 10 used", reached.Explanation);
        Assert.Equal("", _story.At(3).Use("api_calls", 50));

        _story.At(31).See(Renewed(Active("usage")));
        Assert.Equal("", _story.At(32).Use("api_calls", 9));
        Assert.Empty(_story.State!.Notices);
        Assert.Equal("UsageLimitReached", _story.At(33).Use("api_calls", 4));
        Assert.Equal("13 of 10 used", _story.Event<UsageLimitReached>().Explanation);
    }

    [Fact]
    public void Usage_IsHandedToTheCommit()
    {
        _story.See(Active("usage"));
        _story.Use("api_calls", 3);

        Assert.Equal(3, _story.Last.Usage!.Quantity);
        Assert.True(_story.Last.Changed);
    }

    [Theory]
    [InlineData("api_calls", 6)]
    [InlineData("logins", 3)]
    [InlineData("gigabytes", 3)]
    [InlineData("projects", 1)]
    public void Aggregates_ByTheMeter(string meter, decimal value)
    {
        _story.See(Active("usage"));
        foreach (var quantity in new decimal[] { 2, 3, 1 })
            _story.Use(meter, quantity);

        Assert.Equal(new MeterUsage(meter, Start, value, Start), Assert.Single(_story.State!.Usage));
        Assert.Equal(value, MeterReading.Of(_story.State, Catalog.GetMeter(meter), Catalog));
    }

    [Theory]
    [InlineData("api_calls", 0)]
    [InlineData("logins", 0)]
    [InlineData("gigabytes", 0)]
    [InlineData("projects", 7)]
    public void NextPeriod_StartsAtZero_ButALevelCarriesOver(string meter, decimal value)
    {
        _story.See(Active("usage"));
        _story.Use(meter, 7);
        _story.At(31).See(Renewed(Active("usage")));

        Assert.Equal(value, MeterReading.Of(_story.State, Catalog.GetMeter(meter), Catalog));
    }

    [Fact]
    public void LateUsage_OfAClosedPeriod_DoesNotCountForTheRunningOne()
    {
        _story.See(Active("usage"));
        _story.At(31).See(Renewed(Active("usage")));
        _story.Use("api_calls", 4);

        _story.Use("api_calls", 100, Day(30));
        Assert.Equal(4, Assert.Single(_story.State!.Usage).Value);
        Assert.Equal(100, _story.Last.Usage!.Quantity);
    }

    [Fact]
    public void Level_TheNewestByItsOwnTimeCounts()
    {
        _story.See(Active());
        _story.At(3).Use("projects", 8);
        _story.At(4).Use("projects", 2, Day(1));

        Assert.Equal(8, Assert.Single(_story.State!.Usage).Value);
    }

    [Fact]
    public void UsageBeforeTheRenewalIsKnown_CountsForTheNextPeriod()
    {
        _story.See(Active("usage"));
        _story.At(31.5).Use("api_calls", 6);
        _story.See(Renewed(Active("usage")));

        Assert.Equal(6, MeterReading.Of(_story.State, Catalog.GetMeter("api_calls"), Catalog));
        Assert.Equal("UsageLimitReached", _story.Use("api_calls", 4));
    }

    [Fact]
    public void NoAccess_NoLimitToReach()
    {
        _story.See(Canceled(Active("usage"), Day(1)));

        Assert.Equal("", _story.Use("api_calls", 5000));
    }

    [Fact]
    public void NoLimit_NothingToReach()
    {
        _story.See(Active("usage"));

        Assert.Equal("", _story.Use("projects", 5000));
    }

    [Fact]
    public void Limit_IsThatOfPlanAndAddOnsTogether()
    {
        _story.See(With(Active(), "pack", 2));

        Assert.Equal("", _story.Use("projects", 69));
        Assert.Equal("UsageLimitReached", _story.Use("projects", 70));
        Assert.Equal(70, _story.Event<UsageLimitReached>().Limit);
    }

    [Fact]
    public void UnknownMeter_IsKeptForTheCommitAndCountsNothing()
    {
        _story.See(Active());

        Assert.Equal("", _story.Use("no_longer_there", 5));
        Assert.NotNull(_story.Last.Usage);
        Assert.Empty(_story.State!.Usage);
    }

    [Fact]
    public void EnormousUsage_StaysEnormous()
    {
        _story.See(Active("usage"));
        _story.Use("api_calls", decimal.MaxValue);
        _story.Use("api_calls", decimal.MaxValue);

        Assert.Equal(decimal.MaxValue, _story.State!.Usage[0].Value);
    }
}
