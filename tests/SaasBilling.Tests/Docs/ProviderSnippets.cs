using Microsoft.Extensions.DependencyInjection;
using Moq;
using SaasBilling.Providers;

namespace SaasBilling.Tests.Docs;

public sealed class ProviderSnippets
{
    [Fact]
    public async Task A_provider_of_ones_own_is_chosen_like_any_other()
    {
        var services = new ServiceCollection();
        services.AddSaasBilling().AddPlan("pro", plan => plan.Price(29m, "USD", BillingInterval.Monthly)).UseAcmePay("test-key");
        await using var provider = services.BuildServiceProvider();

        var refused = await Assert.ThrowsAsync<BillingException>(() => provider.GetRequiredService<IBilling>().For("acme").CreatePortalUrlAsync(new Uri("https://app.example/billing")));

        Assert.Equal(BillingErrorCode.NotSupportedByProvider, refused.Code);
        DocsPage.Shows("docs/writing-a-provider.md", "not-supported", [refused.Message]);
    }

    [Fact]
    public void Two_providers_are_refused()
    {
        var services = new ServiceCollection();
        services.AddSaasBilling().AddPlan("pro", plan => plan.Price(29m, "USD", BillingInterval.Monthly)).UseAcmePay("test-key").UseInMemory();
        using var provider = services.BuildServiceProvider();

        Assert.ThrowsAny<Exception>(provider.GetRequiredService<IBilling>);
    }
}

#region use-provider
public static class AcmePayBuilderExtensions
{
    public static ISaasBillingBuilder UseAcmePay(this ISaasBillingBuilder builder, string apiKey) =>
        builder.UseProvider(nameof(UseAcmePay), services => AcmePay.Connect(apiKey, services));
}
#endregion

/// <summary>Stands for somebody's provider that has no optional abilities.</summary>
internal static class AcmePay
{
    public static IBillingProvider Connect(string apiKey, IServiceProvider services)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(apiKey);
        ArgumentNullException.ThrowIfNull(services);
        return Mock.Of<IBillingProvider>(provider => provider.Name == "acme-pay");
    }
}
