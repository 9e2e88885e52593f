using SaasBilling.Access;
using SaasBilling.Storage;
using SaasBilling.Tests.Pricing;
using static SaasBilling.Tests.Subscriptions.Facts;

namespace SaasBilling.Tests.Access;

public sealed class AccessRulesTests
{
    private static readonly SaasBillingOptions Options = new();

    [Fact]
    public void Evaluate_NobodyKnown_NoSubscription()
    {
        var access = AccessRules.Evaluate(null, Catalog, Options, Start);

        Assert.False(access.IsGranted);
        Assert.Equal(AccessReason.NoSubscription, access.Reason);
        Assert.Null(access.PlanKey);
        Assert.False(access.Has("export"));
        Assert.Equal(AccessReason.NoSubscription, Evaluate().Reason);
        Assert.Equal(NextStep.Subscribe, AccessRules.Decide(access, null, Catalog, "export", 1).NextStep);
    }

    [Fact]
    public void Evaluate_FreePlan_IsGranted()
    {
        var access = Evaluate(Active("free"));

        Assert.Equal(AccessReason.FreePlan, access.Reason);
        Assert.True(access.IsGranted);
        Assert.Equal(3, access.Limit("projects"));
        Assert.False(access.Has("export"));
    }

    // B-12: one definition of grace, from the first failure on, to the second.
    [Fact]
    public void B12_Evaluate_PastDueWithoutADate_CountsFromThePeriodsStart()
    {
        var pastDue = Active() with { Status = SubscriptionStatus.PastDue };

        Assert.True(Evaluate(Day(6.99), pastDue).IsGranted);
        Assert.False(Evaluate(Day(7), pastDue).IsGranted);
    }

    // B-13: incomplete taken for active, or hiding what the customer has.
    [Fact]
    public void B13_Evaluate_AnIncompleteTry_HidesNothing()
    {
        Assert.Equal(AccessReason.Subscribed, Evaluate(Active(), Incomplete(id: "sub_2") with { Name = "second" }).Reason);

        var afterOneThatEnded = Evaluate(Canceled(Active("team"), Day(1)), Incomplete(id: "sub_2", at: Day(2)));
        Assert.Equal(AccessReason.Incomplete, afterOneThatEnded.Reason);
        Assert.Equal("team", afterOneThatEnded.PlanKey);
    }

    [Fact]
    public void Decide_OfADeletedCustomer_NamesNoStep_BecauseNoneIsPossible()
    {
        var state = State(Canceled(Active(), Day(1)));
        state = state with { Customer = state.Customer with { DeletedAt = Day(2) } };

        Assert.Equal(NextStep.None, AccessRules.Decide(AccessRules.Evaluate(state, Catalog, Options, Day(3)), state, Catalog, "export", 1).NextStep);
    }

    [Theory]
    [InlineData(true, NextStep.ConfirmPayment)]
    [InlineData(false, NextStep.UpdatePaymentMethod)]
    public void Decide_Incomplete_SaysHowToPay(bool asks, NextStep next)
    {
        var incomplete = Incomplete() with { PendingPayment = Incomplete().PendingPayment! with { RequiresAction = asks } };

        Assert.Equal(next, Decide("export", 1, incomplete).NextStep);
    }

    [Theory]
    [InlineData(true, NextStep.ConfirmPayment)]
    [InlineData(false, NextStep.UpdatePaymentMethod)]
    public void Decide_InGraceOrAfterIt_SaysHowToPay(bool asks, NextStep next)
    {
        var pastDue = PastDue(Active(), Start) with { PendingPayment = Incomplete().PendingPayment! with { RequiresAction = asks } };
        var state = State(pastDue);

        Assert.Equal(next, AccessRules.Decide(AccessRules.Evaluate(state, Catalog, Options, Day(1)), state, Catalog, "export", 1).NextStep);
        Assert.Equal(next, AccessRules.Decide(AccessRules.Evaluate(state, Catalog, Options, Day(9)), state, Catalog, "export", 1).NextStep);
    }

    [Fact]
    public void Decide_TrialWithoutACard_AsksForOne()
    {
        Assert.Equal(NextStep.AddPaymentMethod, Decide("export", 1, Trialing()).NextStep);
        Assert.Equal(NextStep.None, Decide("export", 1, CancelsAt(Trialing(), Day(14), Start)).NextStep);
        Assert.Equal(NextStep.None, Decide("export", 1, Trialing() with { InvoiceDueInDays = 14 }).NextStep);
        var state = State(Trialing()) with { PaymentMethods = [Visa] };
        Assert.Equal(NextStep.None, AccessRules.Decide(AccessRules.Evaluate(state, Catalog, Options, Start), state, Catalog, "export", 1).NextStep);
    }

    [Fact]
    public void Evaluate_AConvertedTrialThatWasExtendedAndEnded_IsCanceledNotExpired()
    {
        var ended = Canceled(Trialing(), Day(14));
        var state = State(ended) with { Trials = [new("sub_1", "pro", Start, Day(7))] };

        Assert.Equal(AccessReason.Canceled, AccessRules.Evaluate(state, Catalog, Options, Day(15)).Reason);
    }

