using System.Net;
using SaasBilling.StripeServer.Http;

namespace SaasBilling.StripeServer.Tests.Http;

public sealed class IdempotencyTests
{
    [Fact]
    public async Task Post_SameKeyAndParameters_AnswersAsTheFirstTime()
    {
        await using var stage = await Stage.SetAsync();

        var first = await stage.PostAsync("/v1/customers", "name=Ada", "key-1");
        using var again = await stage.SendAsync(HttpMethod.Post, "/v1/customers", "name=Ada", "key-1");

        Assert.Equal("true", again.Headers.GetValues("Idempotent-Replayed").Single());
        Assert.Equal(first.ToJsonString(), await again.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Single((await stage.GetAsync("/v1/customers")).Data());
    }

    [Fact]
    public async Task Post_SameKeyOtherParameters_IsRefused()
    {
        await using var stage = await Stage.SetAsync();
        await stage.PostAsync("/v1/customers", "name=Ada", "key-1");

        var error = await stage.RefusedAsync(HttpStatusCode.BadRequest, "/v1/customers", "name=Bob", "key-1");

        Assert.Equal("idempotency_error", error.Text("type"));
        Assert.Equal(
            "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than 'key-1' if you meant to execute a different request.",
            error.Text("message"));
    }

    [Fact]
    public void Start_WhileTheFirstIsWorkedOn_IsAConflict()
    {
        var keys = new IdempotencyKeys();
        keys.Start("key-1", "a", Stage.Start);

        var fault = Assert.Throws<StripeFault>(() => keys.Start("key-1", "a", Stage.Start));
        keys.Finish("key-1", new Answer(200, "{}", "req_1"));

        Assert.Equal((409, "idempotency_key_in_use"), (fault.Status, fault.Code));
        Assert.Equal("req_1", keys.Start("key-1", "a", Stage.Start)!.RequestId);
    }

    [Fact]
    public async Task Post_KeyADayOld_IsNew()
    {
        await using var stage = await Stage.SetAsync();
        var first = await stage.PostAsync("/v1/customers", "name=Ada", "key-1");
        await stage.AdvanceAsync(TimeSpan.FromHours(24));

        var second = await stage.PostAsync("/v1/customers", "name=Ada", "key-1");

        Assert.NotEqual(first.Id(), second.Id());
    }

    [Fact]
    public async Task Post_RefusedByTheBank_IsRefusedAgain_AndAWrongParameterIsNotRemembered()
    {
        await using var stage = await Stage.SetAsync();
        var customer = await stage.CustomerAsync(card: null);

        await stage.RefusedAsync(HttpStatusCode.PaymentRequired, "/v1/payment_methods/pm_card_visa_chargeDeclined/attach", $"customer={customer}", "key-1");
        using var again = await stage.SendAsync(HttpMethod.Post, "/v1/payment_methods/pm_card_visa_chargeDeclined/attach", $"customer={customer}", "key-1");
        await stage.RefusedAsync(HttpStatusCode.BadRequest, "/v1/customers", "nme=Ada", "key-2");
        await stage.PostAsync("/v1/customers", "name=Ada", "key-2");

        Assert.True(again.Headers.Contains("Idempotent-Replayed"));
        Assert.Equal(HttpStatusCode.PaymentRequired, again.StatusCode);
    }
}
