using FsCheck;
using FsCheck.Fluent;

namespace SaasBilling.Tests.ModelBased;

/// <summary>What an application or a customer may do.</summary>
internal enum DeedKind
{
    Wait,
    AddCard,
    RemoveCard,
    StartTrial,
    Subscribe,
    Change,
    UndoChange,
    Cancel,
    Resume,
    Pause,
    Reactivate,
    AddCharge,
    ChargeNow,
    AddCredit,
    PayInvoice,
    EndInvoice,
    Refund,
    ApplyCoupon,
    RemoveCoupon,
    ExtendTrial,
    EndTrial,
    RecordUsage,
    AnswerBank,
    ReachMilestone,
}

/// <summary>One thing that is done, or a while that passes.</summary>
/// <param name="Who">The number of the customer.</param>
/// <param name="Kind">What.</param>
/// <param name="Pick">Chooses among the ways to do it.</param>
internal sealed record Deed(int Who, DeedKind Kind, int Pick)
{
    public string CustomerId => $"customer-{Who}";

    public override string ToString() => $"new({Who}, DeedKind.{Kind}, {Pick})";

    /// <summary>Lives of up to three customers; one that fails is shrunk by leaving things out.</summary>
    public static Arbitrary<Deed[]> Lives(params (int Weight, DeedKind Kind)[] kinds)
    {
        var kind = Gen.Frequency(kinds.Select(weighted => (weighted.Weight, Gen.Constant(weighted.Kind))));
        var deed =
            from who in Gen.Choose(0, 2)
            from what in kind
            from pick in Gen.Choose(0, 9_999)
            select new Deed(who, what, pick);
        return Arb.From(deed.ArrayOf(), Shrink);
    }

    // Long stretches first, then one by one, then in simpler ways.
    private static IEnumerable<Deed[]> Shrink(Deed[] deeds)
    {
        for (var length = deeds.Length / 2; length > 0; length /= 2)
        {
            for (var from = 0; from + length <= deeds.Length; from += length)
                yield return [.. deeds.Take(from), .. deeds.Skip(from + length)];
        }

        for (var i = 0; i < deeds.Length; i++)
        {
            if (deeds[i].Who != 0)
                yield return [.. deeds.Take(i), deeds[i] with { Who = 0 }, .. deeds.Skip(i + 1)];
        }
    }
}
