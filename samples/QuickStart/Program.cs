// Eighteen months of a SaaS company in about a second: a real price list, twelve customers, and everything that happens to them.
// No key, no database: the in-memory billing engine on a simulated clock. Read it from top to bottom; the output has the same order.

using System.Globalization;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SaasBilling;

// ------------------------------------------------------------------------------------------------------------ the set-up

var catalog = new ConfigurationBuilder()
    .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "catalog.json"))
    .Build();

var services = new ServiceCollection();
services.AddSingleton<Diary>();
services.AddSaasBilling()
    .AddPlans(catalog)
    .AddHook<Diary>()           // writes down what is news
    .AddHook<Workspaces>()      // opens and closes what customers pay for
    .AddHook<Mailbox>()         // reminds, duns and wins back
    .UseInMemory(engine => engine.StartAt = At("1 Apr 2026"));

await using var provider = services.BuildServiceProvider();
var billing = provider.GetRequiredService<IBilling>();
var simulator = provider.GetRequiredService<BillingSimulator>();
var diary = provider.GetRequiredService<Diary>();

Console.OutputEncoding = Encoding.UTF8;
Title($"{catalog["PriceList:Product"]}, prices of {catalog["PriceList:Date"]}");
Console.WriteLine($"  from {catalog["PriceList:Source"]}\n");
foreach (var plan in billing.Plans.Plans)
    Console.WriteLine($"  {plan.Name,-8}{(plan.IsFree ? "free" : string.Join($"\n{"",10}", plan.Prices.Select(Describe)))}");

// The cast. A handle does no I/O; the id is the application's own.
var acorn = billing.For("Acorn Books");         // tries, pays, and grows into a team
var birch = billing.For("Birch Clinic");        // lets the trial expire, and comes back for a discount
var cedar = billing.For("Cedar & Sons");        // seats that come and go, and usage beyond what is included
var dahlia = billing.For("Dahlia Studio");      // free until it hits the limit
var elm = billing.For("Elm Robotics");          // pays by the year
var fern = billing.For("Fern Travel");          // a card that fails, is retried and recovers
var ginkgo = billing.For("Ginkgo Games");       // a card that fails and never recovers
var hazel = billing.For("Hazel Foods");         // cancels, and thinks again
var iris = billing.For("Iris Optics");          // cancels, and means it
var juniper = billing.For("Juniper Law");       // the bank asks first; later monthly becomes yearly
var kapok = billing.For("Kapok Films");         // pauses between two films
var linden = billing.For("Linden School");      // an add-on, a bigger plan, and a step back

// ------------------------------------------------------------------------------------------------------------- the story

await acorn.StartTrialAsync("launch");                                                      // no card needed

await On("2 Apr 2026");
await birch.StartTrialAsync("launch");

await On("3 Apr 2026");
await cedar.StartTrialAsync("growth", new() { Currency = "USD", Seats = 5, PaymentMethodToken = TestPaymentMethods.Visa });

await On("6 Apr 2026");
await dahlia.SubscribeAsync("free");

await On("13 Apr 2026");
await acorn.AddPaymentMethodAsync(TestPaymentMethods.Visa);                                 // the reminder worked

await On("20 Apr 2026");
await elm.SubscribeAsync("growth", new()
{
    Interval = BillingInterval.Yearly, Currency = "USD", Seats = 10, SkipTrial = true,
    Coupons = ["first-year"], PaymentMethodToken = TestPaymentMethods.Amex,
});

await On("27 Apr 2026");
await hazel.SubscribeAsync("launch", new() { SkipTrial = true, PaymentMethodToken = TestPaymentMethods.Mastercard });

await On("4 May 2026");
await fern.SubscribeAsync("launch", new() { SkipTrial = true, PaymentMethodToken = TestPaymentMethods.Visa });

await On("5 May 2026");
await dahlia.RecordUsageAsync("events", 1_000);
await AskAsync(dahlia, "events");
await dahlia.AddPaymentMethodAsync(TestPaymentMethods.Visa);
await dahlia.ChangeAsync(new() { PlanKey = "launch", Interval = BillingInterval.Yearly });
await AskAsync(dahlia, "events");

