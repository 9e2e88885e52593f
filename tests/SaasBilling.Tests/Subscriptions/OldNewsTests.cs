using SaasBilling.Subscriptions;
using static SaasBilling.Tests.Subscriptions.Facts;

namespace SaasBilling.Tests.Subscriptions;

/// <summary>Duplicates and stale parts change nothing.</summary>
public sealed class OldNewsTests
{
    private readonly Story _story = new();

    // B-2: a late "incomplete" overwrote "active".
    [Fact]
    public void B2_ALateIncomplete_DoesNotOverwriteActive()
    {
        _story.See(Incomplete());
        _story.At(0.1).See(Active());

        Assert.Equal("", _story.At(0.2).See(Incomplete()));
        Assert.False(_story.Last.Changed);
        Assert.Equal(SubscriptionStatus.Active, _story.Subscription.Status);
        Assert.True(_story.State!.AccessWasGranted);
    }

    [Theory]
    [InlineData(SubscriptionStatus.Active)]
    [InlineData(SubscriptionStatus.Trialing)]
    [InlineData(SubscriptionStatus.PastDue)]
    [InlineData(SubscriptionStatus.Unpaid)]
    [InlineData(SubscriptionStatus.Paused)]
    [InlineData(SubscriptionStatus.Incomplete)]
    [InlineData(SubscriptionStatus.IncompleteExpired)]
    [InlineData(SubscriptionStatus.Unknown)]
    public void WhatIsCanceled_NeverLivesAgain(SubscriptionStatus status)
    {
        _story.See(Canceled(Active(), Day(1)));

        Assert.Equal("", _story.At(2).See(Trialing() with { Status = status, PastDueSince = Day(2) }));
        Assert.False(_story.Last.Changed);
    }

    [Fact]
    public void WhatExpired_NeverLivesAgain()
    {
        var expired = Incomplete() with { Status = SubscriptionStatus.IncompleteExpired, EndedAt = Day(1) };
        _story.See(expired);

        Assert.Equal("", _story.At(2).See(Active()));
        Assert.Equal("", _story.At(2).See(Canceled(Active(), Day(2))));
        Assert.False(_story.Last.Changed);
    }

    [Fact]
    public void APeriodThatWasReadBeforeTheRenewal_DoesNotComeBack()
    {
        _story.See(Active());
        var early = _story.At(30.99).Snapshot(Seats(Active(), 1));
        _story.At(31).See(Renewed(Active()));

        Assert.Equal("", _story.Apply(early));
        Assert.Equal(Month(1), _story.Subscription.CurrentPeriod);
    }

    [Fact]
    public void APeriodThatTheProviderMovedBack_IsBelieved()
    {
        _story.At(31).See(Renewed(Active()));

        Assert.Equal("", _story.At(32).See(Active()));
        Assert.Equal(Month(0), _story.Subscription.CurrentPeriod);
    }

    [Fact]
    public void Invoices_ThatHaveMovedOn_DoNotComeBack()
    {
        var draft = Draft(Active());
        var open = Open(draft);
        var failed = Failed(open, Day(1));
        var paid = Paid(failed, Day(2));
        var disputed = paid with { DisputedAt = Day(3), Refunds = [new("re_1", "in_1", Money.Of(1, "USD"), Day(3))] };
        Invoice[] life = [draft, open, failed, paid, disputed];
        foreach (var seen in life)
            _story.See(seen);

        foreach (var stale in life.SkipLast(1).Reverse())
        {
            Assert.Equal("", _story.See(stale));
            Assert.False(_story.Last.Changed);
        }

        Assert.Equal("CustomerCreated InvoiceFinalized PaymentFailed InvoicePaid PaymentRecovered PaymentRefunded PaymentDisputed", Names(_story));
        Assert.Empty(_story.State!.OpenInvoices);
    }

