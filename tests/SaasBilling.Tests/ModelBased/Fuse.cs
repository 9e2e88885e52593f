namespace SaasBilling.Tests.ModelBased;

/// <summary>Blows once, at the n-th call that it sees.</summary>
public sealed class Fuse
{
    private int _left;
    private bool _isAfter;

    public bool IsArmed => _left > 0;

    /// <summary>The call that failed; null: none did.</summary>
    public string? Blown { get; private set; }

    /// <param name="call">The number of the call, from 1.</param>
    /// <param name="isAfter">Whether the call does its work first, and only its answer is lost.</param>
    public void Arm(int call, bool isAfter) => (_left, _isAfter, Blown) = (call, isAfter, null);

    public void Disarm() => _left = 0;

    public Exception? Blows(string method, bool isAfter)
    {
        if (isAfter != _isAfter || --_left > 0)
            return null;

        Blown = method;
        return new BillingException(BillingErrorCode.ProviderUnavailable, $"The line went dead in {method}.");
    }
}
