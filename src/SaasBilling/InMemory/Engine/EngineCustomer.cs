using System.Runtime.InteropServices;

namespace SaasBilling.InMemory.Engine;

/// <summary>One customer's account: all that the engine keeps of them. Copied whole to look ahead.</summary>
internal sealed class EngineCustomer
{
    private List<(Currency Currency, long Amount)>? _otherBalances;

    public EngineCustomer()
    {
    }

    /// <summary>With a balance in one currency.</summary>
    public EngineCustomer(Currency balanceCurrency, long balance)
    {
        BalanceCurrency = balanceCurrency;
        Balance = balance;
    }

    /// <summary>Counts the customers from 1 in the order in which they were made; breaks ties in the queue, and ids are made of it.</summary>
    public required int Number { get; init; }

    /// <summary>The application's id: that of <see cref="Profile"/>, at hand.</summary>
    public required string Id { get; init; }

    /// <summary>Who it is, as everybody is told; the credit balance in it follows <see cref="Balance"/>.</summary>
    public required Customer Profile { get; set; }

    /// <summary>What the public numbers of the invoices begin with, as <see cref="EngineIds"/> writes it: depends on the id only.</summary>
    public required ulong NumberPrefix { get; init; }

    /// <summary>Counts the changes; each stamps its number on what it changed.</summary>
    public long Revision { get; set; }

    public long CardsRevision { get; set; }

    public long PendingRevision { get; set; }

    /// <summary>From which revision on nobody was told, because a command failed after due work was done; negative: everybody was told.</summary>
    public long UntoldSince { get; set; } = -1;

    /// <summary>The newest instant at which something happened to the customer; nothing happens earlier any more.</summary>
    public long LatestAt { get; set; } = long.MinValue;

    public EngineSubscription[] Subscriptions { get; set; } = [];

    /// <summary>The invoices that are not in the archive, oldest first.</summary>
    public List<EngineInvoice> Invoices { get; private set; } = new(1);

    /// <summary>The newest record of the customer's in the archive.</summary>
    public long Archived { get; set; } = InvoiceArchive.None;

    public EngineCard[] Cards { get; set; } = [];

    /// <summary>Lines that wait for an invoice, oldest first.</summary>
    public List<PendingLine>? Pending { get; set; }

    public int LastInvoiceNumber { get; set; }

    public int LastSerial { get; set; }

    public int LastCardNumber { get; set; }

    public int LastPendingNumber { get; set; }

    /// <summary>The currency of <see cref="Balance"/>: that of the newest movement.</summary>
    public Currency BalanceCurrency { get; private set; }

    /// <summary>Positive: we owe the customer.</summary>
    public long Balance { get; private set; }

    /// <summary>Whether there is a balance in another currency than <see cref="BalanceCurrency"/>.</summary>
    public bool HasOtherBalances => _otherBalances is { Count: > 0 };

    public EngineCard? DefaultCard
    {
        get
        {
            foreach (var card in Cards)
            {
                if (card.IsDefault)
                    return card;
            }

            return null;
        }
    }

    /// <summary>The card that is charged for a subscription: its own, else the default one; null: there is neither.</summary>
    public EngineCard? CardFor(EngineSubscription? subscription) =>
        subscription is { CardNumber: > 0 } && FindCard(subscription.CardNumber) is { } own ? own : DefaultCard;

    /// <summary>The next revision; the caller stamps it on what changed.</summary>
    public long Touch() => ++Revision;

    public void Touch(EngineSubscription subscription) => subscription.Revision = ++Revision;

    public void Touch(EngineInvoice invoice) => invoice.Revision = ++Revision;

    public long BalanceIn(Currency currency)
    {
        if (currency == BalanceCurrency)
            return Balance;

        foreach (var other in CollectionsMarshal.AsSpan(_otherBalances))
        {
            if (other.Currency == currency)
                return other.Amount;
        }

        return 0;
    }

    /// <summary>Adds to the credit balance of a currency; there is one balance for each.</summary>
    public void AddToBalance(Currency currency, long amount)
    {
        if (amount == 0)
            return;

        if (currency != BalanceCurrency)
        {
            var balance = BalanceIn(currency);
            _otherBalances?.RemoveAll(other => other.Currency == currency);
            if (!BalanceCurrency.IsNone && Balance != 0)
                (_otherBalances ??= []).Add((BalanceCurrency, Balance));
            BalanceCurrency = currency;
            Balance = balance;
        }

        Balance = checked(Balance + amount);
        Profile = Profile with { CreditBalance = Money.FromMinorUnits(Balance, BalanceCurrency) };
        Touch();
    }

    public EngineSubscription? FindSubscription(int number)
    {
        // Numbers count from 1 in the order of the array.
        return number >= 1 && number <= Subscriptions.Length ? Subscriptions[number - 1] : null;
    }

    public EngineCard? FindCard(int number)
    {
        foreach (var card in Cards)
        {
            if (card.Number == number)
                return card;
        }

        return null;
    }

    public EngineInvoice? FindInvoice(int number)
    {
        foreach (var invoice in Invoices)
        {
            if (invoice.Number == number)
                return invoice;
        }

        return null;
    }

    /// <summary>A copy of the whole account.</summary>
    public EngineCustomer Copy()
    {
        var copy = (EngineCustomer)MemberwiseClone();
        copy.Subscriptions = Array.ConvertAll(Subscriptions, static subscription => subscription.Copy());
        copy.Invoices = Invoices.ConvertAll(static invoice => invoice.Copy());
        copy.Cards = Array.ConvertAll(Cards, static card => card.Copy());
        copy.Pending = Pending is null ? null : [.. Pending];
        copy._otherBalances = _otherBalances is null ? null : [.. _otherBalances];
        return copy;
    }

    /// <summary>Puts the account back to what a copy says.</summary>
    public void Restore(EngineCustomer copy)
    {
        Profile = copy.Profile;
        Revision = copy.Revision;
        CardsRevision = copy.CardsRevision;
        PendingRevision = copy.PendingRevision;
        Subscriptions = copy.Subscriptions;
        Invoices = copy.Invoices;
        Cards = copy.Cards;
        Pending = copy.Pending;
        LastInvoiceNumber = copy.LastInvoiceNumber;
        LastSerial = copy.LastSerial;
        LastCardNumber = copy.LastCardNumber;
        LastPendingNumber = copy.LastPendingNumber;
        BalanceCurrency = copy.BalanceCurrency;
        Balance = copy.Balance;
        _otherBalances = copy._otherBalances;
    }
}
