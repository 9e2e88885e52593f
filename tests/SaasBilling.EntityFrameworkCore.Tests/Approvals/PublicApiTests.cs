using Microsoft.EntityFrameworkCore;
using SaasBilling.Tests;
using SaasBilling.Tests.Approvals;

namespace SaasBilling.EntityFrameworkCore.Tests.Approvals;

public sealed class PublicApiTests
{
    private const string Folder = "tests/SaasBilling.EntityFrameworkCore.Tests/Approvals";

    [Fact]
    public void The_public_API_is_the_approved_one()
    {
        var approvedPath = RepositoryFiles.PathOf($"{Folder}/PublicApi.approved.txt");
        var receivedPath = RepositoryFiles.PathOf($"{Folder}/PublicApi.received.txt");
        var received = PublicApiPrinter.Print(typeof(SaasBillingModelBuilderExtensions).Assembly);
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
