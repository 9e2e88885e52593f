using System.Reflection;
using SaasBilling.InMemory.Engine;
using SaasBilling.Providers;

namespace SaasBilling.Tests.InMemory.Engine;

public class BillingEngineTests
{
    [Fact]
    public void Snapshots_TellOnlyWhatChanged_AndGoOnFromTheOneBefore()
    {
        var world = StatusTableTests.Active();
        var before = world.Read();
        Assert.Null(before.Since);
        var told = world.Coupon("p20").Snapshot;
        Assert.Equal(before.Cursor, told.Since);
        Assert.Single(told.Subscriptions);
        Assert.Empty(told.Invoices);
        Assert.Null(told.PaymentMethods);
        Assert.Null(told.PendingCharges);

        world.Charge(100);
        world.To("2026-03-01T01:00:00Z");
        var since = world.Read(cursor: told.Cursor);
        Assert.Equal(told.Cursor, since.Since);
        Assert.Equal(2, since.Invoices.Count);
        Assert.NotNull(since.PendingCharges);
        Assert.Null(since.PaymentMethods);
        Assert.Empty(world.Read(cursor: since.Cursor).Invoices);
        Assert.Empty(world.Read(cursor: since.Cursor).Subscriptions);
    }

    [Fact]
    public void TheStreamOfSteps_AddsUpToTheWholeAccount()
    {
        var world = StatusTableTests.PastDue(options => options.WhenRetriesExhausted = RetriesExhausted.MarkUnpaid);
        var known = world.Read();
        var invoices = known.Invoices.ToDictionary(invoice => invoice.Id);
        var cursor = known.Cursor;
        var count = world.Stream.Count;
        world.To("2026-04-02");
        foreach (var step in world.Stream.Skip(count))
        {
            Assert.Equal(cursor, step.Since);
            cursor = step.Cursor;
            foreach (var invoice in step.Invoices)
                invoices[invoice.Id] = invoice;
        }

        Assert.Equal(world.Read().Cursor, cursor);
        Assert.Equal(world.Read().Invoices, invoices.Values.OrderBy(invoice => invoice.CreatedAt));
        Assert.Equal(world.Read().Subscriptions, [world.Stream[^1].Subscriptions[^1]]);
    }

    [Fact]
    public void ACursorThatNobodyGave_ReadsEverything()
    {
        var world = StatusTableTests.Active();
        Assert.Null(world.Read(cursor: "999999").Since);
        Assert.Null(world.Read(cursor: "what").Since);
        Assert.Single(world.Read(cursor: "999999").Invoices);
    }

    [Fact]
    public void ACommand_DoesTheDueWorkOfItsCustomerFirst_AtItsOwnInstants()
    {
        var world = StatusTableTests.Active();
        world.Sleep(days: 40);
        var told = world.Coupon("p20").Snapshot;
        Assert.Equal(World.At("2026-02-01T01:00:00Z"), Assert.Single(told.Invoices).PaidAt);
        Assert.Equal(1_000, told.Invoices[0].AmountPaid.MinorUnits);
        Assert.Equal(World.At("2026-03-01"), world.Provider.NextDueAt);
    }

    [Fact]
    public void ACommandThatFails_AfterDueWorkWasDone_LeavesThatToBeTold()
    {
        var world = StatusTableTests.Active();
        var before = world.Read().Cursor;
        world.Sleep(days: 40);
        Assert.Throws<BillingException>(world.Resume);

        Assert.True(world.Provider.NextDueAt <= world.Now);
        var told = world.Provider.RunNext(world.Now)!;
        Assert.Equal(before, told.Since);
        Assert.Equal(InvoiceStatus.Paid, Assert.Single(told.Invoices).Status);
        Assert.Null(world.Provider.RunNext(world.Now));
    }

    [Fact]
    public void LateWork_IsDoneInDueOrder_OverAllCustomers()
    {
        var world = new World();
        foreach (var (customer, hour) in new[] { ("late", 5), ("early", 1), ("middle", 3) })
        {
            world.Ensure(customer);
            world.Subscribe(world.Request("basic") with { CustomerId = customer, TrialEnd = world.Start.AddHours(hour) });
        }

        world.Sleep(days: 2);
        var order = new List<(string, DateTimeOffset)>();
        while (world.Provider.RunNext(world.Now) is { } step)
            order.Add((step.Customer.Id, step.ObservedAt));
        Assert.Equal([("early", world.Start.AddHours(1)), ("middle", world.Start.AddHours(3)), ("late", world.Start.AddHours(5))], order);
    }

