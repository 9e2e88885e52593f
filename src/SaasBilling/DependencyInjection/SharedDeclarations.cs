using Microsoft.Extensions.DependencyInjection;

namespace SaasBilling.DependencyInjection;

/// <summary>What several calls on one application's services declare together, before there is a provider of services.</summary>
internal static class SharedDeclarations
{
    /// <summary>The one instance in these services; made at the first call.</summary>
    public static T In<T>(IServiceCollection services)
        where T : class, new()
    {
        foreach (var service in services)
        {
            if (!service.IsKeyedService && service.ImplementationInstance is T existing)
                return existing;
        }

        var made = new T();
        services.AddSingleton(made);
        return made;
    }
}
