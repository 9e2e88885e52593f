using Moq;

namespace SaasBilling.Tests.Billing;

/// <summary>An application's own tests replace billing as a whole.</summary>
public sealed class MockingTests
{
    [Fact]
    public async Task An_application_mocks_billing()
    {
        var acme = new Mock<ICustomerBilling>(MockBehavior.Strict);
        acme.Setup(customer => customer.CheckAsync("export", 1, It.IsAny<CancellationToken>()))
            .ReturnsAsync(new AccessDecision(false, AccessReason.TrialExpired, null, null, null, NextStep.Subscribe));
        acme.Setup(customer => customer.CancelAsync(It.Is<CancelOptions>(options => options.Reason == "Too dear"), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new BillingException(BillingErrorCode.Refused, "Talk to us first."));
        var billing = new Mock<IBilling>();
        billing.Setup(found => found.For("acme", "default")).Returns(acme.Object);

        Assert.Equal("402 Subscribe", await ExportAsync(billing.Object, "acme"));
        var refused = await Assert.ThrowsAsync<BillingException>(() => billing.Object.For("acme").CancelAsync(new() { Reason = "Too dear" }));
        Assert.Equal(BillingErrorCode.Refused, refused.Code);
        acme.Verify(customer => customer.CheckAsync("export", 1, It.IsAny<CancellationToken>()), Times.Once);
    }

    private static async Task<string> ExportAsync(IBilling billing, string tenant)
    {
        var decision = await billing.For(tenant).CheckAsync("export");
        return decision.IsAllowed ? "200" : $"402 {decision.NextStep}";
    }
}
