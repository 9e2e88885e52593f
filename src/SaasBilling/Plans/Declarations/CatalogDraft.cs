namespace SaasBilling.Plans;

/// <summary>All declarations of a catalog in one place, on their way to become a <see cref="PlanCatalog"/>.</summary>
internal sealed class CatalogDraft
{
    public CatalogFaults Faults { get; } = new();

    public List<OfferDeclaration> Offers { get; } = [];

    public List<CouponDeclaration> Coupons { get; } = [];

    public List<MeterDeclaration> Meters { get; } = [];

    /// <summary>Features that configuration turns off somewhere: the catalog knows them even when nothing turns them on.</summary>
    public List<(string Subject, string Key)> FeaturesOff { get; } = [];
}
