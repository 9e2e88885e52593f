using SaasBilling.Lifecycle;

namespace SaasBilling.Tests.Lifecycle;

public sealed class HookInterfaceTests
{
    /// <summary>A new event has to be added to the table, or hooks would never hear of it.</summary>
    [Fact]
    public void The_table_has_every_event_once()
    {
        var events = typeof(BillingEvent).Assembly.GetTypes().Where(type => typeof(BillingEvent).IsAssignableFrom(type)).OrderBy(type => type.Name);

        Assert.Equal(events, HookInterface.All.Select(form => form.EventType).OrderBy(type => type.Name));
        Assert.All(HookInterface.All, form => Assert.Equal(typeof(ILifecycleHook<>).MakeGenericType(form.EventType), form.Type));
    }

    [Fact]
    public void Narrow_events_come_before_wide_ones()
    {
        var forms = HookInterface.All.Select(form => form.EventType).ToList();
        for (var i = 0; i < forms.Count; i++)
            Assert.DoesNotContain(forms.Skip(i + 1), later => later.IsSubclassOf(forms[i]));
    }

    [Fact]
    public void The_table_of_guards_has_every_command_once()
    {
        var commands = typeof(BillingCommand).Assembly.GetTypes().Where(type => typeof(BillingCommand).IsAssignableFrom(type)).Select(type => typeof(ILifecycleGuard<>).MakeGenericType(type));

        Assert.Equal(commands.OrderBy(type => type.ToString()), GuardInterface.All.Select(form => form.Type).OrderBy(type => type.ToString()));
    }
}
