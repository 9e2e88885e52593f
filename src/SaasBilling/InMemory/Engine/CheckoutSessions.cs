using System.Globalization;
using SaasBilling.Providers;

namespace SaasBilling.InMemory.Engine;

/// <summary>The engine's card forms. Not thread-safe: the engine's lock guards it.</summary>
internal sealed class CheckoutSessions
{
    /// <summary>How long a form can be filled in; Stripe's default.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>How long what became of a form can be read.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromDays(30);

    private readonly Dictionary<string, CheckoutForm> _forms = [];
    private readonly Dictionary<(string CustomerId, string Name), string> _newest = [];
    private readonly Queue<string> _byAge = new();
    private long _made;

    /// <summary>Opens a form. An older open one of the same customer and subscription name expires, so that two forms never become two subscriptions.</summary>
    public CheckoutForm Open(CreateSubscriptionRequest request, CheckoutOptions options, DateTimeOffset now)
    {
        ForgetOld(now);
        var slot = (request.CustomerId, request.Name);
        if (_newest.TryGetValue(slot, out var older))
            Expire(older);

        var id = string.Create(CultureInfo.InvariantCulture, $"cs_{++_made:D6}");
        var form = new CheckoutForm
        {
            Id = id,
            Request = request,
            Options = options,
            Url = UrlOf(id, options.SuccessUrl),
            CreatedAt = now,
            ExpiresAt = now + Lifetime,
        };
        _forms.Add(id, form);
        _newest[slot] = id;
        _byAge.Enqueue(id);
        return form;
    }

    /// <summary>A form of this customer, as it is at this instant.</summary>
    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidArgument"/>: there is none.</exception>
    public CheckoutForm Find(string customerId, string id, DateTimeOffset now)
    {
        var form = Find(id, now);
        return form.CustomerId == customerId ? form : throw Unknown(id);
    }

    /// <summary>A form that can be submitted at this instant.</summary>
    /// <exception cref="BillingException">
    /// <see cref="BillingErrorCode.InvalidArgument"/>: there is none. <see cref="BillingErrorCode.InvalidState"/>: it expired, or was paid.
    /// </exception>
    public CheckoutForm FindOpen(string id, DateTimeOffset now)
    {
        var form = Find(id, now);
        return form.Status switch
        {
            CheckoutStatus.Open => form,
            CheckoutStatus.Complete => throw new BillingException(
                BillingErrorCode.InvalidState,
                $"The checkout session '{id}' was paid already. Nothing more is to be submitted; call CompleteCheckoutAsync for its subscription."),
            _ => throw new BillingException(
                BillingErrorCode.InvalidState,
                $"The checkout session '{id}' has expired: {Math.Floor(Lifetime.TotalHours)} hours passed, a newer one took its place, or the customer was deleted. Create another one."),
        };
    }

    /// <summary>Notes which subscription a submission made; paid, the form is complete, else it can be submitted again.</summary>
    public void Submitted(string id, string subscriptionId, bool paid)
    {
        var form = _forms[id];
        _forms[id] = form with { SubscriptionId = subscriptionId, Status = paid ? CheckoutStatus.Complete : form.Status };
    }

    /// <summary>The customer left: nothing can be submitted any more.</summary>
    public void ExpireAllOf(string customerId)
    {
        foreach (var id in _newest.Where(newest => newest.Key.CustomerId == customerId).Select(newest => newest.Value).ToList())
            Expire(id);
    }

    private static Uri UrlOf(string id, Uri successUrl)
    {
        var path = $"/billing/checkout/{id}";
        return successUrl.IsAbsoluteUri ? new Uri(successUrl, path) : new Uri(path, UriKind.Relative);
    }

    private static BillingException Unknown(string id) => new(
        BillingErrorCode.InvalidArgument,
        $"There is no checkout session '{id}' of this customer. Use the id that CreateCheckoutAsync returned, for the customer for whom it was made.");

    private CheckoutForm Find(string id, DateTimeOffset now)
    {
        ForgetOld(now);
        var form = _forms.GetValueOrDefault(id) ?? throw Unknown(id);
        return form.Status == CheckoutStatus.Open && form.ExpiresAt <= now ? form with { Status = CheckoutStatus.Expired } : form;
    }

    private void Expire(string id)
    {
        if (_forms.TryGetValue(id, out var form) && form.Status == CheckoutStatus.Open)
            _forms[id] = form with { Status = CheckoutStatus.Expired };
    }

    private void ForgetOld(DateTimeOffset now)
    {
        while (_byAge.TryPeek(out var oldest) && _forms[oldest].CreatedAt + Retention <= now)
        {
            var form = _forms[oldest];
            _byAge.Dequeue();
            _forms.Remove(oldest);
            var slot = (form.CustomerId, form.Request.Name);
            if (_newest[slot] == oldest)
                _newest.Remove(slot);
        }
    }
}