    [Fact]
    public void R10_AClockThatGoesBack_NeverMovesACustomerBack()
    {
        var world = StatusTableTests.Active();
        world.To("2026-01-20");
        world.Coupon("p20");
        world.Sleep(days: -10);
        world.CancelNow();
        Assert.Equal(World.At("2026-01-20"), world.Subscription.EndedAt);
    }

    [Fact]
    public void ARepeatedCommand_DoesNothing_AndGivesTheFirstAnswer()
    {
        var world = new World();
        world.Card();
        var request = new AddChargeRequest { CustomerId = World.Acme, Amount = Money.Of(5m, "USD"), Description = "Set-up" };
        var first = World.Done(world.Provider.ChargeNowAsync(request, "once", default));
        world.Advance(hours: 23);
        var second = World.Done(world.Provider.ChargeNowAsync(request, "once", default));
        Assert.Equal(first.Id, second.Id);
        Assert.Single(world.Invoices);
    }

    [Fact]
    public void AFork_RunsAhead_AndChangesNothing()
    {
        var world = StatusTableTests.Active();
        world.Charge(100);
        world.Change("pro");
        var before = world.Read();
        var future = world.Provider.Fork(World.Acme)!;
        Assert.Equal(2_000 + 100 + 1_000, future.PreviewNextInvoice(world.Subscription.Id)!.AmountDue.MinorUnits);

        var invoices = new List<Invoice>();
        while (future.NextDueAt is { } due && due <= world.Start.AddYears(1))
            invoices.AddRange(future.RunNext(due)!.Invoices);
        Assert.Equal(11, invoices.Count(invoice => invoice.Status == InvoiceStatus.Paid));
        Assert.Equal(before.Cursor, world.Read().Cursor);
        Assert.Equal(before.Invoices, world.Read().Invoices);
        Assert.Equal(before.Subscriptions, world.Read().Subscriptions);
        Assert.Null(world.Provider.Fork("nobody"));

        world.To(world.Start.AddYears(1));
        Assert.Equal(world.Invoices.Skip(1).Where(invoice => invoice.Status == InvoiceStatus.Paid), invoices.Where(invoice => invoice.Status == InvoiceStatus.Paid));
    }

    [Fact]
    public void Preview_OfTheNextInvoice_IsWhatTheRenewalInvoices()
    {
        var world = new World();
        world.Card();
        world.Subscribe("metered");
        world.Use(150);
        world.Charge(40);
        world.Coupon("minus5");
        var preview = world.Preview();
        Assert.Equal((0L, 0), (preview.DueNow.MinorUnits, preview.Lines.Count));
        world.To("2026-02-01");
        Assert.Equal(world.Newest, preview.NextInvoice);
    }

    [Theory]
    [InlineData("free")]
    [InlineData("canceled")]
    [InlineData("trial")]
    [InlineData("paused")]
    [InlineData("incomplete")]
    public void Preview_IsNull_WhereNothingWillBeInvoiced(string what)
    {
        var world = new World();
        switch (what)
        {
            case "free":
                world.Subscribe("free");
                break;
            case "canceled":
                world.Card();
                world.Subscribe("basic");
                world.Cancel();
                break;
            case "trial":
                world.Trial("basic", 14);
                break;
            case "paused":
                world.Card();
                world.Subscribe("basic");
                world.Pause();
                break;
            default:
                world.Subscribe("basic");
                break;
        }

        Assert.Null(world.Preview().NextInvoice);
    }

    [Fact]
    public void UnknownCustomerAndSubscription_AreNamed()
    {
        var world = StatusTableTests.Active();
        Assert.Equal(
            "There is no customer 'nobody'. Create it with EnsureCustomerAsync first.",
            Assert.Throws<BillingException>(() => world.Delete("nobody")).Message);
        var unknown = Assert.Throws<BillingException>(() => World.Done(world.Provider.ResumeSubscriptionAsync(new(World.Acme, "in_1_1"), "k", default)));
        Assert.Equal((BillingErrorCode.NotSubscribed, "Customer 'acme' has no subscription 'in_1_1'. Use Subscription.Id of one of theirs."), (unknown.Code, unknown.Message));
    }

