using SaasBilling.Access;
using SaasBilling.Storage;
using SaasBilling.Tests.Plans;
using static SaasBilling.Tests.Subscriptions.Facts;

namespace SaasBilling.Tests.Access;

public sealed class FeatureGrantsTests
{
    [Fact]
    public void EveryFeatureOfTheCatalogIsThere_GrantedOrNot()
    {
        Assert.Equal(Catalog.Features.Order(StringComparer.Ordinal), Catalog.Grants.Of(Active("free")).Keys.Order(StringComparer.Ordinal));
        Assert.Equal(Catalog.Features.Order(StringComparer.Ordinal), Catalog.Grants.None.Keys.Order(StringComparer.Ordinal));
        Assert.All(Catalog.Grants.None.Values, grant => Assert.False(grant.IsGranted));
    }

    [Fact]
    public void SameCombination_SharesOneTable()
    {
        Assert.Same(Catalog.Grants.Of(Active()), Catalog.Grants.Of(Active(id: "sub_2")));
        Assert.Same(Catalog.Grants.Of(With(Active(), "pack", 3)), Catalog.Grants.Of(With(Active(id: "sub_2"), "pack", 3)));
        Assert.Same(Catalog.Grants.OfAll([Active(), Active("team")]), Catalog.Grants.OfAll([Active("team"), Active()]));
        Assert.NotSame(Catalog.Grants.Of(With(Active(), "pack", 3)), Catalog.Grants.Of(With(Active(), "pack", 4)));
    }

    [Theory]
    [InlineData(0, 50)]
    [InlineData(1, 60)]
    [InlineData(7, 120)]
    public void AddOnsAddUp_TimesTheirQuantity(long packs, long limit) =>
        Assert.Equal(new FeatureGrant(true, limit), Catalog.Grants.Of(With(Active(), "pack", packs))["projects"]);

    [Fact]
    public void AddOn_GivesWhatThePlanHasNot()
    {
        Assert.False(Catalog.Grants.Of(Active())["sso"].IsGranted);
        Assert.Equal(new FeatureGrant(true, null), Catalog.Grants.Of(With(Active(), "sso", 1))["sso"]);
    }

    [Fact]
    public void AddOn_MeteredOnly_CountsOnce()
    {
        var subscription = Active() with { Items = [.. Active().Items, new("si_2", "storage/gigabytes/usd/month", 0)] };

        Assert.Equal(new FeatureGrant(true, 5), Catalog.Grants.Of(subscription)["gigabytes"]);
    }

    [Fact]
    public void SeveralPlans_TheHighestLimitCounts_AndAddOnsOfAllAreAdded()
    {
        Assert.Equal(200, Catalog.Grants.OfAll([Active(), Active("team")])["projects"].Limit);
        Assert.Equal(230, Catalog.Grants.OfAll([With(Active(), "pack", 1), With(Active("team"), "pack", 2)])["projects"].Limit);
        Assert.True(Catalog.Grants.OfAll([Active("free"), Active("team")])["export"].IsGranted);
    }

    [Fact]
    public void Unlimited_Wins()
    {
        Assert.Equal(new FeatureGrant(true, null), Catalog.Grants.OfAll([Active(), Active("usage")])["projects"]);
        Assert.Equal(new FeatureGrant(true, null), Catalog.Grants.Of(With(Active("usage"), "pack", 2))["projects"]);
    }

    [Fact]
    public void APlanThatIsNoLongerDeclared_GivesNothing_ButItsAddOnsDo()
    {
        Assert.Same(Catalog.Grants.None, Catalog.Grants.Of(Active("gone") with { Items = [new("si_1", "gone/usd/month", 1)] }));
        Assert.Equal(20, Catalog.Grants.Of(With(Active("gone"), "pack", 2))["projects"].Limit);
    }

    [Fact]
    public void EnormousQuantities_StayEnormous()
    {
        Assert.Equal(long.MaxValue, Catalog.Grants.Of(With(Active(), "pack", long.MaxValue))["projects"].Limit);
        Assert.Equal(long.MaxValue, Catalog.Grants.OfAll([With(Active(), "pack", long.MaxValue), With(Active("team"), "pack", long.MaxValue)])["projects"].Limit);
    }

    [Fact]
    public void ManyCombinations_AreStillRight()
    {
        var catalog = Catalogs.Build(builder => builder
            .AddPlan("pro", plan => plan.Price(1m, "USD", BillingInterval.Monthly).Feature("projects", limit: 1))
            .AddAddOn("pack", addOn => addOn.Price(1m, "USD", BillingInterval.Monthly).Feature("projects", limit: 1)));

        for (var packs = 1; packs <= 5000; packs++)
            Assert.Equal(packs + 1, catalog.Grants.Of(With(Active(), "pack", packs))["projects"].Limit);
    }

    [Fact]
    public void Evaluate_UnionOfWhatGivesAccess_AndOfNothingElse()
    {
        var state = new CustomerState
        {
            Customer = Acme,
            Version = 1,
            Subscriptions = [Active("free"), With(Active("team", "sub_2"), "sso", 1) with { Name = "second", Status = SubscriptionStatus.Paused }],
        };

        var access = AccessRules.Evaluate(state, Catalog, new(), Start);
        Assert.Equal(3, access.Limit("projects"));
        Assert.False(access.Has("sso"));
    }
}
