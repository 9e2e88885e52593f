using SaasBilling.Road;
using SaasBilling.Storage;

namespace SaasBilling.Tests.Road;

public sealed class IdempotencyKeyTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void For_TheSameCommandAtTheSameVersion_IsTheSame() =>
        Assert.Equal(IdempotencyKey.For(Turn(), "default", "create", "pro", null), IdempotencyKey.For(Turn(), "default", "create", "pro", null));

    [Fact]
    public void For_IsShortHexadecimal() => Assert.Matches("^[0-9a-f]{40}$", IdempotencyKey.For(Turn(), "default", "create", "pro"));

    [Fact]
    public void For_AnythingElse_IsAnother()
    {
        string[] keys =
        [
            IdempotencyKey.For(Turn(), "default", "create", "pro", "team"),
            IdempotencyKey.For(Turn(), "default", "create", "proteam"),
            IdempotencyKey.For(Turn(), "default", "create", "pro;team"),
            IdempotencyKey.For(Turn(), "default", "create", "pro", "team", ""),
            IdempotencyKey.For(Turn(), "default", "create", "pro", "team", null),
            IdempotencyKey.For(Turn(), "default", "change", "pro", "team"),
            IdempotencyKey.For(Turn(), "other", "create", "pro", "team"),
            IdempotencyKey.For(Turn("globex"), "default", "create", "pro", "team"),
            IdempotencyKey.For(Turn(version: 2), "default", "create", "pro", "team"),
            IdempotencyKey.For(Turn(version: null), "default", "create", "pro", "team"),
        ];

        Assert.Equal(keys.Length, keys.Distinct().Count());
    }

    private static RoadTurn Turn(string customerId = "acme", long? version = 1) => new(
        customerId,
        version is { } stored ? new CustomerState { Customer = new Customer { Id = customerId, CreatedAt = Now }, Version = stored } : null,
        Now);
}
