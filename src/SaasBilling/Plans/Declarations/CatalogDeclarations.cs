using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SaasBilling.DependencyInjection;

namespace SaasBilling.Plans;

/// <summary>What the application declared it sells, in order, until the catalog is built from it.</summary>
/// <remarks>
/// One instance sits in the application's services while they are being set up. Configuration is read when the catalog is built, not when
/// it is added: a test host adds its own settings after the application's set-up code has run.
/// </remarks>
internal sealed class CatalogDeclarations
{
    private readonly List<Action<CatalogDraft>> _declarations = [];

    /// <summary>The declarations of this application; made at the first call.</summary>
    public static CatalogDeclarations In(IServiceCollection services) => SharedDeclarations.In<CatalogDeclarations>(services);

    public void Add(OfferDeclaration offer) => _declarations.Add(draft => draft.Offers.Add(offer));

    public void Add(CouponDeclaration coupon) => _declarations.Add(draft => draft.Coupons.Add(coupon));

    public void Add(MeterDeclaration meter) => _declarations.Add(draft => draft.Meters.Add(meter));

    public void Add(IConfiguration configuration) => _declarations.Add(draft => PlanConfiguration.Read(configuration, draft));

    /// <summary>Checks everything that was declared and makes the catalog.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidArgument"/>: one message with every fault and its mend.</exception>
    public PlanCatalog Build()
    {
        var draft = new CatalogDraft();
        foreach (var declare in _declarations)
            declare(draft);
        return CatalogCompiler.Compile(draft);
    }
}