    [Fact]
    public void Evaluate_FreeTimeThatEndedWithoutACard_IsCanceledNotExpired()
    {
        var free = Trialing() with { CreatedAt = Start.AddDays(-30) };

        Assert.Equal(AccessReason.Canceled, Evaluate(Canceled(free, Day(14))).Reason);
        Assert.Equal(AccessReason.TrialExpired, Evaluate(Canceled(free with { CreatedAt = free.Trial!.Start }, Day(14))).Reason);
    }

    [Fact]
    public void Evaluate_TrialThatEndedAFewSecondsLate_IsStillExpired() =>
        Assert.Equal(AccessReason.TrialExpired, Evaluate(Canceled(Trialing(), Day(14).AddSeconds(3))).Reason);

    [Fact]
    public void Evaluate_CanceledAfterThePaidPeriod_IsCanceled() =>
        Assert.Equal(AccessReason.Canceled, Evaluate(Canceled(Converted(Trialing()), Day(30))).Reason);

    [Theory]
    [InlineData("sub_1 Active free, sub_2 Active pro", AccessReason.Subscribed, "pro")]
    [InlineData("sub_1 Active pro, sub_2 Active free", AccessReason.Subscribed, "pro")]
    [InlineData("sub_1 Trialing team, sub_2 Active pro", AccessReason.Subscribed, "pro")]
    [InlineData("sub_1 PastDue pro, sub_2 Trialing team", AccessReason.Trial, "team")]
    [InlineData("sub_1 PastDue pro, sub_2 Active free", AccessReason.GracePeriod, "pro")]
    [InlineData("sub_1 Canceled pro, sub_2 Active free", AccessReason.FreePlan, "free")]
    [InlineData("sub_1 Paused pro, sub_2 Active team", AccessReason.Subscribed, "team")]
    [InlineData("sub_1 Unpaid pro, sub_2 Paused team", AccessReason.PaymentFailed, "team")]
    [InlineData("sub_1 Paused pro, sub_2 Incomplete team", AccessReason.Paused, "pro")]
    [InlineData("sub_1 Canceled pro, sub_2 Paused team", AccessReason.Paused, "team")]
    [InlineData("sub_1 Canceled pro, sub_2 Canceled team", AccessReason.Canceled, "team")]
    [InlineData("sub_1 Canceled pro, sub_2 IncompleteExpired team", AccessReason.Incomplete, "pro")]
    [InlineData("sub_1 Unknown pro, sub_2 Canceled team", AccessReason.NoSubscription, "team")]
    public void Evaluate_SeveralSubscriptions_TheBestSpeaks(string facts, AccessReason reason, string planKey)
    {
        var subscriptions = facts.Split(", ").Select(fact => fact.Split(' ')).Select(parts => Active(parts[2], parts[0]) with
        {
            Name = parts[0],
            Status = Enum.Parse<SubscriptionStatus>(parts[1]),
            PastDueSince = Start,
            Trial = parts[1] == "Trialing" ? new(Start, Day(14)) : null,
            EndedAt = parts[1] is "Canceled" or "IncompleteExpired" ? Day(1) : null,
        });

        var access = Evaluate([.. subscriptions]);

        Assert.Equal(reason, access.Reason);
        Assert.Equal(planKey, access.PlanKey);
    }

    [Fact]
    public void Evaluate_SeveralSubscriptions_AccessEndsWithTheLast()
    {
        var first = CancelsAt(Active(), Day(20), Start);
        var second = Trialing("team", "sub_2") with { Name = "second" };

        Assert.Equal(Day(20), Evaluate(first, second).Until);
        Assert.Equal(Day(14), Evaluate(CancelsAt(Active(), Day(9), Start), second).Until);
        Assert.Null(Evaluate(first, second, Active("free", "sub_3") with { Name = "third" }).Until);
        Assert.Equal(Day(20), Evaluate(first, Canceled(second, Day(2))).Until);
    }

    [Fact]
    public void NextEdge_OnlyTheEndOfGrace()
    {
        Assert.Null(AccessRules.NextEdge(State(Active(), Trialing(id: "sub_2")), Options, Start));
        var state = State(PastDue(Active(), Day(1)), PastDue(Active(id: "sub_2"), Day(3)));
        Assert.Equal(Day(8), AccessRules.NextEdge(state, Options, Day(7.99)));
        Assert.Equal(Day(10), AccessRules.NextEdge(state, Options, Day(8)));
        Assert.Null(AccessRules.NextEdge(state, Options, Day(10)));
    }

