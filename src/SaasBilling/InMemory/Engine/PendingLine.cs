using System.Runtime.InteropServices;

namespace SaasBilling.InMemory.Engine;

/// <summary>A line that waits for an invoice: a proration, or a one-off charge.</summary>
/// <param name="Number">Counts the customer's pending lines; ids are made of it.</param>
/// <param name="SubscriptionNumber">The subscription whose next invoice takes it; 0: any invoice of the customer.</param>
/// <param name="Currency">Only an invoice of this currency takes it.</param>
/// <param name="Line">The line.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PendingLine(int Number, int SubscriptionNumber, Currency Currency, EngineLine Line)
{
    public bool IsProration => Line.IsProration;
}
