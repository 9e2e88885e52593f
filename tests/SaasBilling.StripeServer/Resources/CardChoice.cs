using SaasBilling.InMemory.Engine;

namespace SaasBilling.StripeServer.Resources;

/// <summary>Charges another card than the usual one, for one command.</summary>
internal static class CardChoice
{
    /// <param name="engine">The account.</param>
    /// <param name="number">The card; 0: the usual one; negative: none.</param>
    /// <param name="command">What charges it.</param>
    public static T With<T>(EngineCustomer engine, int number, Func<T> command)
    {
        if (number == 0)
            return command();

        var usual = engine.DefaultCard?.Number ?? 0;
        Set(engine, number);
        try
        {
            return command();
        }
        finally
        {
            Set(engine, usual);
        }
    }

    private static void Set(EngineCustomer engine, int number)
    {
        foreach (var card in engine.Cards)
            card.IsDefault = card.Number == number;
    }
}
