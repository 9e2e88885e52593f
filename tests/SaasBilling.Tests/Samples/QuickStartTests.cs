namespace SaasBilling.Tests.QuickStart;

/// <summary>The QuickStart prints what its file says, and the figures in it agree with each other and with the price list.</summary>
public sealed class QuickStartTests(QuickStartRun run) : IClassFixture<QuickStartRun>
{
    private static readonly string[] Currencies = ["EUR", "USD"];

    [Fact]
    public void Output_is_the_one_that_was_accepted()
    {
        var accepted = Lines(File.ReadAllText(RepositoryFiles.PathOf("samples/QuickStart/expected-output.txt")));
        var first = Enumerable.Range(0, Math.Max(accepted.Length, run.Lines.Length))
            .FirstOrDefault(i => accepted.ElementAtOrDefault(i) != run.Lines.ElementAtOrDefault(i), -1);

        Assert.True(
            first < 0,
            $"""
            The QuickStart's output changed, first in line {first + 1}:
              accepted: {accepted.ElementAtOrDefault(first) ?? "(no such line)"}
              now:      {run.Lines.ElementAtOrDefault(first) ?? "(no such line)"}
            If that is wanted, run this in the repository's root, and read the difference before you commit it:
              dotnet run --project samples/QuickStart > samples/QuickStart/expected-output.txt
            """);
    }

    [Fact]
    public void The_invoice_charges_every_line_of_the_quote_to_the_cent()
    {
        var lines = run.Section("An upgrade in mid-period");
        var amounts = lines.Skip(1).Select(line => (Quoted: Amounts(line)[0], Charged: Amounts(line)[1])).ToList();

        Assert.Equal(3, amounts.Count);
        Assert.All(amounts, amount => Assert.Equal(amount.Quoted, amount.Charged));
        Assert.Equal(amounts[2].Quoted.Amount, amounts[0].Quoted.Amount + amounts[1].Quoted.Amount);
    }

    [Fact]
    public void Every_printed_invoice_adds_up()
    {
        var lines = run.Section("Three invoices");
        var heads = Enumerable.Range(0, lines.Count).Where(i => lines[i][2] != ' ').ToList();

        Assert.Equal(3, heads.Count);
        foreach (var (head, next) in heads.Zip(heads.Skip(1).Append(lines.Count)))
        {
            var amounts = lines.Take((head + 1)..next).Select(line => Amounts(line)[^1].Amount).ToList();
            Assert.Equal(amounts[^1], amounts.SkipLast(1).Sum());
        }
    }

    /// <summary>Seats and plans as the customers' table has them, at the prices of the catalog's file.</summary>
    [Fact]
    public void Mrr_is_what_the_customers_have_at_the_catalogs_prices()
    {
        var expected = run.Customers.Where(customer => customer.Status == "Active").ToLookup(customer => customer.Paid.Currency, MonthlyValue);

        foreach (var currency in Currencies)
            Assert.Equal(expected[currency].Sum(), run.Mrr(currency)[0]);
    }

    [Fact]
    public void Movements_lead_to_the_mrr()
    {
        foreach (var currency in Currencies)
        {
            var mrr = run.Mrr(currency);
            Assert.Equal(6, mrr.Count);
            Assert.Equal(mrr[0], mrr[1] + mrr[2] + mrr[3] - mrr[4] - mrr[5]);
        }
    }

    [Fact]
    public void The_last_month_closes_with_the_mrr_of_the_summary()
    {
        var closing = Amounts(run.Closings[^1].Split("MRR")[1]);

        Assert.Equal(Currencies.Select(currency => (run.Mrr(currency)[0], currency)), closing);
    }

    [Fact]
    public void What_the_months_collected_is_what_the_customers_paid()
    {
        Assert.Equal(18, run.Closings.Count);
        var collected = run.Closings.SelectMany(line => Amounts(line.Split("MRR")[0])).ToLookup(amount => amount.Currency, amount => amount.Amount);
        var paid = run.Customers.ToLookup(customer => customer.Paid.Currency, customer => customer.Paid.Amount);

        foreach (var currency in Currencies)
            Assert.Equal(paid[currency].Sum(), collected[currency].Sum());
    }

    [Fact]
    public void A_dozen_customers_live_every_kind_of_life()
    {
        Assert.Equal(12, run.Customers.Count);
        string[] told =
        [
            "Trial of Launch starts", "turned into a paying subscription", "ended without a payment method", "Came back to Launch",
            "Changed from Launch to Growth", "seats: 5 → 8", "for usage", "could not be charged", "that had failed is paid",
            "there is no further try", "will end on", "will go on after all", "Growth ended: we built our own", "is paused until",
            "? events: no, FreePlan, 1000 of 1000 used, until 2026-05-06; next step: Upgrade", "? members: yes, GracePeriod",
            "> workspace opened", "> workspace closed", "> mail:",
        ];

        Assert.Equal([], told.Where(text => !run.Lines.Any(line => line.Contains(text, StringComparison.Ordinal))));
    }

    internal static string[] Lines(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    /// <summary>The amounts of a line, such as <c>-37.12 EUR</c>, in order.</summary>
    internal static IReadOnlyList<(decimal Amount, string Currency)> Amounts(string line)
    {
        var words = line.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        return [.. words.Zip(words.Skip(1))
            .Where(pair => Currencies.Contains(pair.Second.TrimEnd('.', ':')))
            .Select(pair => (decimal.Parse(pair.First), pair.Second.TrimEnd('.', ':')))];
    }

    // Price × quantity, a twelfth of it for a year: read from the file, not through the library.
    private static decimal MonthlyValue(QuickStartRun.Customer customer)
    {
        var (interval, months) = customer.Interval == "yearly" ? ("year", 12) : ("month", 1);
        var price = QuickStartRun.Catalog.GetProperty("Plans").EnumerateArray()
            .Single(plan => plan.GetProperty("Name").GetString() == customer.Plan)
            .GetProperty("Prices").EnumerateArray()
            .Single(price => price.TryGetProperty("Amount", out _)
                && price.GetProperty("Currency").GetString() == customer.Paid.Currency
                && price.GetProperty("Interval").GetString() == interval);
        return price.GetProperty("Amount").GetDecimal() * (customer.Seats ?? 1) / months;
    }
}
