using SaasBilling.Providers;
using SaasBilling.Road;
using SaasBilling.Subscriptions;

namespace SaasBilling;

internal sealed partial class CustomerBilling
{
    public async Task<ChangeQuote> QuoteChangeAsync(SubscriptionChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        change = Frozen(change);
        var state = await StateAsync(cancellationToken).ConfigureAwait(false);
        var live = RequireStarted(state);
        var now = services.Clock.Now;
        var request = ChangeRules.Decide(live, change, state!, Catalog, WithinPeriod(live, now));
        var preview = await PreviewAsync(live, request, cancellationToken).ConfigureAwait(false);
        return request is null
            ? new(change, now, now + services.Options.QuoteValidity, Money.Zero(AnyCurrency(live)), [], preview.NextInvoice)
            : new(change, request.ProrationDate, now + services.Options.QuoteValidity, preview.DueNow, preview.Lines, preview.NextInvoice);
    }

    public Task<Subscription> ChangeAsync(ChangeQuote quote, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(quote);
        if (quote.Change is null || quote.Lines is null)
            throw Checks.Invalid("The quote says nothing of a change or of lines. Pass on what QuoteChangeAsync returned, as it is.");
        return RunOnAsync((turn, live, token) => ChangeAsync(turn, live, Frozen(quote.Change), quote, token), cancellationToken);
    }

    public Task<Subscription> ChangeAsync(SubscriptionChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        var frozen = Frozen(change);
        return RunOnAsync((turn, live, token) => ChangeAsync(turn, live, frozen, null, token), cancellationToken);
    }

    public Task<Subscription> UndoScheduledChangeAsync(CancellationToken cancellationToken = default) => RunOnAsync(
        async (turn, live, token) =>
        {
            if (live.ScheduledChange is null)
                throw Checks.State($"{Capital(Describe(live))} has no change that waits for the period's end. There is nothing to undo.");

            await DropScheduledAsync(turn, live, token).ConfigureAwait(false);
        },
        cancellationToken);

    public Task<Subscription> PauseAsync(PauseOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new PauseOptions();
        Checks.Defined(options.Behavior);
        return RunOnAsync(
            async (turn, live, token) =>
            {
                var wanted = options.ResumesAt is { } at ? options with { ResumesAt = Checks.Ahead(at, turn.Now, "ResumesAt") } : options;
                if (live is { Status: SubscriptionStatus.Paused, Pause: null })
                    throw Checks.State($"{Capital(Describe(live))} is paused already: its trial ended without a payment method. Call AddPaymentMethodAsync and ResumeAsync to go on.");
                if (live.Pause == wanted)
                    return;

                await BringAsync(turn, "pause", key => Provider.PauseSubscriptionAsync(RefTo(live), wanted, key, token), live.Id, wanted.Behavior.ToString(), IdempotencyKey.Text(wanted.ResumesAt)).ConfigureAwait(false);
            },
            cancellationToken);
    }

    public Task<Subscription> ResumeAsync(CancellationToken cancellationToken = default) => RunOnAsync(
        async (turn, live, token) =>
        {
            if (live is { CancelsAt: null, Pause: null, Status: not SubscriptionStatus.Paused })
                throw Checks.State($"{Capital(Describe(live))} is neither paused nor about to be canceled. There is nothing to resume.");
            if (live is { Status: SubscriptionStatus.Paused, Pause: null, InvoiceDueInDays: null } && !StartRules.HasDefaultPaymentMethod(turn.State))
                throw Checks.State($"{Capital(Describe(live))} was paused because its trial ended without a payment method, and there still is none. Call AddPaymentMethodAsync first.");

            await BringAsync(turn, "resume", key => Provider.ResumeSubscriptionAsync(RefTo(live), key, token), live.Id).ConfigureAwait(false);
        },
        cancellationToken);

