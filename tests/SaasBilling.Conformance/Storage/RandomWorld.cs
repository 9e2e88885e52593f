using SaasBilling.Storage;

namespace SaasBilling.Conformance.Storage;

/// <summary>Customers with random subscriptions and invoices: few instants, plans and names, so that many are equal where lists compare them.</summary>
internal sealed class RandomWorld(int seed)
{
    private static readonly string[] Plans = ["free", "pro", "team"];
    private static readonly SubscriptionStatus[] Statuses = Enum.GetValues<SubscriptionStatus>();
    private static readonly InvoiceStatus[] InvoiceStatuses = Enum.GetValues<InvoiceStatus>();

    private readonly Random _random = new(seed);

    public Dictionary<string, CustomerState> Customers { get; } = [];

    public Dictionary<string, Invoice> Invoices { get; } = [];

    public IEnumerable<Subscription> Subscriptions => Customers.Values.SelectMany(state => state.Subscriptions);

    public BillingCommit NewCustomer() => Change($"c{Customers.Count:000}{(char)('a' + _random.Next(3))}");

    public BillingCommit ChangeOne() => Change(Customers.Keys.ElementAt(_random.Next(Customers.Count)));

    public T? Maybe<T>(T value)
        where T : struct =>
        _random.Next(3) == 0 ? value : null;

    public T? MaybeText<T>(T value)
        where T : class =>
        _random.Next(3) == 0 ? value : null;

    public T One<T>(params T[] values) => values[_random.Next(values.Length)];

    public SubscriptionStatus Status() => One(Statuses);

    public InvoiceStatus InvoiceStatus() => One(InvoiceStatuses);

    public string Plan() => One(Plans);

    public DateTimeOffset Instant() => Given.At(60 * _random.Next(12));

    public int Number(int below) => _random.Next(below);

    private BillingCommit Change(string id)
    {
        var version = (Customers.GetValueOrDefault(id)?.Version ?? 0) + 1;
        var state = Given.State(id, version) with
        {
            Customer = new Customer
            {
                Id = id,
                CreatedAt = Instant(),
                Email = MaybeText($"{One("Ann", "anna", "BOB", "c00")}@{id}.example"),
                DeletedAt = Maybe(Instant()),
            },
            Subscriptions = [.. Enumerable.Range(0, _random.Next(4)).Select(i => Subscription(id, i))],
            AccessWasGranted = _random.Next(2) == 0,
        };
        var invoices = Enumerable.Range(0, _random.Next(4)).Select(i => Invoice(id, i)).ToArray();
        Customers[id] = state;
        foreach (var invoice in invoices)
            Invoices[$"{id}/{invoice.Id}"] = invoice;
        return new BillingCommit { Customer = state, ExpectedVersion = version - 1, Invoices = invoices };
    }

    private Subscription Subscription(string id, int number) => Given.Subscription(id) with
    {
        Id = $"sub{number}",
        Name = $"name{number}",
        PlanKey = Plan(),
        Status = Status(),
        CreatedAt = Instant(),
        Trial = _random.Next(2) == 0 ? new BillingPeriod(Given.At(-60), Instant()) : null,
        CurrentPeriod = new BillingPeriod(Given.At(-60), Instant()),
        CancelsAt = Maybe(Instant()),
        PastDueSince = Maybe(Instant()),
        EndedAt = Maybe(Instant()),
    };

    private Invoice Invoice(string id, int number)
    {
        var currency = One("USD", "EUR", "JPY");
        Money Of(long minorUnits) => Money.FromMinorUnits(minorUnits, currency);
        return Given.Invoice(id, $"in{number}") with
        {
            Status = InvoiceStatus(),
            CreatedAt = Instant(),
            DueAt = Maybe(Instant()),
            Subtotal = Of(100),
            Discount = Of(0),
            Tax = Of(0),
            Total = Of(100),
            AmountDue = Of(100),
            AmountPaid = Of(0),
            Lines = [],
            Refunds = [],
        };
    }
}
