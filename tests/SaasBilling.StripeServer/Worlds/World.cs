using SaasBilling.InMemory.Engine;
using SaasBilling.Providers;
using SaasBilling.StripeServer.Http;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Worlds;

/// <summary>
/// The customers of one clock: those of a test clock, or all others. Its time only moves forward; what is due on the way is run one step after the
/// other, and every step is told before the next.
/// </summary>
internal sealed class World
{
    private readonly Account _account;
    private readonly PriorityQueue<Action, (long At, long Order)> _timers = new();
    private long _order;

    public World(Account account, string? clockId, long start, InMemoryBillingOptions options)
    {
        _account = account;
        ClockId = clockId;
        Now = start;
        Engine = new BillingEngine(account.Catalog, options, NoTax.Instance);
    }

    public string? ClockId { get; }

    public BillingEngine Engine { get; }

    /// <summary>Unix seconds.</summary>
    public long Now { get; private set; }

    public long NextDueAt => Math.Min(Engine.NextDueAt, _timers.TryPeek(out _, out var timer) ? timer.At : Instants.Never);

    /// <summary>Runs what falls due until then.</summary>
    public void AdvanceTo(long target)
    {
        while (NextDueAt is var due && due <= target)
        {
            Now = Math.Max(Now, due);
            if (Engine.NextDueAt <= due)
                Step();
            else
                Fire(_timers.Dequeue());
        }

        Now = Math.Max(Now, target);
    }

    /// <summary>Does something at an instant, after what the engine has to do then.</summary>
    public void At(long instant, Action action) => _timers.Enqueue(action, (instant, ++_order));

    public EngineCustomer Find(CustomerRecord customer) => Engine.Find(customer.Id)!;

    /// <summary>
    /// Does something with an account now, and tells what came of it. It is done on a copy first, so that what is refused in the middle changes nothing:
    /// the command may be run twice, and must not touch anything but the account.
    /// </summary>
    public T Run<T>(CustomerRecord customer, Func<EngineContext, EngineCustomer, T> command)
    {
        Try(customer, command);
        return RunAtOnce(customer, command);
    }

    /// <summary>Does something with a copy.</summary>
    public T Try<T>(CustomerRecord customer, Func<EngineContext, EngineCustomer, T> command)
    {
        var copy = Engine.Fork(Find(customer));
        return copy.Run(copy.Find(customer.Id)!, Instants.At(Now), command).Answer;
    }

    /// <summary>As <see cref="Run"/>, for what refuses before it changes anything, or needs what the copy does not have: settled invoices.</summary>
    public T RunAtOnce<T>(CustomerRecord customer, Func<EngineContext, EngineCustomer, T> command)
    {
        var answer = Engine.Run(Find(customer), Instants.At(Now), command).Answer;
        Observer.Observe(_account, this, customer);
        return answer;
    }

    /// <summary>A customer's invoice, settled or not.</summary>
    public EngineInvoice Invoice(CustomerRecord customer, int number)
    {
        var account = Find(customer);
        return Engine.FindInvoice(account, EngineIds.Invoice(account, number));
    }

    // What cannot be done any more when its time comes is not done: a schedule of a customer who left.
    private static void Fire(Action timer)
    {
        try
        {
            timer();
        }
        catch (Exception refused) when (refused is StripeFault or BillingException)
        {
            return;
        }
    }

    private void Step()
    {
        if (Engine.RunNext(Now) is { } snapshot && _account.Objects.TryFind<CustomerRecord>(snapshot.Customer.Id, out var customer))
            Observer.Observe(_account, this, customer);
    }
}
