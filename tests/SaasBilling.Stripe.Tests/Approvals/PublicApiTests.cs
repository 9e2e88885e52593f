using SaasBilling.Tests;
using SaasBilling.Tests.Approvals;

namespace SaasBilling.Stripe.Tests.Approvals;

public sealed class PublicApiTests
{
    private const string Folder = "tests/SaasBilling.Stripe.Tests/Approvals";

    [Fact]
    public void The_public_API_is_the_approved_one()
    {
        var approvedPath = RepositoryFiles.PathOf($"{Folder}/PublicApi.approved.txt");
        var receivedPath = RepositoryFiles.PathOf($"{Folder}/PublicApi.received.txt");
        var received = PublicApiPrinter.Print(typeof(StripeBillingOptions).Assembly);
        var approved = File.Exists(approvedPath) ? File.ReadAllText(approvedPath).ReplaceLineEndings("\n") : "";
        if (received == approved)
        {
            File.Delete(receivedPath);
            return;
        }

        File.WriteAllText(receivedPath, received);
        Assert.Fail($"""
            The public API changed. If that is wanted, accept it and tell of it in CHANGELOG.md:
            mv {Folder}/PublicApi.received.txt {Folder}/PublicApi.approved.txt
            """);
    }

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
