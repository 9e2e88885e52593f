using SaasBilling.Storage;

namespace SaasBilling.Access;

/// <summary>What a customer can do to get access, or to keep it.</summary>
internal static class NextSteps
{
    /// <summary>The way back in. A deleted customer has none.</summary>
    internal static NextStep After(AccessReason reason, CustomerState? state) => reason switch
    {
        _ when state?.Customer.DeletedAt is not null => NextStep.None,
        AccessReason.PaymentFailed or AccessReason.Incomplete => AsksTheCustomer(state) ? NextStep.ConfirmPayment : NextStep.UpdatePaymentMethod,
        AccessReason.Paused => NextStep.Resume,
        AccessReason.Canceled => NextStep.Reactivate,
        _ => NextStep.Subscribe,
    };

    /// <summary>What keeps access that is granted but will not last.</summary>
    internal static NextStep While(AccessReason reason, CustomerState? state) => reason switch
    {
        AccessReason.GracePeriod => AsksTheCustomer(state) ? NextStep.ConfirmPayment : NextStep.UpdatePaymentMethod,
        AccessReason.Trial when state is { PaymentMethods.Count: 0 } && TrialWillBeCharged(state) => NextStep.AddPaymentMethod,
        _ => NextStep.None,
    };

    private static bool AsksTheCustomer(CustomerState? state)
    {
        for (var i = 0; i < state?.Subscriptions.Count; i++)
        {
            if (state.Subscriptions[i] is { IsLive: true, PendingPayment.RequiresAction: true })
                return true;
        }

        return false;
    }

    private static bool TrialWillBeCharged(CustomerState state)
    {
        for (var i = 0; i < state.Subscriptions.Count; i++)
        {
            if (state.Subscriptions[i] is { Status: SubscriptionStatus.Trialing, CancelsAt: null, InvoiceDueInDays: null, Items.Count: > 0 })
                return true;
        }

        return false;
    }
}
