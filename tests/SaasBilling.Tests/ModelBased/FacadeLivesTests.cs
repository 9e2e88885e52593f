using FsCheck;
using FsCheck.Fluent;

namespace SaasBilling.Tests.ModelBased;

public sealed class FacadeLivesTests
{
    [Theory]
    [InlineData(RetriesExhausted.MarkUnpaid)]
    [InlineData(RetriesExhausted.Cancel)]
    [InlineData(RetriesExhausted.LeavePastDue)]
    public void Whatever_is_done_the_history_stays_sound_and_the_state_is_the_providers(RetriesExhausted exhausted) => Prop.ForAll(Deed.Lives(Deeds.All), deeds =>
    {
        LiveAsync().GetAwaiter().GetResult();

        async Task LiveAsync()
        {
            await using var life = new FacadeLife(exhausted);
            await life.LiveAsync(deeds);
        }
    }).Check(LongTests.Config(lives: 30, deeds: 60));
}
