using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using SaasBilling.Access;

namespace SaasBilling;

/// <summary>
/// What a customer may use right now. Immutable, computed once per change: <see cref="Has"/> is a dictionary look-up, no I/O, no allocation.
/// </summary>
public sealed class AccessSnapshot
{
    // Comparing so many references costs less than one hash.
    private const int Few = 16;

    private readonly FrozenDictionary<string, FeatureGrant> _features;
    private readonly ImmutableArray<string> _keys;
    private readonly ImmutableArray<FeatureGrant> _grants;

    internal AccessSnapshot(AccessReason reason, string? planKey, DateTimeOffset? until, FrozenDictionary<string, FeatureGrant> features)
    {
        Reason = reason;
        PlanKey = planKey;
        Until = until;
        IsGranted = AccessRules.IsGranted(reason);
        _features = features;
        _keys = features.Count <= Few ? features.Keys : [];
        _grants = features.Values;
    }

    /// <summary>Whether the customer may use the application at all.</summary>
    public bool IsGranted { get; }

    /// <summary>Why.</summary>
    public AccessReason Reason { get; }

    /// <summary>The plan that gives access; without access, the plan that gave it last; null: never had one.</summary>
    public string? PlanKey { get; }

    /// <summary>When access will end if nobody does anything, UTC: the trial's end, a scheduled cancellation, the end of the grace period. Null: not foreseeable.</summary>
    public DateTimeOffset? Until { get; }

    /// <summary>Whether the customer may use a feature.</summary>
    /// <param name="feature">A feature that some plan or add-on declares.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.UnknownFeature"/>: never a silent no.</exception>
    public bool Has(string feature) => Grant(feature).IsGranted;

    /// <summary>How much of a feature the customer may use; null: unlimited, or not in the plan (see <see cref="Has"/>).</summary>
    /// <param name="feature">A feature that some plan or add-on declares.</param>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.UnknownFeature"/>: never a silent no.</exception>
    public long? Limit(string feature) => Grant(feature).Limit;

    internal ref readonly FeatureGrant Grant(string feature)
    {
        // A literal is one object in the whole process: who asks with the literal that declared the feature needs no hash.
        for (var i = 0; i < _keys.Length; i++)
        {
            if (ReferenceEquals(_keys[i], feature))
                return ref _grants.ItemRef(i);
        }

        return ref Find(feature);
    }

    private ref readonly FeatureGrant Find(string feature)
    {
        ArgumentNullException.ThrowIfNull(feature);
        ref readonly var grant = ref _features.GetValueRefOrNullRef(feature);
        if (Unsafe.IsNullRef(in grant))
            throw Unknown(feature);

        return ref grant;
    }

    private BillingException Unknown(string feature) => new(
        BillingErrorCode.UnknownFeature,
        _features.Count == 0
            ? $"There is no feature '{feature}': no plan declares any. Declare it with .Feature(\"{feature}\") on a plan."
            : $"There is no feature '{feature}'. Use one of these features, or declare it on a plan: {string.Join(", ", _features.Keys.Order(StringComparer.Ordinal).Select(key => $"'{key}'"))}.");
}

/// <summary>One feature in a snapshot.</summary>
internal readonly record struct FeatureGrant(bool IsGranted, long? Limit);
