using SaasBilling.InMemory.Engine;
using SaasBilling.Providers;

namespace SaasBilling.Tests.InMemory.Engine;

/// <summary>The engine on a catalog that grows while it runs, and on cards of single subscriptions.</summary>
public sealed class EngineCatalogTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void PriceMadeWhileTheEngineRuns_IsBilledAndRenewed()
    {
        var catalog = new GrowingCatalog();
        var engine = new BillingEngine(catalog, new InMemoryBillingOptions(), NoTax.Instance);
        var customer = CustomerWith(engine, TestPaymentMethods.Visa);
        catalog.Add("small", 10);
        Subscribe(engine, customer, "small");

        catalog.Add("big", 20);
        Subscribe(engine, customer, "big");
        RunTo(engine, Start.AddMonths(1).AddHours(1));

        Assert.Equal([1000L, 2000L, 1000L, 2000L], Paid(engine));
    }

    [Fact]
    public void OwnCard_IsChargedInThePlaceOfTheDefaultOne_UntilItIsRemoved()
    {
        var catalog = new GrowingCatalog();
        catalog.Add("small", 10);
        var engine = new BillingEngine(catalog, new InMemoryBillingOptions(), NoTax.Instance);
        var customer = CustomerWith(engine, TestPaymentMethods.Visa);
        Subscribe(engine, customer, "small");
        var failing = engine.Run(customer, Start, (context, account) =>
        {
            var card = Accounts.AddCard(context, account, new AddPaymentMethodRequest(account.Id, TestPaymentMethods.DeclinedAfterAttaching, MakeDefault: false));
            account.Subscriptions[0].CardNumber = card.Number;
            return card.Number;
        }).Answer;

        RunTo(engine, Start.AddMonths(1).AddHours(1));
        var pastDue = Account(engine).Subscriptions[0].Status;
        engine.Run(Account(engine), Start.AddMonths(1).AddHours(2), (_, account) =>
        {
            Accounts.RemoveCard(account, EngineIds.Card(account, failing));
            return true;
        });
        RunTo(engine, Start.AddMonths(1).AddDays(4));

        Assert.Equal(SubscriptionStatus.PastDue, pastDue);
        Assert.Equal(SubscriptionStatus.Active, Account(engine).Subscriptions[0].Status);
        Assert.Equal([1000L, 1000L], Paid(engine));
    }

    private static EngineCustomer Account(BillingEngine engine) => engine.Find("acme")!;

    private static EngineCustomer CustomerWith(BillingEngine engine, string card)
    {
        var customer = engine.FindOrAdd("acme", Start);
        engine.Run(customer, Start, (context, account) => Accounts.AddCard(context, account, new AddPaymentMethodRequest(account.Id, card, MakeDefault: true)).Number);
        return Account(engine);
    }

    private static void Subscribe(BillingEngine engine, EngineCustomer customer, string price) => engine.Run(customer, Start, (context, account) => Subscribing.Create(context, account, new CreateSubscriptionRequest
    {
        CustomerId = account.Id,
        Name = price,
        PlanKey = price,
        Items = [new PriceQuantity(price, 1)],
        Interval = BillingInterval.Monthly,
        Currency = Currency.Of("USD"),
    }).Number);

    private static void RunTo(BillingEngine engine, DateTimeOffset instant)
    {
        while (engine.NextDueAt <= Instants.From(instant))
            engine.RunNext(engine.NextDueAt);
    }

    private static IEnumerable<long> Paid(BillingEngine engine) =>
        engine.InvoicesSince(Account(engine), Snapshots.Everything).Where(invoice => invoice.Status == InvoiceStatus.Paid).Select(invoice => invoice.AmountPaid);

    private sealed class GrowingCatalog : IEngineCatalog
    {
        private readonly Dictionary<string, CatalogPrice> _prices = [];

        public Currency DefaultCurrency => Currency.Of("USD");

        public void Add(string key, decimal amount)
        {
            var price = new Price { Key = key, Kind = PriceKind.Flat, Currency = DefaultCurrency, Interval = BillingInterval.Monthly, UnitAmount = amount };
            _prices.Add(key, new CatalogPrice(price, new Plan { Key = key, Prices = [price] }, null));
        }

        public Plan GetPlan(string key) => _prices[key].Plan!;

        public CatalogPrice GetPrice(string key) => _prices[key];

        public Coupon GetCoupon(string key) => throw new InvalidOperationException($"There is no coupon '{key}'.");

        public Meter GetMeter(string key) => throw new InvalidOperationException($"There is no meter '{key}'.");
    }
}
