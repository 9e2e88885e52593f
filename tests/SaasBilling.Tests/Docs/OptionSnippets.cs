using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SaasBilling.Tests.Docs;

public sealed class OptionSnippets
{
    [Fact]
    public async Task Options_are_set_where_billing_is_added()
    {
        var services = new ServiceCollection();
        #region options
        services.AddSaasBilling(options =>
            {
                options.PastDueGrace = TimeSpan.FromDays(14);
                options.Worker.MaxAttempts = 5;
            })
            .AddPlan("pro", plan => plan.Price(29m, "USD", BillingInterval.Monthly))
            .UseInMemory(options => options.DraftDelay = TimeSpan.Zero);
        #endregion

        await using var provider = services.BuildServiceProvider();
        Assert.NotNull(provider.GetRequiredService<IBilling>());
        Assert.Equal(5, provider.GetRequiredService<IOptions<SaasBillingOptions>>().Value.Worker.MaxAttempts);
    }

    [Fact]
    public void Options_are_read_from_configuration()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Billing:Options:PastDueGrace", "14.00:00:00"), new("Billing:Options:Worker:MaxAttempts", "5")])
            .Build();
        var services = new ServiceCollection();
        services.AddSaasBilling().UseInMemory();
        services.Configure<SaasBillingOptions>(configuration.GetSection("Billing:Options"));

        using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptions<SaasBillingOptions>>().Value;

        Assert.Equal((TimeSpan.FromDays(14), 5), (options.PastDueGrace, options.Worker.MaxAttempts));
    }

    [Fact]
    public void The_page_names_every_option_and_its_default()
    {
        var defaults = DefaultsOf(new SaasBillingOptions()).Concat(DefaultsOf(new BillingWorkerOptions())).Concat(DefaultsOf(new BillingRetentionOptions())).Concat(DefaultsOf(new InMemoryBillingOptions()));
        var rows = DocsPage.Table("docs/options.md", "option", "default", "what it decides");

        Assert.Equal(defaults.Order(), rows.Select(row => $"{row[0]} = {row[1]}").Order());
    }

    private static IEnumerable<string> DefaultsOf(object options) => options.GetType().GetProperties()
        .Where(property => property.PropertyType != typeof(BillingWorkerOptions) && property.PropertyType != typeof(BillingRetentionOptions))
        .Select(property => $"{property.Name} = {Text(property.GetValue(options))}");

    private static string Text(object? value) => value switch
    {
        null => "none",
        bool flag => flag ? "true" : "false",
        TimeSpan span => Text(span),
        IEnumerable<TimeSpan> spans => string.Join(", ", spans.Select(Text)),
        _ => value.ToString()!,
    };

    private static string Text(TimeSpan span)
    {
        var (count, unit) = span switch
        {
            { Ticks: var ticks } when ticks % TimeSpan.TicksPerDay == 0 => (span.Days, "day"),
            { Ticks: var ticks } when ticks % TimeSpan.TicksPerHour == 0 => ((int)span.TotalHours, "hour"),
            { Ticks: var ticks } when ticks % TimeSpan.TicksPerMinute == 0 => ((int)span.TotalMinutes, "minute"),
            _ => ((int)span.TotalSeconds, "second"),
        };
        return count == 1 ? $"1 {unit}" : $"{count} {unit}s";
    }
}
