namespace SaasBilling.Subscriptions;

/// <summary>What does a plan say of a trial that ends?</summary>
internal static class TrialEnds
{
    /// <summary>What happens with no payment method. A plan without a trial of its own says cancel: nobody is billed for a trial that was given to them.</summary>
    internal static TrialEndBehavior WithoutPaymentMethod(Plan plan) => plan.Trial?.WhenNoPaymentMethod ?? TrialEndBehavior.Cancel;
}