await On("11 May 2026");
await ginkgo.StartTrialAsync("growth", new() { Currency = "USD", Seats = 3, PaymentMethodToken = TestPaymentMethods.Visa });

// Misuse is an exception with a code and a message that says what to do; one trial a customer is the default.
await On("18 May 2026");
try
{
    await birch.StartTrialAsync("launch");
}
catch (BillingException refused) when (refused.Code == BillingErrorCode.TrialAlreadyUsed)
{
    await birch.SubscribeAsync("launch", new() { Coupons = ["welcome-back"], PaymentMethodToken = TestPaymentMethods.Visa });
}

await On("1 Jun 2026");
await iris.StartTrialAsync("growth", new() { Seats = 4, PaymentMethodToken = TestPaymentMethods.Visa });

// A payment that waits, or a declined card, is no exception: it is a state of the subscription.
await On("8 Jun 2026");
var pending = await juniper.SubscribeAsync("launch", new() { SkipTrial = true, PaymentMethodToken = TestPaymentMethods.RequiresAuthenticationOnce });
await AskAsync(juniper, "members");
if (pending.PendingPayment is { RequiresAction: true })
    await simulator.AnswerPaymentActionAsync(juniper.CustomerId, authenticate: true);

// An upgrade in mid-period. The quote is pinned to this second, and what is accepted is charged to the cent.
await On("26 Jun 2026 12:00");
var quote = await acorn.QuoteChangeAsync(new() { PlanKey = "growth", Seats = 4, Proration = Proration.AlwaysInvoice });
await acorn.ChangeAsync(quote);
var upgrade = (await acorn.GetInvoicesAsync())[0];

await On("7 Jul 2026");
await hazel.CancelAsync(new() { Reason = "no budget this year" });                          // access stays until the period ends
await cedar.ChangeAsync(new() { Seats = 8 });                                               // prorated, on the next invoice

await On("13 Jul 2026");
await hazel.ResumeAsync();

await On("20 Jul 2026");
await linden.SubscribeAsync("launch", new()
{
    AddOns = new Dictionary<string, long> { ["extra-member"] = 2 },
    SkipTrial = true, PaymentMethodToken = TestPaymentMethods.Visa,
});
await fern.AddPaymentMethodAsync(TestPaymentMethods.DeclinedAfterAttaching);                // their new company card

await On("3 Aug 2026");
await kapok.SubscribeAsync("growth", new() { Currency = "USD", Seats = 2, SkipTrial = true, PaymentMethodToken = TestPaymentMethods.Visa });

await On("6 Aug 2026");
await AskAsync(fern, "members");

await On("9 Aug 2026");
await fern.AddPaymentMethodAsync(TestPaymentMethods.Mastercard);                            // the next retry uses it

await On("7 Sep 2026");
await iris.CancelAsync(new() { Reason = "we built our own" });
await ginkgo.AddPaymentMethodAsync(TestPaymentMethods.DeclinedAfterAttaching);

await On("16 Sep 2026");
await AskAsync(iris, "slack-support");

await On("4 Oct 2026");
await AskAsync(ginkgo, "slack-support");

await On("19 Oct 2026");
await kapok.PauseAsync(new() { ResumesAt = At("18 Jan 2027") });

await On("16 Nov 2026");
await acorn.AddCreditAsync(Money.Of(25, "EUR"), "an outage of ours");                       // the next invoice uses it up

await On("11 Jan 2027");
await juniper.ChangeAsync(new() { Interval = BillingInterval.Yearly });                     // a new period starts now

await On("8 Feb 2027");
await cedar.ChangeAsync(new() { Seats = 6 });                                               // credited, on the next invoice

await On("15 Mar 2027");
await linden.ChangeAsync(new() { PlanKey = "growth", Seats = 5, AddOns = new Dictionary<string, long>() });

await On("10 May 2027");
await elm.ChangeAsync(new() { Seats = 12, Proration = Proration.AlwaysInvoice });

await On("27 Sep 2027");
await linden.ChangeAsync(new() { PlanKey = "launch", Timing = ChangeTiming.AtPeriodEnd });

await On("1 Oct 2027 00:00");

// ----------------------------------------------------------------------------------------------------- what came of it

