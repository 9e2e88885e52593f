using SaasBilling.Providers;
using SaasBilling.Storage;
using SaasBilling.Subscriptions;

namespace SaasBilling.Tests.Subscriptions;

/// <summary>One customer's life as the transition sees it: what it is told goes into the state as a store would keep it.</summary>
internal sealed class Story
{
    private readonly Dictionary<string, Invoice> _invoices = [];
    private readonly HashSet<string> _mentioned = [];

    public SaasBillingOptions Options { get; init; } = new();

    public PlanCatalog Catalog { get; init; } = Facts.Catalog;

    public DateTimeOffset Now { get; private set; } = Facts.Start;

    public CustomerState? State { get; private set; }

    public List<BillingEvent> Events { get; } = [];

    public List<MrrMovement> Movements { get; } = [];

    public IReadOnlyDictionary<string, Invoice> Invoices => _invoices;

    public TransitionResult Last { get; private set; } = null!;

    /// <summary>Ids of subscriptions that the state has let go.</summary>
    public HashSet<string> Gone { get; } = [];

    /// <summary>What the provider said last; null when it was not it that spoke.</summary>
    public CustomerSnapshot? LastSnapshot { get; private set; }

    /// <summary>The newest subscription.</summary>
    public Subscription Subscription => State!.Subscriptions[^1];

    public Story At(DateTimeOffset now)
    {
        Now = now;
        return this;
    }

    public Story At(double days) => At(Facts.Day(days));

    /// <summary>The provider says something: subscriptions, invoices, all cards, all pending charges, a customer. What is not given is not mentioned.</summary>
    /// <returns>The names of the events, in order.</returns>
    public string See(params object[] facts) => Apply(Snapshot(facts));

    public string Apply(CustomerSnapshot? snapshot, Func<TransitionInput, TransitionInput>? more = null)
    {
        var settled = snapshot?.Invoices.Where(invoice => State?.OpenInvoices.Any(open => open.Id == invoice.Id) != true && _invoices.ContainsKey(invoice.Id))
            .Select(invoice => _invoices[invoice.Id])
            .ToList();
        var input = new TransitionInput { Catalog = Catalog, Options = Options, Now = Now, Settled = settled ?? [] };
        LastSnapshot = snapshot;
        Last = Transition.Apply(State, snapshot, more is null ? input : more(input));
        if (Last.Changed)
        {
            Assert.Equal((State?.Version ?? 0) + 1, Last.After.Version);
            State = Last.After;
        }
        else
        {
            Assert.Empty(Last.Events);
        }

        _mentioned.UnionWith(snapshot?.Subscriptions.Select(subscription => subscription.Id) ?? []);
        Gone.UnionWith(_mentioned.Except(Last.After.Subscriptions.Select(subscription => subscription.Id)));

        Events.AddRange(Last.Events);
        Movements.AddRange(Last.Movements);
        foreach (var invoice in Last.Invoices)
            _invoices[invoice.Id] = invoice;

        return Names(Last.Events);
    }

    /// <summary>Time passed; every renewal that is announced costs what its period costs.</summary>
    public string Wake(bool withPreviews = true)
    {
        var upcoming = Transition.UpcomingDue(State!, Options, Now)
            .Select(subscription => Facts.Draft(subscription, $"preview_{subscription.Id}", subscription.CurrentPeriod.End))
            .ToList();
        return Apply(null, input => input with { Upcoming = withPreviews ? upcoming : [] });
    }

    public string Reach(string milestone) => Apply(null, input => input with { Milestone = milestone });

    public string Use(string meter, decimal quantity, DateTimeOffset? at = null) =>
        Apply(null, input => input with { Usage = new(Facts.CustomerId, meter, $"{State!.Version}", quantity, at ?? Now) });

    public CustomerSnapshot Snapshot(params object[] facts) => new()
    {
        Customer = facts.OfType<Customer>().LastOrDefault() ?? State?.Customer ?? Facts.Acme,
        ObservedAt = Now,
        Subscriptions = [.. facts.OfType<Subscription>()],
        Invoices = [.. facts.OfType<Invoice>()],
        PaymentMethods = facts.OfType<Cards>().LastOrDefault()?.All,
        PendingCharges = facts.OfType<Charges>().LastOrDefault()?.All,
    };

    public T Event<T>()
        where T : BillingEvent => Assert.Single(Last.Events.OfType<T>());

    public static string Names(IEnumerable<BillingEvent> events) => string.Join(" ", events.Select(raised => raised.GetType().Name));
}

/// <summary>All cards on file.</summary>
internal sealed record Cards(params PaymentMethod[] All);

/// <summary>All charges that wait for an invoice.</summary>
internal sealed record Charges(params PendingCharge[] All);
