using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using SaasBilling.Conformance.Providers;
using SaasBilling.InMemory.Engine;

namespace SaasBilling.Tests.InMemory.Engine;

public sealed class PackedAccountTests
{
    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    private static readonly PlanCatalog Catalog = ConformanceCatalog.Build();
    private static readonly CatalogPrice Price = Catalog.GetPrice(Catalog[ConformanceCatalog.Solo].Prices[0].Key);
    private static readonly PackedReferences References = new();

    [Fact]
    public void RenewingAccount_ComesBackAsItWas()
    {
        var account = Renewing();
        Assert.True(TryPack(account, out var unpacked));
        Assert.Null(Difference(account, unpacked!));
    }

    [Fact]
    public void AccountWithoutSubscription_ComesBackAsItWas()
    {
        var account = Renewing();
        account.Subscriptions = [];
        account.Invoices.Clear();
        account.Cards = [];
        Assert.True(TryPack(account, out var unpacked));
        Assert.Null(Difference(account, unpacked!));
    }

    [Fact]
    public void PlaceThatHeldAnotherAccount_ForgetsIt()
    {
        var packed = default(PackedAccount);
        Assert.True(packed.TryPack(Renewing(), References));
        var empty = new EngineCustomer { Number = 7, Id = Profile().Id, Profile = Profile(), NumberPrefix = 9 };
        Assert.True(packed.TryPack(empty, References));
        Assert.Null(Difference(empty, packed.Unpack(7, empty.Id, empty.Profile, References)));
    }

    [Fact]
    public void AccountBeyond2106_StaysAsItIs()
    {
        var account = Renewing();
        account.Subscriptions[0].PeriodEnd = 4_294_967_295;
        account.Invoices.Clear();
        Assert.False(TryPack(account, out _));
        account.Subscriptions[0].PeriodEnd--;
        Assert.True(TryPack(account, out var unpacked));
        Assert.Null(Difference(account, unpacked!));
        account.Subscriptions[0].PeriodEnd = -1;
        Assert.False(TryPack(account, out _));
    }

    /// <summary>A member that is added to an account must be packed, or keep the account from being packed: nothing may be lost.</summary>
    [Fact]
    public void EachMember_IsPackedOrRefused()
    {
        var (kept, refused) = (0, 0);
        foreach (var part in Parts(Renewing()).Select(part => part.GetType()))
        {
            foreach (var member in part.GetFields(Members))
            {
                // The number follows from the place, and the shelf holds the profile.
                if (part == typeof(EngineCustomer) && (member.Name.Contains("<Number>", StringComparison.Ordinal) || member.Name.Contains("<Profile>", StringComparison.Ordinal)))
                    continue;

                var account = Renewing();
                Change(account, part, member);
                if (!TryPack(account, out var unpacked))
                {
                    refused++;
                    continue;
                }

                kept++;
                Assert.True(Difference(account, unpacked!) is null, $"{part.Name}.{member.Name} is lost: {Difference(account, unpacked!)}");
            }
        }

        Assert.True(kept >= 35, $"Only {kept} members are packed.");
        Assert.True(refused >= 40, $"Only {refused} members are refused.");
    }

    private static bool TryPack(EngineCustomer account, out EngineCustomer? unpacked)
    {
        var packed = default(PackedAccount);
        var isPacked = packed.TryPack(account, References);
        unpacked = isPacked ? packed.Unpack(account.Number, account.Id, account.Profile, References) : null;
        return isPacked;
    }

    private static Customer Profile() => new() { Id = "a", CreatedAt = DateTimeOffset.UnixEpoch };

