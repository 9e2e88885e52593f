namespace SaasBilling.Plans;

/// <summary>Reads a price of a plan or an add-on from configuration.</summary>
internal static class PriceConfiguration
{
    /// <summary>The price, right or wrong; <see langword="null"/> when a part of it could not be read, which is then among the faults.</summary>
    public static PriceDeclaration? Read(ConfigurationNode node)
    {
        var faults = node.Faults;
        var before = faults.Count;
        if (!node.CheckProperties("Amount", "PerSeat", "Meter", "Tiers", "TierMode", "Package", "Currency", "Interval"))
            return null;

        var perSeat = node["PerSeat"].Flag() ?? false;
        var meter = node["Meter"].Text();
        var amount = node["Amount"].Number();
        var tiers = node["Tiers"].Entries("a list of tiers").Select(ReadTier).ToList();
        var tierMode = node["TierMode"].Choice<TierMode>() ?? TierMode.Graduated;
        var package = ReadPackage(node["Package"]);
        var currency = node["Currency"].Text();
        var interval = node["Interval"].Interval();

        if (faults.Count == before)
            CheckModel(node, tiers);
        if (perSeat && meter is not null)
            faults.Add($"{node.Path} has both PerSeat and Meter. Keep one of them.");
        if (!perSeat && !node["Meter"].Exists && (tiers.Count > 0 || package is not null))
            faults.Add($"{node.Path} has Tiers or a Package, but not what they count. Add \"PerSeat\": true, or a Meter.");
        if (!node["Currency"].Exists)
            faults.Add($"{node.Path} has no Currency. Write an ISO 4217 code, such as \"USD\".");
        if (!node["Interval"].Exists)
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
    private static void CheckModel(ConfigurationNode node, List<PriceTier> tiers)
    {
        var models = (node["Amount"].Exists ? 1 : 0) + (tiers.Count > 0 ? 1 : 0) + (node["Package"].Exists ? 1 : 0);
        if (models == 0)
            node.Faults.Add($"{node.Path} has neither an Amount nor Tiers nor a Package. Add one of them.");
        if (models > 1)
            node.Faults.Add($"{node.Path} mixes Amount, Tiers and Package. Keep one of them.");

        foreach (var tier in node["Tiers"].Children.SkipLast(1).Where(tier => !tier["UpTo"].Exists))
            node.Faults.Add($"{tier.Path} has no UpTo, but is not the last tier. Write the last unit that it is for.");
        if (tiers is [.., { UpTo: { } last }])
            node.Faults.Add($"{node["Tiers"].Path} end at unit {last}, so more units would have no price. Add a last tier without UpTo.");
    }

    private static PriceTier ReadTier(ConfigurationNode tier)
    {
        if (tier.CheckProperties("UpTo", "UnitAmount", "FlatAmount") && !tier["UnitAmount"].Exists && !tier["FlatAmount"].Exists)
            tier.Faults.Add($"{tier.Path} has neither UnitAmount nor FlatAmount. Write what the tier costs, 0 if nothing.");
        return new PriceTier(tier["UpTo"].Long(), tier["UnitAmount"].Number() ?? 0, tier["FlatAmount"].Number() ?? 0);
    }

    private static PricePackage? ReadPackage(ConfigurationNode package)
    {
        if (!package.Exists)
            return null;

        if (package.CheckProperties("Units", "Amount") && !(package["Units"].Exists && package["Amount"].Exists))
            package.Faults.Add($"{package.Path} needs both Units and Amount. Write how many units a package has and what it costs.");
        return new PricePackage(package["Units"].Long() ?? 0, package["Amount"].Number() ?? 0);
    }
}