    [Theory]
    [InlineData(InvoiceStatus.Void, InvoiceStatus.Open)]
    [InlineData(InvoiceStatus.Void, InvoiceStatus.Paid)]
    [InlineData(InvoiceStatus.Uncollectible, InvoiceStatus.Open)]
    [InlineData(InvoiceStatus.Uncollectible, InvoiceStatus.Draft)]
    [InlineData(InvoiceStatus.Open, InvoiceStatus.Draft)]
    public void Invoices_DoNotGoBack(InvoiceStatus stored, InvoiceStatus stale)
    {
        _story.See(Open(Draft(Active())) with { Status = stored });

        Assert.Equal("", _story.See(Open(Draft(Active())) with { Status = stale }));
        Assert.False(_story.Last.Changed);
    }

    [Fact]
    public void AnythingSeenTwice_ChangesNothing()
    {
        var snapshot = _story.Snapshot(Trialing(), First(Trialing()), new Cards(Visa), new Charges(Charge("ii_1")), Acme with { Metadata = new Dictionary<string, string> { ["a"] = "b" } });
        _story.Apply(snapshot);
        var copy = snapshot with
        {
            Subscriptions = [snapshot.Subscriptions[0] with { Items = [.. snapshot.Subscriptions[0].Items] }],
            Invoices = [snapshot.Invoices[0] with { Lines = [.. snapshot.Invoices[0].Lines] }],
            PaymentMethods = [Visa with { }],
            PendingCharges = [Charge("ii_1")],
            Customer = snapshot.Customer with { Metadata = new Dictionary<string, string> { ["a"] = "b" } },
        };

        Assert.Equal("", _story.Apply(copy));
        Assert.False(_story.Last.Changed);
        Assert.Same(_story.State, _story.Last.After);
    }

    [Fact]
    public void TheSameTwiceInOneSnapshot_IsToldOnce() =>
        Assert.Equal(
            "CustomerCreated SubscriptionActivated InvoiceFinalized InvoicePaid AccessGranted",
            _story.See(Active(), Active(), First(Active()), First(Active())));

    [Fact]
    public void ACursorAlone_IsNothingToCommit()
    {
        _story.See(Active());

        _story.Apply(_story.Snapshot() with { Cursor = "17" });

        Assert.False(_story.Last.Changed);
        Assert.Equal("17", _story.Last.After.ProviderCursor);
        Assert.Equal(_story.State! with { ProviderCursor = "17" }, _story.Last.After);
    }

    [Fact]
    public void ACursorThatComesWithAChange_IsKept()
    {
        _story.Apply(_story.Snapshot(Active()) with { Cursor = "17" });
        _story.See(Active() with { CancellationReason = "late" });

        Assert.Equal("17", _story.State!.ProviderCursor);
    }

    [Fact]
    public void WhatIsNotMentioned_StaysTheVeryInstance()
    {
        _story.See(Active(), Open(Draft(Active())), new Cards(Visa), new Charges(Charge("ii_1")));
        var before = _story.State!;

        _story.At(31).See(Renewed(Active()));

        Assert.Same(before.OpenInvoices, _story.State!.OpenInvoices);
        Assert.Same(before.PaymentMethods, _story.State.PaymentMethods);
        Assert.Same(before.PendingCharges, _story.State.PendingCharges);
        Assert.Same(before.Trials, _story.State.Trials);
        Assert.Same(before.Milestones, _story.State.Milestones);
        Assert.Same(before.Usage, _story.State.Usage);
        Assert.Same(before.Mrr, _story.State.Mrr);
        Assert.Same(before.Customer, _story.State.Customer);
    }

    [Fact]
    public void NeitherStateNorSnapshot_IsRefused()
    {
        var exception = Assert.Throws<ArgumentException>(() => Transition.Apply(null, null, new() { Catalog = Catalog, Options = new(), Now = Start }));

        Assert.Equal("Nothing is known of the customer. Pass the stored state, or the provider's snapshot. (Parameter 'before')", exception.Message);
    }

    private static string Names(Story story) => Story.Names(story.Events);
}
