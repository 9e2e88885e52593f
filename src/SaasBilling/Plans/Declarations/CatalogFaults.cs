using System.Text;

namespace SaasBilling.Plans;

/// <summary>Gathers what is wrong with a catalog, so that one start of the application shows all of it.</summary>
internal sealed class CatalogFaults
{
    private readonly List<string> _messages = [];

    public int Count => _messages.Count;

    /// <summary>How a message calls what it is about, such as <c>Plan 'pro'</c>.</summary>
    public static string Subject(string kind, string key, string? path) => path is null ? $"{kind} '{key}'" : $"{kind} '{key}' ({path})";

    public void Add(string message) => _messages.Add(message);

    public void ThrowIfAny()
    {
        if (_messages.Count == 0)
            return;

        var text = new StringBuilder(_messages.Count == 1 ? "The billing catalog has a fault:" : $"The billing catalog has {_messages.Count} faults:");
        foreach (var message in _messages)
            text.Append("\n- ").Append(message);
        throw new BillingException(BillingErrorCode.InvalidArgument, text.ToString());
    }
}
