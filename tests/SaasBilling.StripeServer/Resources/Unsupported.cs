using System.Text.Json.Nodes;
using SaasBilling.StripeServer.Http;

namespace SaasBilling.StripeServer.Resources;

/// <summary>What Stripe takes and the local one does not do: it says so, instead of passing it over.</summary>
internal static class Unsupported
{
    public static void Refuse(JsonObject parameters, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (parameters[name] is not null)
                throw StripeFault.Invalid($"The local Stripe does not do what `{name}` asks for.", name, "local_unsupported");
        }
    }
}
