using Microsoft.Extensions.DependencyInjection;

namespace SaasBilling.DependencyInjection;

internal sealed class SaasBillingBuilder(IServiceCollection services) : ISaasBillingBuilder
{
    public IServiceCollection Services => services;
}
