namespace SaasBilling.Faults.Instances;

/// <summary>What a client asks for.</summary>
public enum CommandKind
{
    Subscribe,
    Charge,
    ChargeNow,
    Credit,
    Seats,
    Usage,
    Milestone,
}

/// <summary>A command of a client.</summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="Kind">What.</param>
/// <param name="Id">Names it, where what it does has a name: a charge's description, a usage's key.</param>
/// <param name="Amount">Minor units, or seats.</param>
public sealed record CustomerCommand(string CustomerId, CommandKind Kind, string Id, long Amount);