    [Fact]
    public void RCUR4_LiveSubscriptions_ShareOneCurrency()
    {
        var world = StatusTableTests.Active();
        var refused = Assert.Throws<BillingException>(() => world.Subscribe(world.Request("basic", new PriceQuantity("basic/eur/month", 1)) with { Name = "second" }));
        Assert.Equal(
            (BillingErrorCode.CurrencyMismatch, "Customer 'acme' is billed in USD, and all live subscriptions of a customer share one currency. Use a price in USD, or cancel the others first."),
            (refused.Code, refused.Message));
        world.CancelNow();
        world.Subscribe("basic", new PriceQuantity("basic/eur/month", 1));
        Assert.Equal(Money.Of(12m, "EUR"), world.Newest.AmountPaid);
    }

    [Fact]
    public void EachCurrency_HasItsOwnBalance()
    {
        var world = StatusTableTests.Active();
        world.Credit(700);
        world.CancelNow();
        world.Subscribe("basic", new PriceQuantity("basic/eur/month", 1));
        Assert.Equal((Money.Of(12m, "EUR"), Money.Of(7m, "USD")), (world.Newest.AmountPaid, world.Customer.CreditBalance));
        world.CancelNow();
        world.Subscribe("basic");
        Assert.Equal(300, world.Newest.AmountPaid.MinorUnits);
    }

    [Fact]
    public void AmountsThatNoInvoiceCanHold_AreRefused_AndChangeNothing()
    {
        var world = new World();
        world.Card();
        var before = world.Read();
        Assert.Equal(BillingErrorCode.InvalidArgument, Assert.Throws<BillingException>(() => world.Charge(long.MaxValue)).Code);
        Assert.Equal(BillingErrorCode.InvalidArgument, Assert.Throws<BillingException>(() => world.Credit(long.MinValue + 1)).Code);
        Assert.Equal(BillingErrorCode.InvalidArgument, Assert.Throws<BillingException>(() => world.Subscribe("team", new PriceQuantity("team/seat/usd/month", long.MaxValue))).Code);
        Assert.Equal(BillingErrorCode.InvalidArgument, Assert.Throws<BillingException>(() => world.Subscribe("team", new PriceQuantity("team/seat/usd/month", -1))).Code);
        Assert.Equal(before.Cursor, world.Read().Cursor);
        Assert.Empty(world.Read().Subscriptions);
    }

    [Fact]
    public void Restore_PutsBackEveryMember()
    {
        var full = new EngineCustomer { Number = 1, Id = "a", Profile = new Customer { Id = "a", CreatedAt = DateTimeOffset.UnixEpoch }, NumberPrefix = 1 };
        var members = typeof(EngineCustomer).GetFields(BindingFlags.Instance | BindingFlags.NonPublic)
            .Where(member => !member.IsInitOnly && !new[] { "LatestAt", "UntoldSince", "Archived", "Number", "NumberPrefix" }.Any(kept => member.Name.Contains($"<{kept}>", StringComparison.Ordinal)))
            .ToList();
        Assert.True(members.Count >= 15);
        foreach (var member in members)
            member.SetValue(full, Other(member.FieldType));

        var restored = new EngineCustomer { Number = 1, Id = "a", Profile = new Customer { Id = "a", CreatedAt = DateTimeOffset.UnixEpoch }, NumberPrefix = 1 };
        restored.Restore(full);
        Assert.All(members, member => Assert.Equal(member.GetValue(full), member.GetValue(restored)));
    }

    private static object Other(Type type) => type switch
    {
        _ when type == typeof(long) => 77L,
        _ when type == typeof(int) => 78,
        _ when type == typeof(Currency) => Currency.Of("EUR"),
        _ when type == typeof(Customer) => new Customer { Id = "b", CreatedAt = DateTimeOffset.UnixEpoch },
        { IsArray: true } => Array.CreateInstance(type.GetElementType()!, 1),
        _ => Activator.CreateInstance(type)!,
    };
}