Title($"An upgrade in mid-period: what {acorn.CustomerId} was quoted, and what was charged");
Console.WriteLine($"  {"",-60}{"quoted",14}{upgrade.Number,18}");
foreach (var (quoted, charged) in quote.Lines.Zip(upgrade.Lines))
    Console.WriteLine($"  {quoted.Description,-60}{quoted.Amount,14}{charged.Amount,18}");
Console.WriteLine($"  {"to pay now",-60}{quote.DueNow,14}{upgrade.AmountPaid,18}");

Title("Three invoices: a coupon, seats and usage, a credit");
Print((await birch.GetInvoicesAsync()).Last(invoice => invoice.Discount.IsPositive));
Print((await cedar.GetInvoicesAsync()).Last(invoice => invoice.Lines.Any(line => line.IsProration)));
Print((await acorn.GetInvoicesAsync()).Single(invoice => invoice.AmountDue < invoice.Total));

var ahead = await linden.ForecastAsync(At("1 Dec 2027"));
Title($"A look ahead: {linden.CustomerId} until {ahead.Until:d MMMM yyyy}, if nobody does anything");
foreach (var entry in ahead.Entries.Where(entry => entry.Kind is not nameof(InvoiceFinalized)))
    Console.WriteLine($"  {entry.At:dd MMM yyyy}  {entry.Summary}");

Title("The customers");
foreach (var customer in new[] { acorn, birch, cedar, dahlia, elm, fern, ginkgo, hazel, iris, juniper, kapok, linden })
{
    var subscription = (await customer.GetSubscriptionAsync())!;
    var payments = (await customer.GetInvoicesAsync()).Select(invoice => invoice.AmountPaid).Where(amount => amount.IsPositive).ToList();
    Console.WriteLine($"  {customer.CustomerId,-15}{billing.Plans[subscription.PlanKey].Name,-8}{subscription.Status,-10}"
        + $"{Quantities(subscription),-18}{subscription.Interval + "ly",-8}{payments.Aggregate((sum, amount) => sum + amount),14} in {payments.Count,2} payments");
}

var report = await billing.Reports.GetRevenueAsync(At("1 Apr 2026"), simulator.Now);
var lastYear = await billing.Reports.GetRevenueAsync(simulator.Now.AddYears(-1), simulator.Now);
Title("The business after eighteen months");
foreach (var (currency, mrr) in report.MonthlyRecurringRevenue)
{
    var moved = report.Movements[currency];
    Console.WriteLine($"  MRR {mrr,10}: {moved.New} new, {moved.Reactivation} back, {moved.Expansion} expansion, less {moved.Contraction} contraction, {moved.Churn} churn");
}

Console.WriteLine($"  {report.TrialsConverted} of {report.TrialsEnded} trials became customers");
Console.WriteLine($"  {lastYear.CustomersChurned} of {lastYear.CustomersAtStart} paying customers left in the last twelve months");

// ------------------------------------------------------------------------------------------------------------ the helpers

