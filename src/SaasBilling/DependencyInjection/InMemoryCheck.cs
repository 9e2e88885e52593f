using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SaasBilling.InMemory;

namespace SaasBilling.DependencyInjection;

/// <summary>Checks <see cref="InMemoryBillingOptions"/>, and keeps the engine, which forgets, out of production.</summary>
internal sealed class InMemoryCheck(BillingChoices choices, IOptions<InMemoryBillingOptions> options, IHostEnvironment? environment = null) : IStartupCheck
{
    /// <summary>What the application called.</summary>
    public const string Call = "UseInMemory";

    private const int MostRetries = 30;

    private static readonly DateTimeOffset EarliestStart = new(1970, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromDays(365);
    private static readonly TimeSpan LongestDraft = TimeSpan.FromDays(30);

    public void Check(ICollection<string> wrongOptions)
    {
        if (!choices.IsProvider(Call))
            return;

        var value = options.Value;
        if (environment is not null && environment.IsProduction() && !value.AllowInProduction)
        {
            throw new BillingException(
                BillingErrorCode.InvalidState,
                $".{Call}() does not start in the Production environment: its billing is forgotten when the process ends. Choose a provider that lasts there, such as Stripe; or set {nameof(InMemoryBillingOptions)}.{nameof(value.AllowInProduction)} if forgetting is what you want; or, if this is not production, set DOTNET_ENVIRONMENT to Development.");
        }

        var faults = new OptionFaults(nameof(InMemoryBillingOptions), wrongOptions);
        if (value.StartAt is { } start && (start < EarliestStart || start >= SimulatedClock.End))
            faults.Add(nameof(value.StartAt), $"{start:O}", $"it must be from {EarliestStart:yyyy-MM-dd} to {SimulatedClock.End:yyyy-MM-dd}");
        faults.Duration(nameof(value.DraftDelay), value.DraftDelay, TimeSpan.Zero, LongestDraft);
        faults.Duration(nameof(value.IncompleteExpiry), value.IncompleteExpiry, TimeSpan.FromSeconds(1), LongestDraft);
        if (!Enum.IsDefined(value.WhenRetriesExhausted))
            faults.Add(nameof(value.WhenRetriesExhausted), value.WhenRetriesExhausted, $"it must be one of {string.Join(", ", Enum.GetNames<RetriesExhausted>())}");
        CheckRetries(value.PaymentRetries, faults);
    }

    private static void CheckRetries(IReadOnlyList<TimeSpan>? retries, OptionFaults faults)
    {
        const string Property = nameof(InMemoryBillingOptions.PaymentRetries);
        if (retries is null)
        {
            faults.Add(Property, null, "use an empty list for no retries");
            return;
        }

        if (retries.Count > MostRetries)
            faults.Add(Property, $"a list of {retries.Count}", $"it must have at most {MostRetries} delays");
        for (var i = 0; i < retries.Count; i++)
            faults.Duration($"{Property}[{i}]", retries[i], TimeSpan.FromSeconds(1), LongestRetry);
    }
}
