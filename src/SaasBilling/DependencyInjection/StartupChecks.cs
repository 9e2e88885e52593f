using System.Text;
using SaasBilling.Storage;

namespace SaasBilling.DependencyInjection;

/// <summary>Something that is checked before billing starts.</summary>
internal interface IStartupCheck
{
    /// <summary>Adds a sentence for each wrong option: it names the property and the mend.</summary>
    /// <exception cref="BillingException">Billing must not start here at all.</exception>
    void Check(ICollection<string> wrongOptions);
}

/// <summary>What must be right before anything is billed: one provider, one store, sound options, a sound catalog, a store that is set up.</summary>
/// <param name="choices">The provider and the store.</param>
/// <param name="checks">What checks options.</param>
/// <param name="catalog">Makes the catalog, or throws all that is wrong with it.</param>
/// <param name="store">Makes the store.</param>
/// <param name="announce">Runs once, when everything is right.</param>
internal sealed class StartupChecks(BillingChoices choices, IEnumerable<IStartupCheck> checks, Func<PlanCatalog> catalog, Func<IBillingStore> store, Action announce)
{
    private bool _passed;

    /// <exception cref="BillingException">What is wrong, every fault of a kind in one message.</exception>
    public void ThrowIfAnyFails()
    {
        if (Volatile.Read(ref _passed))
            return;

        choices.ThrowIfUnclear();
        ThrowIfOptionsAreWrong();
        catalog();
        if (store() is ICheckedStore checkedStore)
            checkedStore.ThrowIfNotReady();
        if (!Interlocked.Exchange(ref _passed, true))
            announce();
    }

    private void ThrowIfOptionsAreWrong()
    {
        var wrong = new List<string>();
        foreach (var check in checks)
            check.Check(wrong);
        if (wrong.Count == 0)
            return;

        var text = new StringBuilder(wrong.Count == 1 ? "A billing option is wrong:" : $"{wrong.Count} billing options are wrong:");
        foreach (var sentence in wrong)
            text.Append("\n- ").Append(sentence);
        throw new BillingException(BillingErrorCode.InvalidArgument, text.ToString());
    }
}
