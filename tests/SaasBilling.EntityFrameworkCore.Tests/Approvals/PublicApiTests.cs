using Microsoft.EntityFrameworkCore;
using SaasBilling.Tests.Approvals;

namespace SaasBilling.EntityFrameworkCore.Tests.Approvals;

public sealed class PublicApiTests
{
    [Fact]
    public void The_public_API_is_the_approved_one() => ApprovedFile.Check(
        "tests/SaasBilling.EntityFrameworkCore.Tests/Approvals/PublicApi.approved.txt",
        PublicApiPrinter.Print(typeof(SaasBillingModelBuilderExtensions).Assembly),
        "The public API",
        "tell of it in CHANGELOG.md");

    [Fact]
    public void The_package_refers_to_no_database()
    {
        var others = typeof(SaasBillingModelBuilderExtensions).Assembly.GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name => name is not ("netstandard" or "SaasBilling" or "Microsoft.EntityFrameworkCore" or "Microsoft.EntityFrameworkCore.Abstractions" or "Microsoft.EntityFrameworkCore.Relational")
                && !name.StartsWith("System.", StringComparison.Ordinal)
                && !name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal));

        Assert.Equal([], others);
    }
}
