namespace SaasBilling.Tests.Approvals;

public sealed class PublicApiTests
{
    [Fact]
    public void The_public_API_is_the_approved_one() => ApprovedFile.Check(
        "tests/SaasBilling.Tests/Approvals/PublicApi.approved.txt",
        PublicApiPrinter.Print(typeof(Money).Assembly),
        "The public API",
        "tell of it in CHANGELOG.md");
}
