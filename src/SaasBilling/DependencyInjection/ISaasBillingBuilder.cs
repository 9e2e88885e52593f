using Microsoft.Extensions.DependencyInjection;

namespace SaasBilling;

/// <summary>What <c>AddSaasBilling</c> returns. Everything that can be set up is an extension method on it, in this package as in the add-on packages: <c>Add…</c> accumulates, <c>Use…</c> chooses exactly one.</summary>
public interface ISaasBillingBuilder
{
    /// <summary>The application's services.</summary>
    IServiceCollection Services { get; }
}
