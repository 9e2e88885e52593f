using FsCheck;
using FsCheck.Fluent;
using static SaasBilling.Tests.Subscriptions.Facts;

namespace SaasBilling.Tests.Subscriptions;

/// <summary>What no provider would say: any status, any date, in any order. The transition must keep its promises all the same.</summary>
internal static class Chaos
{
    /// <summary>One thing that happens to a story.</summary>
    public sealed record Deed(string Name, double DaysLater, Func<Story, string> Do)
    {
        public override string ToString() => $"{DaysLater:0.##}d {Name}";
    }

    private static readonly Gen<double> Days = Gen.Choose(0, 24 * 90).Select(hours => hours / 24d);

    private static readonly Gen<DateTimeOffset> Instant = Days.Select(Day);

    private static readonly Gen<DateTimeOffset?> Sometimes = Gen.OneOf(Gen.Constant((DateTimeOffset?)null), Instant.Select(instant => (DateTimeOffset?)instant));

    private static readonly Gen<BillingPeriod> Period =
        from start in Days
        from length in Gen.Choose(0, 40)
        select new BillingPeriod(Day(start), Day(start + length));

    public static readonly Gen<Subscription> Subscription =
        from number in Gen.Choose(1, 4)
        from status in Gen.Elements(Enum.GetValues<SubscriptionStatus>())
        from plan in Gen.Elements("free", "pro", "team", "usage", "gone")
        from seats in Gen.Choose(0, 5)
        from packs in Gen.Choose(0, 2)
        from period in Period
        from trial in Gen.OneOf(Gen.Constant((BillingPeriod?)null), Period.Select(found => (BillingPeriod?)found))
        from cancels in Sometimes
        from ended in Sometimes
        from pastDue in Sometimes
        from paused in Gen.Elements(true, false)
        from discount in Gen.Elements("", "forever20", "forever5", "launch")
        select With(Seats(Active(plan, $"sub_{number}"), seats), "pack", packs) with
        {
            Name = number % 2 == 0 ? "default" : "second",
            Status = status,
            CurrentPeriod = period,
            Trial = trial,
            CancelsAt = cancels,
            CanceledAt = cancels,
            EndedAt = status is SubscriptionStatus.Canceled or SubscriptionStatus.IncompleteExpired ? ended : null,
            PastDueSince = pastDue,
            Pause = paused && status == SubscriptionStatus.Paused ? new() : null,
            Discounts = discount.Length == 0 ? [] : [new(discount, Start, null)],
        };

    private static readonly Gen<Invoice> Invoice =
        from number in Gen.Choose(1, 5)
        from subscription in Gen.Choose(1, 4)
        from status in Gen.Elements(Enum.GetValues<InvoiceStatus>())
        from reason in Gen.Elements(Enum.GetValues<BillingReason>())
        from created in Instant
        from failures in Gen.Choose(0, 3)
        from paid in Sometimes
        select Failures(Draft(Active(id: $"sub_{subscription}"), $"in_{number}", created, reason: reason), failures) with
        {
            Status = status,
            FinalizedAt = status == InvoiceStatus.Draft ? null : created,
            PaidAt = status == InvoiceStatus.Paid ? paid : null,
            AmountPaid = Money.Of(status == InvoiceStatus.Paid ? 29 : 0, "USD"),
        };

    private static readonly Gen<PaymentMethod> Card =
        from month in Gen.Choose(1, 12)
        from year in Gen.Choose(2025, 2027)
        from isDefault in Gen.Elements(true, false)
        select new PaymentMethod("pm_0", "visa", "4242", month, year, isDefault);

    private static readonly Gen<object> CardsOnFile =
        from mask in Gen.Choose(0, 7)
        from cards in Gen.ArrayOf(Card, 3)
        select (object)new Cards([.. cards.Select((card, index) => card with { Id = $"pm_{index}" }).Where((_, index) => (mask & (1 << index)) != 0)]);

    private static readonly Gen<object> PendingCharges =
        from mask in Gen.Choose(0, 3)
        select (object)new Charges([.. new[] { "ii_0", "ii_1" }.Where((_, index) => (mask & (1 << index)) != 0).Select(id => Charge(id))]);

    private static readonly Gen<object> Fact = Gen.Frequency(
        (6, Subscription.Select(fact => (object)fact)),
        (3, Invoice.Select(fact => (object)fact)),
        (1, CardsOnFile),
        (1, PendingCharges),
        (1, Sometimes.Select(deleted => (object)(Acme with { DeletedAt = deleted }))));

    private static readonly Gen<Deed> Seeing =
        from later in Gen.Choose(0, 200)
        from count in Gen.Choose(1, 3)
        from facts in Gen.ArrayOf(Fact, count)
        let distinct = facts.DistinctBy(Describe).ToArray()
        select new Deed($"see {string.Join(" + ", distinct.Select(Describe))}", later / 24d, story => story.See(distinct));

    private static readonly Gen<Deed> Waking =
        from later in Gen.Choose(0, 400)
        from previews in Gen.Elements(true, false)
        select new Deed("wake", later / 24d, story => story.State is null ? "" : story.Wake(previews));

    private static readonly Gen<Deed> Using =
        from meter in Gen.Elements("api_calls", "projects", "gigabytes", "logins")
        from quantity in Gen.Choose(0, 30)
        from at in Instant
        select new Deed($"use {quantity} {meter}", 0, story => story.State is null ? "" : story.Use(meter, quantity, at));

    public static readonly Gen<Deed[]> Life = Gen.Frequency((5, Seeing), (3, Waking), (1, Using)).ArrayOf();

    // A snapshot mentions each thing once.
    private static string Describe(object fact) => fact switch
    {
        Subscription subscription => subscription.Id,
        Invoice invoice => invoice.Id,
        _ => fact.GetType().Name,
    };

    private static Invoice Failures(Invoice invoice, int count)
    {
        for (var i = 0; i < count; i++)
            invoice = Failed(invoice, invoice.CreatedAt.AddDays(i), i % 2 == 0 ? "generic_decline" : null, asks: i % 2 == 1);

        return invoice;
    }
}
