using static SaasBilling.Tests.Subscriptions.Facts;

namespace SaasBilling.Tests.Subscriptions;

public sealed class CustomerTests
{
    private readonly Story _story = new();

    [Fact]
    public void Created_Once()
    {
        Assert.Equal("CustomerCreated", _story.At(3).See());
        Assert.Equal(Start, _story.Event<CustomerCreated>().OccurredAt);
        Assert.Equal(1, _story.State!.Version);
        Assert.Equal(1, _story.State.EventCount);

        Assert.Equal("", _story.At(4).See(Acme with { Email = "billing@acme.test" }));
        Assert.Equal("billing@acme.test", _story.State!.Customer.Email);
        Assert.Equal(2, _story.State.Version);
    }

    // B-20: a deleted user kept paying.
    [Fact]
    public void B20_Deleted_EndsAllAndDetachesAll()
    {
        _story.See(Active(), Trialing("team", "sub_2") with { Name = "second" }, new Cards(Visa));

        Assert.Equal(
            "CustomerDeleted PaymentMethodRemoved SubscriptionCanceled SubscriptionCanceled AccessRestricted",
            _story.At(5).See(
                Acme with { DeletedAt = Day(5) },
                Canceled(Active(), Day(5)),
                Canceled(Trialing("team", "sub_2") with { Name = "second" }, Day(5)),
                new Cards()));
        Assert.All(_story.Last.Events.OfType<SubscriptionCanceled>(), raised => Assert.Equal("the customer was deleted", raised.Explanation));
        Assert.Null(_story.State!.WakeAt);
    }

    // B-21: customer.deleted came before subscription.deleted.
    [Fact]
    public void B21_DeletedBeforeItsSubscription_IsNoError()
    {
        _story.See(Active());

        Assert.Equal("CustomerDeleted", _story.At(5).See(Acme with { DeletedAt = Day(5) }));
        Assert.Equal("SubscriptionCanceled AccessRestricted", _story.At(5.1).See(Canceled(Active(), Day(5)), Acme with { DeletedAt = Day(5) }));
        Assert.Equal("", _story.At(6).See(Canceled(Active(), Day(5)), Acme with { DeletedAt = Day(5) }));
    }

    [Fact]
    public void B21_SubscriptionOfSomebodyWhoIsGone_IsNoError()
    {
        _story.See(Acme with { DeletedAt = Day(5) });

        Assert.Equal("SubscriptionActivated SubscriptionCanceled", _story.At(6).See(Canceled(Active(), Day(5)), Acme with { DeletedAt = Day(5) }));
    }

    [Fact]
    public void Deleted_OldNewsOfTheTimeBefore_DoesNotBringThemBack()
    {
        _story.See();
        var early = _story.At(4).Snapshot(Acme);
        _story.At(5).See(Acme with { DeletedAt = Day(5) });

        Assert.Equal("", _story.Apply(early));
        Assert.Equal(Day(5), _story.State!.Customer.DeletedAt);
    }

    [Fact]
    public void Deleted_MadeAnewUnderTheSameId_IsCreatedAgain()
    {
        _story.See(Acme with { DeletedAt = Day(5) });

        Assert.Equal("CustomerCreated", _story.At(9).See(Acme with { CreatedAt = Day(9) }));
        Assert.Null(_story.State!.Customer.DeletedAt);
    }

    [Fact]
    public void FirstSeenDeleted_IsBoth() =>
        Assert.Equal("CustomerCreated CustomerDeleted", _story.See(Acme with { DeletedAt = Day(5) }));

    [Fact]
    public void Milestone_OnceEach()
    {
        _story.See();

        Assert.Equal("MilestoneReached", _story.At(1).Reach("first_project"));
        Assert.Equal("first_project", _story.Event<MilestoneReached>().Milestone);
        Assert.Equal("", _story.At(2).Reach("first_project"));
        Assert.Equal("MilestoneReached", _story.At(3).Reach("first_invite"));
        Assert.Equal(["first_project", "first_invite"], _story.State!.Milestones);
    }

    [Fact]
    public void Cards_AddedReplacedAndRemoved()
    {
        var master = new PaymentMethod("pm_2", "mastercard", "4444", 6, 2031, true);
        Assert.Equal("CustomerCreated PaymentMethodAdded", _story.See(new Cards(Visa)));
        Assert.Equal("PaymentMethodAdded", _story.At(1).See(new Cards(Visa with { IsDefault = false }, master)));
        Assert.Equal("pm_2", _story.Event<PaymentMethodAdded>().PaymentMethod.Id);
        Assert.Equal("PaymentMethodRemoved", _story.At(2).See(new Cards(master)));
        Assert.Equal("pm_1", _story.Event<PaymentMethodRemoved>().PaymentMethod.Id);
        Assert.Equal("PaymentMethodAdded PaymentMethodRemoved", _story.At(3).See(new Cards(Visa)));
        Assert.Equal("", _story.At(4).See());
        Assert.Single(_story.State!.PaymentMethods);
    }

    [Fact]
    public void Charges_AddedAndTakenByAnInvoice()
    {
        Assert.Equal("CustomerCreated ChargeAdded ChargeAdded", _story.See(new Charges(Charge("ii_1"), Charge("ii_2", -3))));
        Assert.Equal([Money.Of(10, "USD"), Money.Of(-3, "USD")], _story.Last.Events.OfType<ChargeAdded>().Select(raised => raised.Line.Amount));
        Assert.Equal("ChargeAdded", _story.At(1).See(new Charges(Charge("ii_2", -3), Charge("ii_3"))));
        Assert.Equal("", _story.At(2).See(new Charges()));
        Assert.Empty(_story.State!.PendingCharges);
    }

    [Fact]
    public void EventIds_CountUpOverAllTransitions()
    {
        _story.See(Active(), First(Active()), new Cards(Visa));
        _story.At(31).See(Renewed(Active()));

        Assert.Equal(Enumerable.Range(1, _story.Events.Count).Select(number => $"acme/{number}"), _story.Events.Select(raised => raised.Id));
        Assert.Equal(_story.Events.Count, _story.State!.EventCount);
    }
}
