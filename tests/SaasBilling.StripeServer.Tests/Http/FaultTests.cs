using System.Net;

namespace SaasBilling.StripeServer.Tests.Http;

public sealed class FaultTests
{
    [Fact]
    public async Task TooManyRequests_SaysWhenToComeBack_AndDoesNothing()
    {
        await using var stage = await Stage.SetAsync();
        stage.Server.Faults.Add(new StripeFaultRule(StripeFaultKind.TooManyRequests, RetryAfter: TimeSpan.FromSeconds(7), ShouldRetry: true));

        using var refused = await stage.SendAsync(HttpMethod.Post, "/v1/customers", "name=Ada", "key-1");
        await stage.PostAsync("/v1/customers", "name=Ada", "key-1");

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), refused.Headers.RetryAfter!.Delta);
        Assert.Equal("true", refused.Headers.GetValues("Stripe-Should-Retry").Single());
        Assert.Single((await stage.GetAsync("/v1/customers")).Data());
    }

    [Theory]
    [InlineData(StripeFaultKind.ServerError, HttpStatusCode.InternalServerError)]
    [InlineData(StripeFaultKind.Conflict, HttpStatusCode.Conflict)]
    [InlineData(StripeFaultKind.Html, HttpStatusCode.BadGateway)]
    public async Task BeforeWork_NothingIsDone(StripeFaultKind kind, HttpStatusCode status)
    {
        await using var stage = await Stage.SetAsync();
        stage.Server.Faults.Add(kind);

        using var refused = await stage.SendAsync(HttpMethod.Post, "/v1/customers", "name=Ada");

        Assert.Equal(status, refused.StatusCode);
        Assert.Equal(kind == StripeFaultKind.Html ? "text/html" : "application/json", refused.Content.Headers.ContentType!.MediaType);
        Assert.Empty((await stage.GetAsync("/v1/customers")).Data());
    }

    [Fact]
    public async Task ResetBeforeWork_NothingIsDone()
    {
        await using var stage = await Stage.SetAsync();
        stage.Server.Faults.Add(StripeFaultKind.ResetBeforeWork);

        await Assert.ThrowsAsync<HttpRequestException>(() => stage.SendAsync(HttpMethod.Post, "/v1/customers", "name=Ada"));

        Assert.Empty((await stage.GetAsync("/v1/customers")).Data());
    }

    [Fact]
    public async Task ResetAfterWork_ARepetitionGetsTheFirstAnswer()
    {
        await using var stage = await Stage.SetAsync();
        stage.Server.Faults.Add(StripeFaultKind.ResetAfterWork);

        await Assert.ThrowsAsync<HttpRequestException>(() => stage.SendAsync(HttpMethod.Post, "/v1/customers", "name=Ada", "key-1"));
        using var again = await stage.SendAsync(HttpMethod.Post, "/v1/customers", "name=Ada", "key-1");

        Assert.Equal("true", again.Headers.GetValues("Idempotent-Replayed").Single());
        Assert.Single((await stage.GetAsync("/v1/customers")).Data());
    }

    [Fact]
    public async Task TimeOutAfterWork_TheClientGivesUp_AndTheWorkIsDone()
    {
        await using var stage = await Stage.SetAsync();
        stage.Server.Faults.Add(new StripeFaultRule(StripeFaultKind.TimeOutAfterWork, Matches: static (method, path) => method == "POST" && path == "/v1/customers"));
        using var patience = new CancellationTokenSource();

        var waiting = stage.Http.PostAsync("/v1/customers", new FormUrlEncodedContent([KeyValuePair.Create("name", "Ada")]), patience.Token);
        while ((await stage.GetAsync("/v1/customers")).Data().Count == 0)
            await Task.Yield();
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(0, stage.Server.Faults.Count);
    }

    [Fact]
    public async Task ServerErrorAfterWork_ItsKeyAnswersTheSame()
    {
        await using var stage = await Stage.SetAsync();
        stage.Server.Faults.Add(StripeFaultKind.ServerErrorAfterWork);

        using var first = await stage.SendAsync(HttpMethod.Post, "/v1/customers", "name=Ada", "key-1");
        using var again = await stage.SendAsync(HttpMethod.Post, "/v1/customers", "name=Ada", "key-1");

        Assert.Equal((HttpStatusCode.InternalServerError, HttpStatusCode.InternalServerError), (first.StatusCode, again.StatusCode));
        Assert.Single((await stage.GetAsync("/v1/customers")).Data());
    }
}