static DateTimeOffset At(string when) =>
    DateTimeOffset.ParseExact(when.Contains(':', StringComparison.Ordinal) ? when : when + " 9:00", "d MMM yyyy H:mm", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

// Moves the clock. Whatever falls due on the way happens, in order; every month that ends on the way is printed.
async Task On(string when)
{
    var at = At(when);
    var month = new DateTimeOffset(simulator.Now.Year, simulator.Now.Month, 1, 0, 0, 0, TimeSpan.Zero);
    for (; month.AddMonths(1) <= at; month = month.AddMonths(1))
    {
        await simulator.AdvanceToAsync(month.AddMonths(1));
        diary.Close(month, await billing.Reports.GetRevenueAsync(month, month.AddMonths(1)));
        await ReportUsageAsync(month);
    }

    await simulator.AdvanceToAsync(at);
}

// What a job of the application does at the end of a month. The key makes a repetition harmless.
async Task ReportUsageAsync(DateTimeOffset month)
{
    foreach (var customer in new[] { acorn, cedar })
    {
        var events = month.Month % 3 == 0 ? 640_000 : 150_000;      // busy ends of quarters
        if (await customer.GetSubscriptionAsync() is { PlanKey: "growth" })
            await customer.RecordUsageAsync("events", events, idempotencyKey: $"{month:yyyy-MM}");
    }
}

// May they? The answer has a reason, and says what to do about it.
async Task AskAsync(ICustomerBilling customer, string feature)
{
    await simulator.RunUntilIdleAsync();
    var answer = await customer.CheckAsync(feature);
    diary.Add(simulator.Now, customer.CustomerId, $"? {feature}: {(answer.IsAllowed ? "yes" : "no")}, {answer.Reason}"
        + (answer.Used is { } used ? $", {used} of {answer.Limit} used" : "")
        + (answer.Until is { } until ? $", until {until:yyyy-MM-dd}" : "")
        + (answer.NextStep is NextStep.None ? "" : $"; next step: {answer.NextStep}"));
}

string Quantities(Subscription subscription) => string.Join(" + ",
    from item in subscription.Items
    let price = billing.Plans.GetPrice(item.PriceKey)
    where price.AddOn is not null || price.Price.Kind is PriceKind.PerSeat
    select price.AddOn is { } addOn ? $"{item.Quantity} {addOn.Key}" : $"{item.Quantity} seats");

static string Describe(Price price) => price.Kind switch
{
    PriceKind.Metered => $"{price.Tiers[0].UpTo:N0} {price.Meter} a {price.Interval} included, then {price.Tiers[1].UnitAmount} {price.Currency} each",
    PriceKind.PerSeat => $"{price.AmountFor(1)} a seat and {price.Interval}",
    _ => $"{price.AmountFor(1)} a {price.Interval}",
};

static void Print(Invoice invoice)
{
    Console.WriteLine($"  {invoice.Number}  {invoice.CustomerId}, {invoice.CreatedAt:d MMMM yyyy}");
    foreach (var line in invoice.Lines)
        Console.WriteLine($"    {line.Quantity,8:N0}  {line.Description,-60}{line.Amount,14}");
    if (!invoice.Discount.IsZero)
        Console.WriteLine($"    {"",8}  {"Discount",-60}{-invoice.Discount,14}");
    if (invoice.AmountDue < invoice.Total)
        Console.WriteLine($"    {"",8}  {"From the credit balance",-60}{invoice.AmountDue - invoice.Total,14}");
    Console.WriteLine($"    {"",8}  {invoice.Status,-60}{invoice.AmountPaid,14}\n");
}

static void Title(string text) => Console.WriteLine($"\n{text}\n{new string('-', text.Length)}");

// --------------------------------------------------------------------- what the application does by itself: life-cycle hooks

/// <summary>Opens what a customer pays for and closes it again. Two events say when, whatever the cause.</summary>
internal sealed class Workspaces(Diary diary) : ILifecycleHook<AccessGranted>, ILifecycleHook<AccessRestricted>
{
    public Task HandleAsync(AccessGranted billingEvent, CancellationToken cancellationToken) =>
        diary.DidAsync(billingEvent, "workspace opened");

    public Task HandleAsync(AccessRestricted billingEvent, CancellationToken cancellationToken) =>
        diary.DidAsync(billingEvent, $"workspace closed: {billingEvent.Reason}");
}

/// <summary>Writes to customers when it counts.</summary>
internal sealed class Mailbox(Diary diary) : ILifecycleHook<TrialEnding>, ILifecycleHook<TrialExpired>, ILifecycleHook<PaymentFailed>, ILifecycleHook<CancellationScheduled>
{
    public Task HandleAsync(TrialEnding billingEvent, CancellationToken cancellationToken) =>
        diary.DidAsync(billingEvent, $"mail: your trial ends in {billingEvent.Remaining.TotalDays:0} days");

    public Task HandleAsync(TrialExpired billingEvent, CancellationToken cancellationToken) =>
        diary.DidAsync(billingEvent, "mail: come back for half the price, with the coupon 'welcome-back'");

    public Task HandleAsync(PaymentFailed billingEvent, CancellationToken cancellationToken) =>
        diary.DidAsync(billingEvent, billingEvent.Invoice.NextPaymentAttempt is null ? "mail: we had to close your account" : "mail: please update your card");

    public Task HandleAsync(CancellationScheduled billingEvent, CancellationToken cancellationToken) =>
        diary.DidAsync(billingEvent, "mail: what could we have done better?");
}

/// <summary>Writes down what is news, counts what is not, and prints it by the month.</summary>
internal sealed class Diary(IBilling billing) : ILifecycleHook<BillingEvent>
{
    private readonly List<(string Day, string Customer, string Text)> _entries = [];
    private readonly SortedDictionary<string, Money> _collected = [];
    private readonly Dictionary<string, Money> _payments = [];
    private int _renewals;

    public async Task HandleAsync(BillingEvent billingEvent, CancellationToken cancellationToken)
    {
        if (billingEvent is InvoicePaid paid)
            HandlePayment(paid.Invoice);
        else if (await IsNewsAsync(billingEvent, cancellationToken))
            Add(billingEvent.OccurredAt, billingEvent.CustomerId, TimelineEntry.Of(billingEvent, billing.Plans).Summary);
    }

    public Task DidAsync(BillingEvent cause, string what)
    {
        Add(cause.OccurredAt, cause.CustomerId, $"> {what}");
        return Task.CompletedTask;
    }

    public void Add(DateTimeOffset at, string customer, string text) => _entries.Add(($"{at:ddd dd}", customer, text));

    public void Close(DateTimeOffset month, RevenueReport report)
    {
        Console.WriteLine($"\n{month:MMMM yyyy}");
        var (day, customer) = ("", "");
        foreach (var entry in _entries)
        {
            var isSame = (entry.Day, entry.Customer) == (day, customer);
            (day, customer) = (entry.Day, entry.Customer);
            Console.WriteLine(isSame ? $"  {"",-23}{entry.Text}" : $"  {day,-8}{customer,-15}{entry.Text}");
        }

        Console.WriteLine($"  {"",-23}{_renewals} routine renewals. Collected {Sum(_collected.Values)}. MRR {Sum(report.MonthlyRecurringRevenue.Values)}.");
        _entries.Clear();
        _collected.Clear();
        _renewals = 0;
    }

    private async ValueTask<bool> IsNewsAsync(BillingEvent billingEvent, CancellationToken cancellationToken) => billingEvent switch
    {
        TrialConverted or PaymentRecovered => true,
        SubscriptionActivated activated => activated.Subscription.Trial is null,                            // else TrialConverted follows
        SubscriptionCanceled canceled => canceled.Subscription.EndedAt != canceled.Subscription.Trial?.End, // else TrialExpired came before
        PaymentMethodAdded added => await billing.For(added.CustomerId).GetSubscriptionAsync(cancellationToken) is { } subscription
            && subscription.CreatedAt < added.OccurredAt,                                                   // else it came with the subscription
        CustomerCreated or SubscriptionRenewed or InvoiceUpcoming or InvoiceFinalized => false,
        TrialEnding or AccessGranted or AccessRestricted => false,                                          // the other hooks tell of these
        _ => true,
    };

    // A renewal is news when there is usage to pay, or when it costs something else than the payment before.
    private void HandlePayment(Invoice invoice)
    {
        if (!invoice.AmountPaid.IsPositive)
            return;

        var nothing = Money.Zero(invoice.AmountPaid.Currency);
        var usage = invoice.Lines.Where(IsUsage).Aggregate(nothing, (sum, line) => sum + line.Amount);
        var usual = invoice.AmountPaid - usage;
        if (invoice.Reason is BillingReason.SubscriptionCycle && usage.IsZero && _payments.GetValueOrDefault(invoice.CustomerId) == usual)
            _renewals++;
        else
            Add(invoice.PaidAt!.Value, invoice.CustomerId, $"{invoice.AmountPaid} paid on invoice {invoice.Number}" + (usage.IsZero ? "" : $", of which {usage} for usage"));

        _payments[invoice.CustomerId] = usual;
        _collected[usual.Currency.Code] = _collected.GetValueOrDefault(usual.Currency.Code, nothing) + invoice.AmountPaid;
    }

    private bool IsUsage(InvoiceLine line) => line.PriceKey is { } key && billing.Plans.GetPrice(key).Price.Kind is PriceKind.Metered;

    private static string Sum(IEnumerable<Money> amounts) => string.Join(" + ", amounts) is { Length: > 0 } text ? text : "nothing";
}
