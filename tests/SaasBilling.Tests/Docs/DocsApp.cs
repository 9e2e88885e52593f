using Microsoft.Extensions.DependencyInjection;

namespace SaasBilling.Tests.Docs;

/// <summary>The application that the snippets run in: billing in memory, on a clock that only the simulator moves.</summary>
internal sealed class DocsApp : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public DocsApp(IServiceCollection services)
    {
        _services = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        Billing = _services.GetRequiredService<IBilling>();
        Simulator = _services.GetRequiredService<BillingSimulator>();
    }

    public IServiceProvider Services => _services;

    public IBilling Billing { get; }

    public BillingSimulator Simulator { get; }

    public static DateTimeOffset At(string instant) => DateTimeOffset.Parse(instant + "Z", System.Globalization.CultureInfo.InvariantCulture);

    /// <param name="startAt">UTC, such as <c>2027-04-01 09:00</c>.</param>
    /// <param name="setUp">Plans and hooks.</param>
    public static DocsApp Start(string startAt, Action<ISaasBillingBuilder> setUp)
    {
        var services = new ServiceCollection();
        var builder = services.AddSaasBilling();
        setUp(builder);
        builder.UseInMemory(options => options.StartAt = At(startAt));
        return new DocsApp(services);
    }

    public void Deconstruct(out IBilling billing, out BillingSimulator simulator)
    {
        billing = Billing;
        simulator = Simulator;
    }

    /// <summary>What happened to a customer: <c>2027-04-01 09:00 TrialStarted</c>, a line each.</summary>
    public async Task<IReadOnlyList<string>> TimelineAsync(string customerId, params string[] without) =>
    [
        .. (await Billing.For(customerId).GetHistoryAsync())
            .Select(happened => (happened.OccurredAt, Name: happened.GetType().Name))
            .Where(happened => !without.Contains(happened.Name))
            .Select(happened => $"{happened.OccurredAt:yyyy-MM-dd HH:mm} {happened.Name}"),
    ];

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
