using SaasBilling.Providers;

namespace SaasBilling.InMemory.Engine;

/// <summary>
/// The billing engine: the accounts, and one queue of them ordered by when something is due. Synchronous and without I/O; not
/// thread-safe, the provider holds a lock.
/// </summary>
internal sealed class BillingEngine
{
    private const long PostponedBy = 3_600;
    private static readonly Func<EngineContext, EngineCustomer, bool> Once = Step;
    private readonly EngineContext _context;
    private readonly InvoiceArchive? _archive;
    private readonly AccountShelf _accounts;
    private readonly DueQueue _queue = new();

    public BillingEngine(PlanCatalog catalog, InMemoryBillingOptions options, ITaxCalculator tax)
        : this(new DeclaredCatalog(catalog), options, tax)
    {
    }

    public BillingEngine(IEngineCatalog catalog, InMemoryBillingOptions options, ITaxCalculator tax)
    {
        _context = new EngineContext(catalog, options, tax);
        _archive = new InvoiceArchive();
        _accounts = new AccountShelf();
    }

    // A copy of one account, to be run ahead: it keeps its invoices, so that the archive is not written to.
    private BillingEngine(EngineContext context, EngineCustomer customer)
    {
        _context = context;
        customer.Archived = InvoiceArchive.None;
        _accounts = new AccountShelf(customer);
        Requeue(customer);
    }

    public EngineContext Context => _context;

    public int Count => _accounts.Count;

    public IEnumerable<string> CustomerIds => _accounts.CustomerIds;

    /// <summary>When the next thing is due; <see cref="Instants.Never"/>: nothing is.</summary>
    public long NextDueAt => _queue.TryPeek(out _, out var due) ? due : Instants.Never;

    public EngineCustomer? Find(string customerId) => _accounts.Find(customerId);

    /// <summary>The account, made if there is none.</summary>
    public EngineCustomer FindOrAdd(string customerId, DateTimeOffset now)
    {
        if (_accounts.Find(customerId) is { } known)
            return known;

        if (_accounts.Count == DueQueue.MaxAccounts)
            throw new BillingException(BillingErrorCode.InvalidState, $"The in-memory engine holds at most {DueQueue.MaxAccounts} customers. Use a provider with a database for more.");

        var profile = new Customer { Id = customerId, CreatedAt = Instants.At(Instants.From(now)) };
        var customer = new EngineCustomer { Number = _accounts.NextNumber, Id = customerId, Profile = profile, NumberPrefix = EngineIds.Hash(customerId) };
        _accounts.Add(customer);
        return customer;
    }

    /// <summary>Runs the one thing that is due next, at the instant at which it is due.</summary>
    /// <returns>What changed; null when nothing was due.</returns>
    public CustomerSnapshot? RunNext(long now)
    {
        if (!_queue.TryPeek(out var place, out var due) || due > now)
            return null;

        _context.Now = due;
        var customer = _accounts.Open(place);
        var isTold = customer.UntoldSince < 0;
        var since = isTold ? customer.Revision : customer.UntoldSince;
        if (isTold)
            StepOrPostpone(customer, due);

        // What one step changes is not in the archive yet.
        customer.UntoldSince = -1;
        var snapshot = Snapshots.Of(_context, customer, isTold ? null : _archive, since);
        Rest(customer);
        return snapshot;
    }

    /// <summary>As <see cref="RunNext"/>, and nobody is told.</summary>
    internal bool RunNextWithoutSnapshot(long now)
    {
        if (!_queue.TryPeek(out var place, out var due) || due > now)
            return false;

        _context.Now = due;
        var customer = _accounts.Open(place);
        StepOrPostpone(customer, due);
        customer.UntoldSince = -1;
        Rest(customer);
        return true;
    }

    /// <summary>
    /// Does the account's due work, then the command, at <paramref name="now"/>. A command that throws has changed nothing; the work that was
    /// done before it is told by the next <see cref="RunNext"/>.
    /// </summary>
    /// <returns>What changed, and the command's own answer.</returns>
    public (CustomerSnapshot Snapshot, T Answer) Run<T>(EngineCustomer customer, DateTimeOffset now, Func<EngineContext, EngineCustomer, T> command)
    {
        var present = Math.Max(Instants.From(now), customer.LatestAt);
        customer.LatestAt = present;
        var since = customer.UntoldSince >= 0 ? customer.UntoldSince : customer.Revision;
        try
        {
            CatchUp(customer, present);
            _context.Now = present;
            var answer = Guarded(customer, command);
            customer.UntoldSince = -1;
            return (Snapshots.Of(_context, customer, _archive, since), answer);
        }
        catch
        {
            if (customer.Revision > since)
                customer.UntoldSince = since;
            throw;
        }
        finally
        {
            _context.Now = present;
            Rest(customer);
        }
    }