    private static EngineCustomer Renewing()
    {
        var account = new EngineCustomer(Currency.Of("USD"), 300)
        {
            Number = 7,
            Id = Profile().Id,
            Profile = Profile(),
            NumberPrefix = 9,
            Revision = 11,
            CardsRevision = 2,
            PendingRevision = 1,
            LatestAt = 2_000,
            Archived = 3,
            LastInvoiceNumber = 4,
            LastSerial = 3,
            LastCardNumber = 2,
            LastPendingNumber = 1,
            Cards = [new() { Number = 2, Card = TestCards.All.First(), AttachedAt = 1_500, IsDefault = true, HasAuthenticated = true }],
            Subscriptions =
            [
                new()
                {
                    Number = 1,
                    Name = "default",
                    CreatedAt = 1_600,
                    Plan = Catalog[ConformanceCatalog.Solo],
                    Status = SubscriptionStatus.Active,
                    Interval = BillingInterval.Monthly,
                    Currency = Currency.Of("USD"),
                    Items = [new(1, Price, 1) { Debited = 900, DebitedFrom = 1_800 }],
                    Anchor = 1_700,
                    PeriodIndex = 5,
                    PeriodStart = 1_800,
                    PeriodEnd = 1_900,
                    TrialStart = 1_600,
                    TrialEnd = 1_700,
                    WhenNoPaymentMethod = TrialEndBehavior.Pause,
                    LastItemNumber = 3,
                    Revision = 10,
                },
            ],
        };
        account.Invoices.Add(new()
        {
            Number = 4,
            SubscriptionNumber = 1,
            Reason = BillingReason.SubscriptionCycle,
            Currency = Currency.Of("USD"),
            CreatedAt = 1_800,
            NextAttemptAt = 1_836,
            Lines = [new() { Kind = LineKind.Licensed, Price = Price, Quantity = 1, Amount = 900, Start = 1_800, End = 1_900 }],
            Subtotal = 900,
            AmountDue = 600,
            Revision = 11,
        });
        return account;
    }

    private static object[] Parts(EngineCustomer account) =>
        [account, account.Subscriptions[0], account.Subscriptions[0].Items[0], account.Cards[0], account.Invoices[0], account.Invoices[0].Lines[0]];

    private static void Change(EngineCustomer account, Type part, FieldInfo member)
    {
        var target = Parts(account).Single(candidate => candidate.GetType() == part);
        member.SetValue(target, Other(member.FieldType, member.GetValue(target)));
        if (target is EngineLine line)
            account.Invoices[0].Lines[0] = line;
    }

    private static object? Other(Type type, object? value) => value switch
    {
        long number => number == Instants.Never ? 77L : number + 1,
        int number => number + 1,
        ulong number => number + 1,
        decimal number => number + 1,
        bool flag => !flag,
        Currency => Currency.Of("EUR"),
        BillingInterval => BillingInterval.Yearly,
        CatalogPrice => Catalog.GetPrice(Catalog[ConformanceCatalog.Pro].Prices[0].Key),
        Plan => Catalog[ConformanceCatalog.Pro],
        TestCard => TestCards.All.Last(),
        string text => text + "!",
        Enum => Enum.GetValues(type).Cast<object>().First(other => !other.Equals(value)),
        Array { Length: > 0 } => Array.CreateInstance(type.GetElementType()!, 0),
        Array => Array.CreateInstance(type.GetElementType()!, 1),
        List<EngineInvoice> invoices => new List<EngineInvoice>([invoices[0], invoices[0].Copy()]),
        null when type == typeof(string) => "text",
        null when type == typeof(int?) => 5,
        null when type.IsArray => Array.CreateInstance(type.GetElementType()!, 1),
        null when type.IsGenericType => ListOfOne(type),
        null => RuntimeHelpers.GetUninitializedObject(type),
        _ => throw new InvalidOperationException($"Say what another value of {type} is."),
    };

    private static IList ListOfOne(Type type)
    {
        var list = (IList)Activator.CreateInstance(type)!;
        list.Add(RuntimeHelpers.GetUninitializedObject(type.GetGenericArguments()[0]));
        return list;
    }

    // Compares all that the engine's own types hold; where two are different, says so.
    private static string? Difference(object? left, object? right)
    {
        if (left is null || right is null || left.GetType() != right.GetType())
            return Equals(left, right) ? null : $"{left} became {right}";

        if (left is IList lefts)
        {
            var rights = (IList)right;
            return lefts.Count != rights.Count
                ? $"{lefts.Count} became {rights.Count}"
                : Enumerable.Range(0, lefts.Count).Select(i => Difference(lefts[i], rights[i])).FirstOrDefault(difference => difference is not null);
        }

        if (!left.GetType().Name.StartsWith("Engine", StringComparison.Ordinal))
            return Equals(left, right) ? null : $"{left} became {right}";

        return left.GetType().GetFields(Members)
            .Select(member => (member.Name, Difference: Difference(member.GetValue(left), member.GetValue(right))))
            .Where(found => found.Difference is not null)
            .Select(found => $"{found.Name}: {found.Difference}")
            .FirstOrDefault();
    }
}
