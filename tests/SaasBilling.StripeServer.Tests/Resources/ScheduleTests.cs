namespace SaasBilling.StripeServer.Tests.Resources;

public sealed class ScheduleTests
{
    [Fact]
    public async Task Schedule_ChangeAtPeriodEnd_TakesPlaceWithTheRenewal()
    {
        await using var stage = await Stage.SetAsync();
        var customer = await stage.CustomerAsync();
        var (big, small) = (await stage.PriceAsync(5000), await stage.PriceAsync());
        var made = await stage.PostAsync("/v1/subscriptions", $"customer={customer} items[0][price]={big}");
        var end = made["items"]!.Data().Single().Int("current_period_end");
        var schedule = await stage.PostAsync("/v1/subscription_schedules", $"from_subscription={made.Id()}");

        await stage.PostAsync(
            $"/v1/subscription_schedules/{schedule.Id()}",
            $"end_behavior=release phases[0][start_date]={schedule["phases"]![0]!.Int("start_date")} phases[0][end_date]={end} phases[0][items][0][price]={big} " +
            $"phases[1][items][0][price]={small} phases[1][duration][interval]=month phases[1][metadata][plan]=small phases[1][proration_behavior]=none");
        await stage.AdvanceAsync(TimeSpan.FromDays(28) + TimeSpan.FromHours(1));

        var after = await stage.GetAsync($"/v1/subscriptions/{made.Id()}?expand[]=latest_invoice&expand[]=schedule");
        Assert.Equal(small, after["items"]!.Data().Single()["price"]!.AsObject().Id());
        Assert.Equal(2000, after["latest_invoice"]!.Int("amount_paid"));
        Assert.Equal("small", after["metadata"]!.Text("plan"));
        Assert.Equal(end, after["schedule"]!["current_phase"]!.Int("start_date"));
        await stage.AdvanceAsync(TimeSpan.FromDays(31));
        Assert.Equal("completed", (await stage.GetAsync($"/v1/subscription_schedules/{schedule.Id()}")).Text("status"));
        Assert.Null((await stage.GetAsync($"/v1/subscriptions/{made.Id()}"))["schedule"]);
    }

    [Fact]
    public async Task Schedule_Released_ChangesNothing()
    {
        await using var stage = await Stage.SetAsync();
        var customer = await stage.CustomerAsync();
        var (big, small) = (await stage.PriceAsync(5000), await stage.PriceAsync());
        var made = await stage.PostAsync("/v1/subscriptions", $"customer={customer} items[0][price]={big}");
        var schedule = await stage.PostAsync("/v1/subscription_schedules", $"from_subscription={made.Id()}");
        var end = made["items"]!.Data().Single().Int("current_period_end");
        await stage.PostAsync($"/v1/subscription_schedules/{schedule.Id()}", $"phases[0][items][0][price]={big} phases[0][end_date]={end} phases[1][items][0][price]={small} phases[1][duration][interval]=month");

        var released = await stage.PostAsync($"/v1/subscription_schedules/{schedule.Id()}/release");
        await stage.AdvanceAsync(TimeSpan.FromDays(29));

        Assert.Equal("released", released.Text("status"));
        var after = await stage.GetAsync($"/v1/subscriptions/{made.Id()}");
        Assert.Equal(big, after["items"]!.Data().Single()["price"]!.AsObject().Id());
        Assert.Null(after["schedule"]);
    }
}
