namespace SaasBilling.Storage;

/// <summary>What an <see cref="IBillingStore"/> implements too if something must be set up for it, such as tables. It is asked once, before anything is billed.</summary>
public interface ICheckedStore
{
    /// <summary>Looks whether the store is set up. One that cannot be reached at the moment is no fault: it may be back when it is needed.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidState"/>: what is missing, and what to do about it. The application does not start.</exception>
    void ThrowIfNotReady();
}
