using Microsoft.EntityFrameworkCore;
using SaasBilling.EntityFrameworkCore.Tests.Databases;
using SaasBilling.Tests.Approvals;

namespace SaasBilling.EntityFrameworkCore.Tests.Schema;

/// <summary>A change of the model is a change of every application's database: it shows here, and is told in CHANGELOG.md as "schema change".</summary>
public sealed class CreateScriptTests
{
    [Fact]
    public void The_create_script_for_SQLite_is_the_approved_one() =>
        Check("sqlite", new DbContextOptionsBuilder<PlainContext>().UseSqlite("Data Source=nowhere"));

    [Fact]
    public void The_create_script_for_PostgreSQL_is_the_approved_one() =>
        Check("postgresql", new DbContextOptionsBuilder<PlainContext>().UseNpgsql("Host=nowhere"));

    private static void Check(string name, DbContextOptionsBuilder<PlainContext> options)
    {
        using var context = new PlainContext(options.Options);
        var received = context.Database.GenerateCreateScript().ReplaceLineEndings("\n").Trim() + "\n";
        ApprovedFile.Check($"tests/SaasBilling.EntityFrameworkCore.Tests/Approvals/CreateScript.{name}.approved.sql", received, "The schema", "say \"schema change\" in CHANGELOG.md");
    }
}
