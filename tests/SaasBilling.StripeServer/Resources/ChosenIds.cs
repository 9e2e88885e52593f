using SaasBilling.StripeServer.Http;

namespace SaasBilling.StripeServer.Resources;

/// <summary>Ids that a client chooses have letters, digits, <c>_</c> and <c>-</c> alone: https://docs.stripe.com/upgrades#2018-05-21.</summary>
internal static class ChosenIds
{
    public static string? Check(string? id)
    {
        if (id is not null && (id.Length == 0 || !id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-')))
            throw StripeFault.Invalid($"Invalid id: {id}. It may contain only alphanumeric characters, `_` and `-`.", "id");

        return id;
    }
}
