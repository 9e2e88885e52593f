using System.Runtime.CompilerServices;
using SaasBilling.Providers;
using SaasBilling.Road;
using SaasBilling.Subscriptions;

namespace SaasBilling;

internal sealed partial class CustomerBilling
{
    public Task<Subscription> StartTrialAsync(string planKey, TrialOptions? options = null, CancellationToken cancellationToken = default) =>
        StartAsync(Wish(PlanOf(planKey), options ?? new TrialOptions(), TrialWish.Required), cancellationToken);

    public Task<Subscription> SubscribeAsync(string planKey, SubscribeOptions? options = null, CancellationToken cancellationToken = default) =>
        StartAsync(Wish(PlanOf(planKey), options ?? new SubscribeOptions(), options?.SkipTrial == true ? TrialWish.None : TrialWish.IfAvailable), cancellationToken);

    public async Task<Subscription> ReactivateAsync(SubscribeOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (options?.PaymentMethodToken is { } token)
            CheckToken(token);

        var result = await RunAsync(
            (turn, cancel) => StartAsync(turn, Again(turn.State?.Newest(SubscriptionName), options ?? new SubscribeOptions()), cancel),
            cancellationToken).ConfigureAwait(false);
        return Find(result, result.ResultId!);
    }

    public Task<Subscription> ExtendTrialAsync(DateTimeOffset until, CancellationToken cancellationToken = default) => RunOnAsync(
        async (turn, live, token) =>
        {
            var end = TrialRules.End(until, turn.Now);
            if (live.Status is not (SubscriptionStatus.Trialing or SubscriptionStatus.Active))
                throw Checks.State($"{Capital(Describe(live))} is {live.Status}; only a trial or an Active subscription can be given time. {Mend(live)}");
            if (live.Currency is null)
                throw Checks.State($"{Capital(Describe(live))} is to plan '{live.PlanKey}', which is free: there is no time to give.");
            if (live.CancelsAt is { } cancels && cancels < end)
                throw Checks.State($"{Capital(Describe(live))} ends at {Checks.Show(cancels)}. Undo the cancellation with ResumeAsync first.");
            if (live.Status == SubscriptionStatus.Trialing && live.Trial?.End == end)
                return;

            await BringAsync(turn, "trial-end", key => Provider.SetTrialEndAsync(RefTo(live), end, key, token), live.Id, IdempotencyKey.Text(end)).ConfigureAwait(false);
        },
        cancellationToken);

    public Task<Subscription> EndTrialAsync(CancellationToken cancellationToken = default) => RunOnAsync(
        async (turn, live, token) =>
        {
            if (live.Status != SubscriptionStatus.Trialing)
                throw Checks.State($"{Capital(Describe(live))} is {live.Status}, not in a trial. There is nothing to end.");
            if (!StartRules.HasDefaultPaymentMethod(turn.State) && live.InvoiceDueInDays is null && Catalog.TryGet(live.PlanKey, out var plan) && plan.Trial?.WhenNoPaymentMethod == TrialEndBehavior.CreateInvoice)
                throw Checks.State($"Customer '{CustomerId}' has no payment method, so that the invoice of the trial's end could not be paid. Call AddPaymentMethodAsync first.");

            await BringAsync(turn, "trial-end", key => Provider.SetTrialEndAsync(RefTo(live), null, key, token), live.Id, "now").ConfigureAwait(false);
        },
        cancellationToken);

    public async Task<Subscription?> GetSubscriptionAsync(CancellationToken cancellationToken = default) =>
        (await StateAsync(cancellationToken).ConfigureAwait(false))?.Newest(SubscriptionName);

