namespace SaasBilling;

/// <summary>The active codes of ISO 4217 (list one of the maintenance agency, SIX), grouped by the decimals of their minor unit.</summary>
internal static class Iso4217
{
    private const string NoDecimals = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";

    private const string TwoDecimals =
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK " +
        "DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT " +
        "LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN " +
        "QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS " +
        "VED VES WST XAD XCD XCG YER ZAR ZMW ZWG";

    private const string ThreeDecimals = "BHD IQD JOD KWD LYD OMR TND";

    private const string FourDecimals = "CLF UYW";

    /// <summary>Codes that the standard lists without a minor unit: metals, drawing rights, units of account, tests.</summary>
    private const string WithoutMinorUnit = "XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX";

    private const int Letters = 26;

    private static readonly (string Code, byte Exponent)[] Table =
    [
        ("", 0),
        .. Rows(NoDecimals, 0).Concat(Rows(TwoDecimals, 2)).Concat(Rows(ThreeDecimals, 3)).Concat(Rows(FourDecimals, 4))
            .OrderBy(static row => row.Code, StringComparer.Ordinal),
    ];

    private static readonly byte[] IndexBySlot = Slots();

    internal static int Count => Table.Length - 1;

    internal static string CodeAt(byte index) => Table[index].Code;

    internal static int ExponentAt(byte index) => Table[index].Exponent;

    /// <summary>The row of a code in upper or lower case; 0 when there is none.</summary>
    internal static byte IndexOf(string? code)
    {
        var slot = SlotOf(code);
        return slot < 0 ? (byte)0 : IndexBySlot[slot];
    }

    internal static BillingException Unknown(string code)
    {
        var known = WithoutMinorUnit.Split(' ').Contains(code, StringComparer.OrdinalIgnoreCase);
        return new(
            BillingErrorCode.UnknownCurrency,
            known
                ? $"'{code}' has no minor unit in ISO 4217, so nothing can be billed in it. Use a currency such as 'USD' or 'EUR'."
                : $"'{Shown(code)}' is not an active currency code of ISO 4217. Use three letters such as 'USD', 'EUR' or 'JPY'.");
    }

    private static string Shown(string code) => code.Length <= 12 ? code : code[..12] + "…";

    private static IEnumerable<(string Code, byte Exponent)> Rows(string codes, byte exponent) =>
        codes.Split(' ').Select(code => (code, exponent));

    private static byte[] Slots()
    {
        var slots = new byte[Letters * Letters * Letters];
        for (var index = 1; index < Table.Length; index++)
            slots[SlotOf(Table[index].Code)] = (byte)index;

        return slots;
    }

    private static int SlotOf(string? code)
    {
        if (code is not { Length: 3 })
            return -1;

        var slot = 0;
        foreach (var letter in code)
        {
            if (!char.IsAsciiLetter(letter))
                return -1;

            slot = slot * Letters + ((letter | 0x20) - 'a');
        }

        return slot;
    }
}
