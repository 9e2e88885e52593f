using static SaasBilling.Tests.Subscriptions.Facts;

namespace SaasBilling.Tests.Subscriptions;

/// <summary>Every life-cycle event that the public API knows is raised by something: a case for each, and a test that misses none.</summary>
public sealed class EveryEventTests
{
    private static readonly Dictionary<Type, Action<Story>> Cases = new()
    {
        [typeof(CustomerCreated)] = story => story.See(),
        [typeof(CustomerDeleted)] = story =>
        {
            story.See();
            story.See(Acme with { DeletedAt = Day(1) });
        },
        [typeof(MilestoneReached)] = story =>
        {
            story.See();
            story.Reach("first_project");
        },
        [typeof(TrialStarted)] = story => story.See(Trialing()),
        [typeof(TrialEnding)] = story =>
        {
            story.See(Trialing());
            story.At(11).Wake();
        },
        [typeof(TrialExtended)] = story =>
        {
            story.See(Trialing());
            story.At(1).See(Trialing(days: 21));
        },
        [typeof(TrialConverted)] = story =>
        {
            story.See(Trialing());
            story.At(15).See(Converted(Trialing()), Paid(Draft(Converted(Trialing()))));
        },
        [typeof(TrialExpired)] = story =>
        {
            story.See(Trialing());
            story.At(14).See(Canceled(Trialing(), Day(14)));
        },
        [typeof(SubscriptionActivated)] = story => story.See(Active()),
        [typeof(SubscriptionRenewed)] = story =>
        {
            story.See(Active());
            story.At(31).See(Renewed(Active()));
        },
        [typeof(PlanChanged)] = story =>
        {
            story.See(Active());
            story.At(1).See(Active("team"));
        },
        [typeof(QuantityChanged)] = story =>
        {
            story.See(Active("team"));
            story.At(1).See(Seats(Active("team"), 5));
        },
        [typeof(CancellationScheduled)] = story =>
        {
            story.See(Active());
            story.At(1).See(CancelsAt(Active(), Day(31), Day(1)));
        },
        [typeof(CancellationUndone)] = story =>
        {
            story.See(CancelsAt(Active(), Day(31), Day(0)));
            story.At(1).See(Active());
        },
        [typeof(SubscriptionCanceled)] = story =>
        {
            story.See(Active());
            story.At(1).See(Canceled(Active(), Day(1)));
        },
        [typeof(SubscriptionReactivated)] = story =>
        {
            story.See(Canceled(Active(), Day(1)));
            story.At(2).See(Active(id: "sub_2", at: Day(2)));
        },
        [typeof(SubscriptionPaused)] = story =>
        {
            story.See(Active());
            story.At(1).See(Active() with { Status = SubscriptionStatus.Paused, Pause = new() });
        },
        [typeof(SubscriptionResumed)] = story =>
        {
            story.See(Active() with { Status = SubscriptionStatus.Paused, Pause = new() });
            story.At(1).See(Active());
        },
        [typeof(PaymentMethodAdded)] = story => story.See(new Cards(Visa)),
        [typeof(PaymentMethodRemoved)] = story =>
        {
            story.See(new Cards(Visa));
            story.See(new Cards());
        },
        [typeof(PaymentMethodExpiring)] = story =>
        {
            story.See(new Cards(Visa));
            story.At(new DateTimeOffset(2030, 12, 2, 0, 0, 0, TimeSpan.Zero)).Wake();
        },
        [typeof(ChargeAdded)] = story => story.See(new Charges(Charge("ii_1"))),
        [typeof(InvoiceUpcoming)] = story =>
        {
            story.See(Active());
            story.At(24).Wake();
        },
        [typeof(InvoiceFinalized)] = story => story.See(Open(Draft(Active()))),
        [typeof(InvoicePaid)] = story => story.See(Paid(Draft(Active()))),
        [typeof(PaymentFailed)] = story => story.See(Failed(Draft(Active()), Day(0))),
        [typeof(PaymentActionRequired)] = story => story.See(Failed(Draft(Active()), Day(0), null, asks: true)),
        [typeof(PaymentRecovered)] = story =>
        {
            story.See(Failed(Draft(Active()), Day(0)));
            story.At(3).See(Paid(Failed(Draft(Active()), Day(0)), Day(3)));
        },
        [typeof(PaymentRefunded)] = story =>
        {
            story.See(First(Active()));
            story.See(First(Active()) with { Refunds = [new("re_1", "in_1", Money.Of(5, "USD"), Day(2))] });
        },
        [typeof(PaymentDisputed)] = story => story.See(First(Active()) with { DisputedAt = Day(1) }),
        [typeof(UsageLimitReached)] = story =>
        {
            story.See(Active("usage"));
            story.Use("api_calls", 10);
        },
        [typeof(AccessGranted)] = story => story.See(Active()),
        [typeof(AccessRestricted)] = story =>
        {
            story.See(Active());
            story.See(Canceled(Active(), Day(1)));
        },
    };

    public static TheoryData<string> EventTypes => [.. typeof(BillingEvent).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(BillingEvent)) && !type.IsAbstract)
        .Select(type => type.Name)
        .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(EventTypes))]
    public void Every_event_is_raised_once_by_something(string name)
    {
        var type = typeof(BillingEvent).Assembly.GetType($"SaasBilling.{name}")!;
        Assert.True(Cases.ContainsKey(type), $"Nothing here raises {name}. Add the case that does.");
        var story = new Story();

        Cases[type](story);

        var raised = Assert.Single(story.Events, raised => raised.GetType() == type);
        Assert.Equal(CustomerId, raised.CustomerId);
        Assert.Equal($"acme/{story.Events.IndexOf(raised) + 1}", raised.Id);
        Assert.Equal(TimeSpan.Zero, raised.OccurredAt.Offset);
    }
}
