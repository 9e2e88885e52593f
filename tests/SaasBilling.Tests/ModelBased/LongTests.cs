using FsCheck;
using FsCheck.Fluent;

namespace SaasBilling.Tests.ModelBased;

/// <summary>How much is tried: always the same few lives on every build, and many new ones where <c>SAASBILLING_LONG_TESTS=1</c> asks for them.</summary>
internal static class LongTests
{
    public static bool AreWanted => Environment.GetEnvironmentVariable("SAASBILLING_LONG_TESTS") == "1";

    public static Config Config(int lives, int deeds)
    {
        var config = FsCheck.Config.QuickThrowOnFailure.WithEndSize(deeds).WithMaxTest(AreWanted ? lives * 20 : lives);
        return AreWanted ? config : config.WithReplay(20_270_131, 7);
    }
}
