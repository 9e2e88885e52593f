using SaasBilling.InMemory.Engine;

namespace SaasBilling.Tests.InMemory.Engine;

public sealed class AccountShelfTests
{
    [Fact]
    public void AccountThatIsPutBack_IsMadeAnew_WithItsNumberAndProfile()
    {
        var shelf = new AccountShelf();
        foreach (var id in new[] { "a", "b", "c" })
            Add(shelf, id);

        var account = shelf.Find("b")!;
        account.Touch();
        shelf.PutBack(account);

        var again = shelf.Find("b")!;
        Assert.NotSame(account, again);
        Assert.Same(account.Profile, again.Profile);
        Assert.Equal((2, 1), (again.Number, again.Revision));
        Assert.Equal(["a", "b", "c"], shelf.CustomerIds);
    }

    [Fact]
    public void AccountThatIsLookedUp_IsOneUntilItIsPutBack()
    {
        var shelf = new AccountShelf();
        Add(shelf, "a");
        shelf.PutBack(shelf.Find("a")!);
        Assert.Same(shelf.Find("a"), shelf.Find("a"));
    }

    [Fact]
    public void AccountThatCannotBePacked_StaysAsItIs()
    {
        var shelf = new AccountShelf();
        Add(shelf, "a");
        var account = shelf.Find("a")!;
        account.UntoldSince = 0;
        shelf.PutBack(account);
        Assert.Same(account, shelf.Find("a"));

        account.UntoldSince = -1;
        shelf.PutBack(account);
        Assert.NotSame(account, shelf.Find("a"));
    }

    [Fact]
    public void ShelfOfOne_KeepsTheNumber()
    {
        var only = new EngineCustomer { Number = 900_000, Id = "a", Profile = new Customer { Id = "a", CreatedAt = DateTimeOffset.UnixEpoch }, NumberPrefix = 1 };
        var shelf = new AccountShelf(only);
        Assert.Equal((0, 900_001), (shelf.PlaceOf(only), shelf.NextNumber));
        shelf.PutBack(only);
        Assert.Equal(900_000, shelf.Open(0).Number);
    }

    [Fact]
    public void UnknownCustomer_IsNotFound() => Assert.Null(new AccountShelf().Find("nobody"));

    private static void Add(AccountShelf shelf, string id) =>
        shelf.Add(new EngineCustomer { Number = shelf.NextNumber, Id = id, Profile = new Customer { Id = id, CreatedAt = DateTimeOffset.UnixEpoch }, NumberPrefix = 1 });
}