    /// <summary>What changed after a revision; <see cref="Snapshots.Everything"/> for the whole account.</summary>
    public CustomerSnapshot Read(EngineCustomer customer, DateTimeOffset now, long since)
    {
        _context.Now = Math.Max(Instants.From(now), customer.LatestAt);
        var snapshot = Snapshots.Of(_context, customer, _archive, since);
        if (_archive is not null)
            _accounts.PutBack(customer);
        return snapshot;
    }

    /// <summary>The invoices that changed after a revision, in the order of their numbers; <see cref="Snapshots.Everything"/> for all.</summary>
    public List<EngineInvoice> InvoicesSince(EngineCustomer customer, long since) => Snapshots.InvoicesSince(customer, _archive, since);

    /// <summary>An invoice of the customer's by its public id.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.UnknownInvoice"/>.</exception>
    public EngineInvoice FindInvoice(EngineCustomer customer, string invoiceId)
    {
        var number = EngineIds.NumberOf(customer, EngineIds.InvoiceKind, invoiceId);
        if (customer.FindInvoice(number) is { } invoice)
            return invoice;

        if (number > 0 && _archive?.Find(customer.Archived, number) is { } archived)
            return archived;

        throw new BillingException(BillingErrorCode.UnknownInvoice, $"Customer '{customer.Id}' has no invoice '{invoiceId}'. Use an id from GetInvoicesAsync.");
    }

    /// <summary>A copy of one account in an engine of its own.</summary>
    public BillingEngine Fork(EngineCustomer customer) => new(_context.Copy(), customer.Copy());

    private void CatchUp(EngineCustomer customer, long now)
    {
        for (var due = DueTimes.Of(customer, _context); due <= now; due = DueTimes.Of(customer, _context))
        {
            _context.Now = due;
            Guarded(customer, Once);
            Archive(customer);
        }
    }

    // A customer whose work fails must not stop the others: it is tried again an hour later.
    private void StepOrPostpone(EngineCustomer customer, long due)
    {
        try
        {
            Guarded(customer, Once);
        }
        catch
        {
            _queue.Set(_accounts.PlaceOf(customer), due + PostponedBy);
            _accounts.Keep(customer);
            throw;
        }
    }

    // The engine's own rules refuse before they change anything. The application's tax calculator can throw in the middle: then the account is put back.
    private T Guarded<T>(EngineCustomer customer, Func<EngineContext, EngineCustomer, T> work)
    {
        if (_context.Tax is null)
            return work(_context, customer);

        var before = customer.Copy();
        try
        {
            return work(_context, customer);
        }
        catch
        {
            customer.Restore(before);
            throw;
        }
    }

    // One thing that is due now: invoices before subscriptions, older ones first, so that a payment is known before what hangs on it.
    private static bool Step(EngineContext context, EngineCustomer customer)
    {
        customer.LatestAt = Math.Max(customer.LatestAt, context.Now);
        foreach (var invoice in customer.Invoices)
        {
            if (DueTimes.Of(invoice) <= context.Now)
            {
                Renewals.RunDue(context, customer, invoice);
                return true;
            }
        }

        foreach (var subscription in customer.Subscriptions)
        {
            if (DueTimes.Of(subscription, context) <= context.Now)
            {
                Renewals.RunDue(context, customer, subscription);
                return true;
            }
        }

        return false;
    }

    private void Archive(EngineCustomer customer)
    {
        if (_archive is null)
            return;

        var invoices = customer.Invoices;
        var kept = 0;
        for (var i = 0; i < invoices.Count; i++)
        {
            var invoice = invoices[i];
            if (invoice.IsSettled)
                customer.Archived = _archive.Append(invoice, customer.Archived);
            else
                invoices[kept++] = invoice;
        }

        invoices.RemoveRange(kept, invoices.Count - kept);
    }

    // What is settled goes to the archive, and the rest is packed until something is due again. A copy that runs ahead keeps all at hand.
    private void Rest(EngineCustomer customer)
    {
        Archive(customer);
        Requeue(customer);
        if (_archive is not null)
            _accounts.PutBack(customer);
    }

    private void Requeue(EngineCustomer customer) =>
        _queue.Set(_accounts.PlaceOf(customer), customer.UntoldSince >= 0 ? _context.Now : DueTimes.Of(customer, _context));
}
