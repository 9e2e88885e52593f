namespace SaasBilling.Faults.Instances;

/// <summary>What the program can ask of a process under test.</summary>
public interface IInstance
{
    /// <summary>Gives a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="mayBeDone">It was given before, and not answered: whether it is done is looked up first, as a careful application would.</param>
    Task RunAsync(CustomerCommand command, bool mayBeDone);

    /// <summary>A webhook comes.</summary>
    /// <param name="body">Its body.</param>
    /// <param name="dieAfterwards">Whether the process kills itself when the webhook is stored, before it answers.</param>
    Task<WebhookReceipt> ReceiveAsync(string body, bool dieAfterwards);

    /// <summary>New webhooks and duplicates of them come in turn.</summary>
    /// <param name="customerId">Whose they are.</param>
    /// <param name="rounds">How many of each.</param>
    /// <returns>The median times in seconds, of the new ones and of the duplicates.</returns>
    Task<double[]> TimeWebhooksAsync(string customerId, int rounds);

    /// <summary>Asks whether a customer has the plan's feature.</summary>
    Task<bool> HasAccessAsync(string customerId);

    /// <summary>Sets the clock of the process.</summary>
    /// <param name="offset">How far it is off.</param>
    Task SetClockAsync(TimeSpan offset);
}
