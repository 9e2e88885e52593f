using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SaasBilling.Faults.Databases;

namespace SaasBilling.Faults.Instances;

/// <summary>Hooks whose effects can be counted; some events ask for trouble.</summary>
internal static class TracingHooks
{
    /// <summary>The hook whose effect is a row in the application's database, keyed by the event.</summary>
    public const string Rows = "rows";

    /// <summary>The hook whose effect is outside: a line in a file, keyed by the delivery.</summary>
    public const string Lines = "lines";

    /// <summary>Milestones at which the hook of the lines throws, hangs, or takes the process down.</summary>
    public const string Throws = "throws";
    public const string Hangs = "hangs";
    public const string Kills = "kills";

    public static async Task WriteRowAsync(BillingEvent billingEvent, IServiceProvider services, CancellationToken cancellationToken)
    {
        var log = services.GetRequiredService<DeliveryLog>();
        log.Begin(Rows, billingEvent.Id);
        var context = services.GetRequiredService<FaultContext>();
        if (context.Database.IsSqlite())
            await context.Database.ExecuteSqlAsync($"PRAGMA busy_timeout = 1000", cancellationToken);
        if (!await context.Effects.AnyAsync(effect => effect.EventId == billingEvent.Id, cancellationToken))
        {
            context.Add(new Effect { EventId = billingEvent.Id, CustomerId = billingEvent.CustomerId, ProcessId = Environment.ProcessId });
            await context.SaveChangesAsync(cancellationToken);
        }

        log.End(Rows, billingEvent.Id);
    }

    public static async Task WriteLineAsync(BillingEvent billingEvent, IServiceProvider services, CancellationToken cancellationToken)
    {
        var log = services.GetRequiredService<DeliveryLog>();
        log.Begin(Lines, billingEvent.Id);
        switch ((billingEvent as MilestoneReached)?.Milestone)
        {
            case Throws:
                throw new InvalidOperationException("This hook throws.");
            case Hangs:
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
                break;
            case Kills:
                Signals.Send(Environment.ProcessId, Signals.Kill);
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
                break;
        }

        log.End(Lines, billingEvent.Id);
    }
}