    private Plan PlanOf(string planKey)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(planKey);
        return Catalog[planKey];
    }

    private StartWish Wish(Plan plan, SubscribeOptions options, TrialWish trial) => new()
    {
        CustomerId = CustomerId,
        Name = SubscriptionName,
        Plan = plan,
        Options = options,
        Trial = trial,
        BringsPaymentMethod = options.PaymentMethodToken is not null,
    };

    // The same plan again; what the caller does not set is as it was.
    private StartWish Again(Subscription? before, SubscribeOptions options)
    {
        if (before is null)
        {
            throw new BillingException(
                BillingErrorCode.NotSubscribed,
                $"Customer '{CustomerId}' never had a subscription '{SubscriptionName}'. Begin with SubscribeAsync, StartTrialAsync or CreateCheckoutAsync.");
        }

        var held = Holding.Of(Catalog, before);
        var again = options with
        {
            Interval = options.Interval ?? before.Interval,
            Currency = options.Currency ?? before.Currency?.Code,
            AddOns = options.AddOns ?? held.AddOns,
            InvoiceDueInDays = options.InvoiceDueInDays ?? before.InvoiceDueInDays,
        };
        if (options.SeatsIfSet is null && held.Seats is { } seats)
            again = again with { Seats = seats };
        return Wish(held.Plan ?? Catalog[before.PlanKey], again, TrialWish.None);
    }

    private async Task<Subscription> StartAsync(StartWish wish, CancellationToken cancellationToken, [CallerMemberName] string operation = "")
    {
        if (wish.Options.PaymentMethodToken is { } token)
            CheckToken(token);

        var result = await RunAsync((turn, cancel) => StartAsync(turn, wish, cancel), cancellationToken, operation).ConfigureAwait(false);
        return Find(result, result.ResultId!);
    }

    private async Task StartAsync(RoadTurn turn, StartWish wish, CancellationToken cancellationToken)
    {
        RequireNotDeleted(turn.State);
        var request = StartRules.Decide(wish, turn.State, Catalog, services.Options, turn.Now);
        await GuardAsync(CommandOf(wish, request), cancellationToken).ConfigureAwait(false);
        await EnsureKnownAsync(turn, cancellationToken).ConfigureAwait(false);
        if (wish.Options.PaymentMethodToken is { } token)
            await BringAsync(turn, "attach", key => Provider.AddPaymentMethodAsync(new(CustomerId, token, MakeDefault: true), key, cancellationToken), token, "default").ConfigureAwait(false);

        try
        {
            await BringAsync(turn, "create", key => CreateAsync(request, key, cancellationToken), Arguments(wish, request, turn.Now)).ConfigureAwait(false);
        }
        catch (BillingException refused) when (wish.Options.PaymentMethodToken is not null && refused.Code is not (BillingErrorCode.ProviderUnavailable or BillingErrorCode.RateLimited))
        {
            // A refusal leaves the card on file. After an outage nobody knows what was done: nothing is written, so that a repetition has the same keys, and
            // neither attaches the card nor starts the subscription twice.
            turn.Keep();
            throw;
        }
    }

    private async Task<ProviderResult> CreateAsync(CreateSubscriptionRequest request, string idempotencyKey, CancellationToken cancellationToken)
    {
        try
        {
            return await Provider.CreateSubscriptionAsync(request, idempotencyKey, cancellationToken).ConfigureAwait(false);
        }
        catch (BillingException refused) when (refused.Code == BillingErrorCode.Conflict)
        {
            // It was done before, at another second, and the answer was lost: a trial's end counts from the request. What is there is the answer.
            var whole = await Provider.ReadCustomerAsync(CustomerId, null, cancellationToken).ConfigureAwait(false);
            if (whole?.Subscriptions.LastOrDefault(found => found.Name == SubscriptionName && found.IsLive && found.PlanKey == request.PlanKey) is { } made)
                return new(whole, made.Id);

            throw;
        }
    }

    // What the caller asked for: of a trial that is counted from now, its length.
    private static string?[] Arguments(StartWish wish, CreateSubscriptionRequest request, DateTimeOffset now) =>
    [
        request.PlanKey,
        Text(request.Items),
        wish.Options is TrialOptions { EndsAt: { } end } ? IdempotencyKey.Text(end) : (request.TrialEnd - now)?.ToString(),
        IdempotencyKey.Text(request.BillingCycleAnchor),
        request.Proration.ToString(),
        string.Join(',', request.Coupons),
        IdempotencyKey.Text(request.InvoiceDueInDays),
        request.Replaces,
    ];

    private BillingCommand CommandOf(StartWish wish, CreateSubscriptionRequest request) => request.TrialEnd is null
        ? new SubscribeCommand { CustomerId = CustomerId, SubscriptionName = SubscriptionName, PlanKey = wish.Plan.Key, Options = wish.Options }
        : new StartTrialCommand { CustomerId = CustomerId, SubscriptionName = SubscriptionName, PlanKey = wish.Plan.Key, Options = wish.Options.ForTrial() };

    /// <summary>A command on the started subscription of this name.</summary>
    private async Task<Subscription> RunOnAsync(Func<RoadTurn, Subscription, CancellationToken, Task> command, CancellationToken cancellationToken, [CallerMemberName] string operation = "")
    {
        string? id = null;
        var result = await RunAsync(
            (turn, token) =>
            {
                var live = RequireStarted(turn.State);
                id = live.Id;
                return command(turn, live, token);
            },
            cancellationToken,
            operation).ConfigureAwait(false);
        return Find(result, id!);
    }

    private static string Mend(Subscription subscription) => subscription.Status switch
    {
        SubscriptionStatus.Paused => "Call ResumeAsync first.",
        SubscriptionStatus.PastDue or SubscriptionStatus.Unpaid => "Have its open invoice paid first, with PayInvoiceAsync.",
        _ => "Look at its Status first.",
    };

    private static string Capital(string sentence) => char.ToUpperInvariant(sentence[0]) + sentence[1..];
}
