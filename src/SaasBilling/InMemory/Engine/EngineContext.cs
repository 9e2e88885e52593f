using SaasBilling.Providers;

namespace SaasBilling.InMemory.Engine;

/// <summary>What the engine's rules work with besides the account: the catalogue, the options, and the instant at which things happen.</summary>
internal sealed class EngineContext
{
    private readonly InMemoryBillingOptions _options;

    public EngineContext(IEngineCatalog catalog, InMemoryBillingOptions options, ITaxCalculator tax)
    {
        _options = options;
        Catalog = catalog;
        Tax = tax is NoTax ? null : tax;
        Retries = [.. options.PaymentRetries.Select(Instants.From)];
        DraftDelay = Instants.From(options.DraftDelay);
        IncompleteExpiry = Instants.From(options.IncompleteExpiry);
    }

    private EngineContext(EngineContext other)
        : this(other.Catalog, other._options, other.Tax ?? NoTax.Instance)
    {
        Now = other.Now;
        foreach (var (coupon, count) in other.Redemptions)
            Redemptions.Add(coupon, count);
    }

    public IEngineCatalog Catalog { get; }

    /// <summary>Null: no tax, and no line is asked for.</summary>
    public ITaxCalculator? Tax { get; }

    /// <summary>The delays of the retries in seconds, each after the attempt before.</summary>
    public long[] Retries { get; }

    public RetriesExhausted WhenRetriesExhausted => _options.WhenRetriesExhausted;

    public long DraftDelay { get; }

    public long IncompleteExpiry { get; }

    /// <summary>The instant at which the present piece of work is due, or of the present command. Never earlier than before for one customer.</summary>
    public long Now { get; set; }

    /// <summary>How often each coupon was redeemed.</summary>
    public Dictionary<string, int> Redemptions { get; } = [];

    /// <summary>Where the lines of an invoice are gathered; one list for all invoices.</summary>
    public List<EngineLine> Lines { get; } = [];

    public EngineContext Copy() => new(this);
}
