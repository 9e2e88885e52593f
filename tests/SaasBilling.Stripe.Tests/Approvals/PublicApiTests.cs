using SaasBilling.Tests.Approvals;

namespace SaasBilling.Stripe.Tests.Approvals;

public sealed class PublicApiTests
{
    [Fact]
    public void The_public_API_is_the_approved_one() => ApprovedFile.Check(
        "tests/SaasBilling.Stripe.Tests/Approvals/PublicApi.approved.txt",
        PublicApiPrinter.Print(typeof(StripeBillingOptions).Assembly),
        "The public API",
        "tell of it in CHANGELOG.md");

    [Fact]
    public void The_package_refers_to_no_client_of_somebody_elses()
    {
        var others = typeof(StripeBillingOptions).Assembly.GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name => name is not ("netstandard" or "SaasBilling")
                && !name.StartsWith("System.", StringComparison.Ordinal)
                && !(name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal) && (name.EndsWith(".Abstractions", StringComparison.Ordinal) || name == "Microsoft.Extensions.Options")));

        Assert.Equal([], others);
    }
}