    public async Task<Subscription> CancelAsync(CancelOptions? options = null, CancellationToken cancellationToken = default)
    {
        options = CancelRules.Check(options ?? new CancelOptions());
        string? id = null;
        var result = await RunAsync(
            async (turn, token) =>
            {
                var live = RequireLive(turn.State);
                id = live.Id;
                var wanted = CancelRules.Decide(live, options, turn.Now);
                if (wanted is null)
                    return;

                await GuardAsync(new CancelCommand { CustomerId = CustomerId, SubscriptionName = SubscriptionName, Options = wanted }, token).ConfigureAwait(false);
                await BringAsync(
                    turn,
                    "cancel",
                    key => Provider.CancelSubscriptionAsync(RefTo(live), wanted, key, token),
                    live.Id,
                    wanted.Timing.ToString(),
                    IdempotencyKey.Text(wanted.At),
                    wanted.Prorate ? "prorate" : null,
                    wanted.InvoiceNow ? "invoice" : null,
                    wanted.Reason).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        return Find(result, id!);
    }

    private async Task ChangeAsync(RoadTurn turn, Subscription live, SubscriptionChange change, ChangeQuote? quote, CancellationToken cancellationToken)
    {
        if (quote is not null)
            RequireFresh(live, quote, turn.Now);

        var request = ChangeRules.Decide(live, change, turn.State!, Catalog, quote?.ProrationDate ?? WithinPeriod(live, turn.Now));
        if (quote is not null)
            await RequireSameAsync(live, quote, request, cancellationToken).ConfigureAwait(false);
        if (live.ScheduledChange is { } scheduled && change.Timing == ChangeTiming.AtPeriodEnd)
        {
            if (scheduled == change)
                return;

            // At the period's end it is to be what it is now: then nothing waits any more.
            if (request is null)
            {
                await DropScheduledAsync(turn, live, cancellationToken).ConfigureAwait(false);
                return;
            }
        }

        if (request is null)
            return;

        await GuardAsync(new ChangeCommand { CustomerId = CustomerId, SubscriptionName = SubscriptionName, Change = change }, cancellationToken).ConfigureAwait(false);
        await BringAsync(turn, "change", key => Provider.ChangeSubscriptionAsync(request, key, cancellationToken), Arguments(request)).ConfigureAwait(false);
    }

    private Task DropScheduledAsync(RoadTurn turn, Subscription live, CancellationToken cancellationToken) =>
        BringAsync(turn, "drop-scheduled", key => Provider.DropScheduledChangeAsync(RefTo(live), key, cancellationToken), live.Id);

    private static void RequireFresh(Subscription live, ChangeQuote quote, DateTimeOffset now)
    {
        if (now >= quote.ValidUntil)
            throw Expired($"The quote was valid until {Checks.Show(quote.ValidUntil)}, and it is {Checks.Show(now)} now.");
        if (quote.ProrationDate < live.CurrentPeriod.Start || quote.ProrationDate > now)
            throw Expired($"The quote is for {Checks.Show(quote.ProrationDate)}, which does not lie in the part of the current period that has passed: that began at {Checks.Show(live.CurrentPeriod.Start)}.");
    }

    // B-26: what is charged is what was quoted, or nothing.
    private async Task RequireSameAsync(Subscription live, ChangeQuote quote, ChangeSubscriptionRequest? request, CancellationToken cancellationToken)
    {
        if (request is null)
        {
            if (quote.Lines.Count > 0 || !quote.DueNow.IsZero)
                throw Expired($"{Capital(Describe(live))} is what the quote would make it already.");
            return;
        }

        var preview = await PreviewAsync(live, request, cancellationToken).ConfigureAwait(false);
        if (preview.DueNow != quote.DueNow || !AreSame(preview.Lines, quote.Lines))
            throw Expired($"What the quote was computed from has changed: it would now charge {preview.DueNow} at once, with {preview.Lines.Count} lines, and the quote says {quote.DueNow}, with {quote.Lines.Count}.");
    }

    // A quote pins its prorations. A period that the change starts, and usage that it closes, move with the instant at which it is accepted.
    private static bool AreSame(IReadOnlyList<InvoiceLine> now, IReadOnlyList<InvoiceLine> quoted)
    {
        if (now.Count != quoted.Count)
            return false;

        for (var i = 0; i < now.Count; i++)
        {
            if (now[i] != (now[i].IsProration ? quoted[i] : quoted[i] with { Period = now[i].Period }))
                return false;
        }

        return true;
    }

    private static BillingException Expired(string why) => new(BillingErrorCode.QuoteExpired, $"{why} Nothing was changed. Ask for a new quote with QuoteChangeAsync.");

    private static string?[] Arguments(ChangeSubscriptionRequest request) =>
    [
        request.Subscription.SubscriptionId,
        request.PlanKey,
        Text(request.Items),
        request.Change.Proration.ToString(),
        request.Change.Timing.ToString(),
        IdempotencyKey.Text(request.ProrationDate),
        request.AtPeriodEnd?.PlanKey,
        request.AtPeriodEnd is { } waiting ? Text(waiting.Items) : null,
    ];

    private static string Text(IReadOnlyList<PriceQuantity> items) => string.Join(',', items.Select(item => $"{item.PriceKey}={item.Quantity}"));

    // A change is remembered while it waits, so it must not change under us.
    private static SubscriptionChange Frozen(SubscriptionChange change) =>
        change.AddOns is { } addOns ? change with { AddOns = addOns.ToDictionary(StringComparer.Ordinal) } : change;

    // A renewal that is due but not yet run leaves the present beyond the period.
    private static DateTimeOffset WithinPeriod(Subscription subscription, DateTimeOffset now) =>
        now < subscription.CurrentPeriod.Start ? subscription.CurrentPeriod.Start : now > subscription.CurrentPeriod.End ? subscription.CurrentPeriod.End : now;

    // Nothing is due in no currency; an amount needs one all the same.
    private Currency AnyCurrency(Subscription subscription) =>
        subscription.Currency ?? Catalog.Plans.Select(plan => plan.DefaultPricing?.Currency).FirstOrDefault(currency => currency is not null) ?? Currency.Of("USD");
}