    [Fact]
    public void NextEdge_UpToIt_TheAnswerHolds_AtIt_ItChanges() => Samples.Hold(
        SaasBilling.Tests.Subscriptions.Chaos.Subscription,
        subscription =>
        {
            var state = State(subscription);
            var before = AccessRules.Evaluate(state, Catalog, Options, Start);
            var edge = AccessRules.NextEdge(state, Options, Start);
            if (edge is null)
                return AccessRules.Evaluate(state, Catalog, Options, Day(4000)).Reason == before.Reason;

            return AccessRules.Evaluate(state, Catalog, Options, edge.Value.AddSeconds(-1)).Reason == before.Reason
                && AccessRules.Evaluate(state, Catalog, Options, edge.Value).IsGranted != before.IsGranted;
        });

    [Fact]
    public void Decide_WithoutAMeter_ComparesTheTotalWithTheLimit()
    {
        var catalog = Plans.Catalogs.Build(builder => builder.AddPlan("pro", plan => plan.Price(1m, "USD", BillingInterval.Monthly).Feature("projects", limit: 50).Feature("export")));
        var state = State(Active());
        var access = AccessRules.Evaluate(state, catalog, Options, Start);

        Assert.Equal(new(true, AccessReason.Subscribed, null, 50, null, NextStep.None), AccessRules.Decide(access, state, catalog, "projects", 50));
        Assert.Equal(new(false, AccessReason.Subscribed, null, 50, null, NextStep.Upgrade), AccessRules.Decide(access, state, catalog, "projects", 51));
        Assert.Equal(new(true, AccessReason.Subscribed, null, 50, null, NextStep.None), AccessRules.Decide(access, state, catalog, "projects", 0));
        Assert.Equal(new(true, AccessReason.Subscribed, null, null, null, NextStep.None), AccessRules.Decide(access, state, catalog, "export", long.MaxValue));
        Assert.Equal(new(false, AccessReason.Subscribed, null, 50, null, NextStep.Upgrade), AccessRules.Decide(access, state, catalog, "projects", long.MaxValue));
    }

    [Fact]
    public void Decide_WithALevel_AddsWhatIsUsed()
    {
        var state = State(Active()) with { Usage = [new("projects", Start, 48, Start)] };
        var access = AccessRules.Evaluate(state, Catalog, Options, Start);

        Assert.Equal(new(true, AccessReason.Subscribed, null, 50, 48, NextStep.None), AccessRules.Decide(access, state, Catalog, "projects", 2));
        Assert.Equal(new(false, AccessReason.Subscribed, null, 50, 48, NextStep.Upgrade), AccessRules.Decide(access, state, Catalog, "projects", 3));
    }

    [Fact]
    public void Decide_WithACount_SaysWhenItStartsAnew()
    {
        var state = State(Active()) with { Usage = [new("api_calls", Start, 999.2m, Start)] };
        var access = AccessRules.Evaluate(state, Catalog, Options, Start);

        Assert.Equal(new(false, AccessReason.Subscribed, Day(31), 1000, 1000, NextStep.Upgrade), AccessRules.Decide(access, state, Catalog, "api_calls", 1));
        Assert.Equal(new(false, AccessReason.Subscribed, null, 1000, 1000, NextStep.Upgrade), AccessRules.Decide(access, state, Catalog, "api_calls", 1001));
        Assert.True(AccessRules.Decide(access, state, Catalog, "api_calls", 0).IsAllowed);
    }

    [Fact]
    public void Decide_NotInThePlan_AsksToUpgrade() =>
        Assert.Equal(new(false, AccessReason.Subscribed, null, null, null, NextStep.Upgrade), Decide("sso", 1, Active()));

    [Fact]
    public void Decide_UnknownFeature_IsNeverASilentNo()
    {
        var exception = Assert.Throws<BillingException>(() => Decide("exprot", 1, Active()));

        Assert.Equal(BillingErrorCode.UnknownFeature, exception.Code);
        Assert.Equal(
            "There is no feature 'exprot'. Use one of these features, or declare it on a plan: 'api_calls', 'export', 'gigabytes', 'projects', 'sso'.",
            exception.Message);
    }

    [Fact]
    public void Decide_NegativeQuantity_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => Decide("export", -1, Active()));

    [Fact]
    public void Decide_EnormousUsage_IsShownAsTheMost()
    {
        var state = State(Active("usage")) with { Usage = [new("api_calls", Start, decimal.MaxValue, Start)] };
        var decision = AccessRules.Decide(AccessRules.Evaluate(state, Catalog, Options, Start), state, Catalog, "api_calls", 0);

        Assert.Equal(long.MaxValue, decision.Used);
        Assert.False(decision.IsAllowed);
    }

    private static AccessDecision Decide(string feature, long quantity, params Subscription[] subscriptions) =>
        AccessRules.Decide(Evaluate(subscriptions), State(subscriptions), Catalog, feature, quantity);

    private static AccessSnapshot Evaluate(params Subscription[] subscriptions) => Evaluate(Start, subscriptions);

    private static AccessSnapshot Evaluate(DateTimeOffset now, params Subscription[] subscriptions) => AccessRules.Evaluate(State(subscriptions), Catalog, Options, now);

    private static CustomerState State(params Subscription[] subscriptions) => new() { Customer = Acme, Version = 1, Subscriptions = subscriptions };
}
