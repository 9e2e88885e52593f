namespace SaasBilling.Tests.Docs;

public sealed class SnippetDocumentTests
{
    private const string Code = "var acme = billing.For(\"acme\");\n\nawait acme.CancelAsync();";

    [Fact]
    public void A_block_that_equals_its_region_is_right()
    {
        var check = Check($"# Page\n\n<!-- snippet: cancel -->\n```csharp\n{Code}\n```\nText.\n");

        Assert.Empty(check.Faults);
        Assert.Equal(["cancel"], check.Shown);
    }

    [Fact]
    public void A_block_that_differs_from_its_region_is_a_fault_and_is_filled_in()
    {
        var check = Check("# Page\n\n<!-- snippet: cancel -->\n```csharp\nawait acme.Cancel();\n```\nText.\n");

        Assert.Equal(["page.md:4: the block differs from snippet 'cancel'. Run the tests once with SAASBILLING_UPDATE_DOCS=1 to take the code over."], check.Faults);
        Assert.Equal($"# Page\n\n<!-- snippet: cancel -->\n```csharp\n{Code}\n```\nText.\n", check.Updated);
    }

    [Fact]
    public void An_empty_block_is_filled_in()
    {
        var check = Check("<!-- snippet: cancel -->\n```csharp\n```\n");

        Assert.Single(check.Faults);
        Assert.Equal($"<!-- snippet: cancel -->\n```csharp\n{Code}\n```\n", check.Updated);
        Assert.Empty(Check(check.Updated).Faults);
    }

    [Fact]
    public void A_block_without_a_marker_is_a_fault()
    {
        var check = Check($"```csharp\n{Code}\n```\n");

        Assert.Equal(["page.md:1: this C# block is not taken from compiled code. Put '<!-- snippet: name -->' on the line above it, and the code between '#region name' and '#endregion' in tests/SaasBilling.Tests/Docs."], check.Faults);
    }

    [Fact]
    public void A_marker_belongs_to_the_block_below_it_alone()
    {
        var check = Check($"<!-- snippet: cancel -->\n```csharp\n{Code}\n```\n```csharp\n{Code}\n```\n");

        Assert.StartsWith("page.md:7: this C# block is not taken from compiled code.", Assert.Single(check.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void A_marker_without_a_block_is_a_fault()
    {
        var check = Check("<!-- snippet: cancel -->\n\nText.\n");

        Assert.Equal(["page.md:1: the marker of snippet 'cancel' is not followed by a ```csharp block. Put the block on the next line."], check.Faults);
    }

    [Fact]
    public void A_region_that_is_not_there_is_a_fault()
    {
        var check = Check("<!-- snippet: resume -->\n```csharp\n```\n");

        Assert.Equal(["page.md:2: there is no region 'resume' in tests/SaasBilling.Tests/Docs, and no file of that path."], check.Faults);
    }

    [Theory]
    [InlineData("cs")]
    [InlineData("c#")]
    public void Another_spelling_of_the_language_is_a_fault(string language)
    {
        var check = Check($"```{language}\n{Code}\n```\n");

        Assert.Equal([$"page.md:1: write ```csharp instead of ```{language}, so that the block is checked."], check.Faults);
    }

    [Fact]
    public void Blocks_of_other_languages_are_left_alone()
    {
        const string page = "```sh\ndotnet test\n```\n\n````markdown\n```csharp\nx\n```\n````\n";

        var check = Check(page);

        Assert.Empty(check.Faults);
        Assert.Equal(page, check.Updated);
    }

    [Fact]
    public void A_block_that_is_never_closed_is_a_fault()
    {
        var check = Check("```sh\ndotnet test\n");

        Assert.Equal(["page.md:1: this code block is never closed. Write ``` after it."], check.Faults);
    }

    [Fact]
    public void A_region_loses_its_indentation_and_its_inner_region_lines()
    {
        var regions = SnippetRegions.Read([("Tests.cs", "class T\n{\n    #region outer\n    if (x)\n    {\n        #region inner\n        y();\n        #endregion\n\n    }\n    #endregion\n}\n")]);

        Assert.Equal("if (x)\n{\n    y();\n\n}", regions["outer"].Text);
        Assert.Equal("y();", regions["inner"].Text);
    }

    [Fact]
    public void A_name_that_is_used_twice_is_refused()
    {
        const string text = "#region a\n#endregion\n";

        var exception = Assert.Throws<FormatException>(() => SnippetRegions.Read([("One.cs", text), ("Two.cs", text)]));

        Assert.Equal("Two.cs and One.cs both have a region 'a'. Name each region once.", exception.Message);
    }

    [Theory]
    [InlineData("#region\n#endregion\n", "A.cs has a #region without a name. Write '#region the-name'.")]
    [InlineData("#endregion\n", "A.cs has an #endregion without a #region.")]
    [InlineData("#region a\n", "A.cs never closes the region 'a'. Write #endregion after it.")]
    public void A_broken_region_is_refused(string text, string message)
    {
        var exception = Assert.Throws<FormatException>(() => SnippetRegions.Read([("A.cs", text)]));

        Assert.Equal(message, exception.Message);
    }

    private static SnippetCheck Check(string markdown) => SnippetDocument.Check("page.md", markdown, name => name == "cancel" ? Code : null);
}
