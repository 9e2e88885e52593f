namespace SaasBilling.Plans;

/// <summary>Reads a price of a plan or an add-on from configuration.</summary>
internal static class PriceConfiguration
{
    /// <summary>The price, right or wrong; <see langword="null"/> when a part of it could not be read, which is then among the faults.</summary>
    public static PriceDeclaration? Read(ConfigurationNode node, CatalogFaults faults)
    {
        var before = faults.Count;
        if (!node.CheckProperties("Amount", "PerSeat", "Meter", "Tiers", "TierMode", "Package", "Currency", "Interval"))
            return null;

        var perSeat = node.Flag("PerSeat") ?? false;
        var meter = node.Text("Meter");
        var amount = node.Number("Amount");
        var tiers = node.Entries("Tiers", "a list of tiers").Select(tier => ReadTier(new ConfigurationNode(tier, faults), faults)).ToList();
        var tierMode = node.Choice<TierMode>("TierMode") ?? TierMode.Graduated;
        var package = ReadPackage(node, faults);
        var currency = node.Text("Currency");
        var interval = node.Interval("Interval");

        if (faults.Count == before)
            CheckModel(node, tiers, faults);
        if (perSeat && meter is not null)
            faults.Add($"{node.Path} has both PerSeat and Meter. Keep one of them.");
        if (!perSeat && !node.Has("Meter") && (tiers.Count > 0 || package is not null))
            faults.Add($"{node.Path} has Tiers or a Package, but not what they count. Add \"PerSeat\": true, or a Meter.");
        if (!node.Has("Currency"))
            faults.Add($"{node.Path} has no Currency. Write an ISO 4217 code, such as \"USD\".");
        if (!node.Has("Interval"))
            faults.Add($"{node.Path} has no Interval. Write {IntervalText.Forms}.");

        if (faults.Count > before || currency is null || interval is not { } every)
            return null;

        var kind = perSeat ? PriceKind.PerSeat : meter is null ? PriceKind.Flat : PriceKind.Metered;
        return new PriceDeclaration(kind, currency, every)
        {
            Meter = meter,
            UnitAmount = amount,
            Tiers = tiers,
            TierMode = tierMode,
            Package = package,
            Path = node.Path,
        };
    }

    // The same is checked for prices in code, where the mend reads otherwise.
    private static void CheckModel(ConfigurationNode node, List<PriceTier> tiers, CatalogFaults faults)
    {
        var models = (node.Has("Amount") ? 1 : 0) + (tiers.Count > 0 ? 1 : 0) + (node.Has("Package") ? 1 : 0);
        if (models == 0)
            faults.Add($"{node.Path} has neither an Amount nor Tiers nor a Package. Add one of them.");
        if (models > 1)
            faults.Add($"{node.Path} mixes Amount, Tiers and Package. Keep one of them.");

        for (var i = 0; i < tiers.Count - 1; i++)
        {
            if (!node.Child("Tiers").Child($"{i}").Has("UpTo"))
                faults.Add($"{node.Path}:Tiers:{i} has no UpTo, but is not the last tier. Write the last unit that it is for.");
        }

        if (tiers is [.., { UpTo: { } last }])
            faults.Add($"{node.Path}:Tiers end at unit {last}, so more units would have no price. Add a last tier without UpTo.");
    }

    private static PriceTier ReadTier(ConfigurationNode tier, CatalogFaults faults)
    {
        if (tier.CheckProperties("UpTo", "UnitAmount", "FlatAmount") && !tier.Has("UnitAmount") && !tier.Has("FlatAmount"))
            faults.Add($"{tier.Path} has neither UnitAmount nor FlatAmount. Write what the tier costs, 0 if nothing.");
        return new PriceTier(tier.Whole("UpTo"), tier.Number("UnitAmount") ?? 0, tier.Number("FlatAmount") ?? 0);
    }

    private static PricePackage? ReadPackage(ConfigurationNode price, CatalogFaults faults)
    {
        if (!price.Has("Package"))
            return null;

        var package = price.Child("Package");
        if (package.CheckProperties("Units", "Amount") && !(package.Has("Units") && package.Has("Amount")))
            faults.Add($"{package.Path} needs both Units and Amount. Write how many units a package has and what it costs.");
        return new PricePackage(package.Whole("Units") ?? 0, package.Number("Amount") ?? 0);
    }
}
