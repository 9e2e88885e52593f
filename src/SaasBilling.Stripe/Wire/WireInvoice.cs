namespace SaasBilling.Stripe.Wire;

/// <summary>An invoice.</summary>
internal sealed record WireInvoice
{
    /// <summary>Null on a preview.</summary>
    public string? Id { get; init; }

    public string? Number { get; init; }

    public string? Subscription { get; init; }

    public required string Currency { get; init; }

    public required InvoiceStatus Status { get; init; }

    public required BillingReason Reason { get; init; }

    public required long Subtotal { get; init; }

    public long Discount { get; init; }

    public long Tax { get; init; }

    public required long Total { get; init; }

    public required long AmountDue { get; init; }

    public long AmountPaid { get; init; }

    public long AmountRemaining { get; init; }

    public required IReadOnlyList<WireLine> Lines { get; init; }

    /// <summary>Not all lines came along.</summary>
    public bool HasMoreLines { get; init; }

    public required DateTimeOffset Created { get; init; }

    public DateTimeOffset? FinalizedAt { get; init; }

    public DateTimeOffset? PaidAt { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    public DateTimeOffset? NextAttempt { get; init; }

    /// <summary>What the customer owed before it; negative: credit.</summary>
    public long StartingBalance { get; init; }

    public int AttemptCount { get; init; }

    public bool WasAttempted { get; init; }

    public bool IsSent { get; init; }

    public Uri? HostedUrl { get; init; }

    public string? ClientSecret { get; init; }

    /// <summary>The payment intents that pay it; of old invoices the charges.</summary>
    public IReadOnlyList<string> Payments { get; init; } = [];

    public static WireInvoice Read(StripeObject invoice)
    {
        var status = StatusOf(invoice.Text("status"));
        var transitions = invoice.Object("status_transitions");
        var total = invoice.RequiredInteger("total");
        return new()
        {
            Id = invoice.Text("id"),
            Number = invoice.Text("number"),
            Subscription = SubscriptionOf(invoice),
            Currency = invoice.RequiredText("currency"),
            Status = status,
            Reason = ReasonOf(invoice.Text("billing_reason")),
            Subtotal = invoice.RequiredInteger("subtotal"),
            Discount = invoice.List("total_discount_amounts").Sum(amount => amount.Integer("amount") ?? 0),
            Tax = TaxOf(invoice),
            Total = total,
            AmountDue = invoice.RequiredInteger("amount_due"),
            AmountPaid = invoice.Integer("amount_paid") ?? 0,
            AmountRemaining = invoice.Integer("amount_remaining") ?? 0,
            Lines = invoice.List("lines").ConvertAll(WireLine.Read),
            HasMoreLines = invoice.Object("lines")?.Flag("has_more") ?? false,
            Created = invoice.RequiredInstant("created"),
            FinalizedAt = transitions?.Instant("finalized_at"),
            PaidAt = transitions?.Instant("paid_at"),
            DueAt = invoice.Instant("due_date"),
            NextAttempt = NextAttemptOf(invoice, status),
            StartingBalance = invoice.Integer("starting_balance") ?? 0,
            AttemptCount = (int)(invoice.Integer("attempt_count") ?? 0),
            WasAttempted = invoice.Flag("attempted"),
            IsSent = invoice.Text("collection_method") == "send_invoice",
            HostedUrl = Uri.TryCreate(invoice.Text("hosted_invoice_url"), UriKind.Absolute, out var page) ? page : null,
            ClientSecret = invoice.Object("confirmation_secret")?.Text("client_secret") ?? invoice.Object("payment_intent")?.Text("client_secret"),
            Payments = PaymentsOf(invoice),
        };
    }

    // Since basil it is in the parent; before, it stood beside the rest.
    private static string? SubscriptionOf(StripeObject invoice) =>
        invoice.Object("parent")?.Object("subscription_details")?.IdOf("subscription") ?? invoice.IdOf("subscription");

    private static long TaxOf(StripeObject invoice)
    {
        var taxes = invoice.List("total_taxes");
        if (taxes.Count == 0)
            taxes = invoice.List("total_tax_amounts");
        return taxes.Count == 0 ? invoice.Integer("tax") ?? 0 : taxes.Sum(tax => tax.Integer("amount") ?? 0);
    }

    // Since basil there is a list of payments; before, there was one intent.
    private static List<string> PaymentsOf(StripeObject invoice)
    {
        var payments = invoice.List("payments")
            .Select(payment => payment.Object("payment"))
            .Select(payment => payment?.IdOf("payment_intent") ?? payment?.IdOf("charge"))
            .OfType<string>()
            .ToList();
        if (payments.Count == 0 && (invoice.IdOf("payment_intent") ?? invoice.IdOf("charge")) is { } one)
            payments.Add(one);
        return payments;
    }

    private static DateTimeOffset? NextAttemptOf(StripeObject invoice, InvoiceStatus status) => status switch
    {
        // Of a draft: when it is finalized; one that does not advance stays as it is.
        InvoiceStatus.Draft => invoice.Has("auto_advance") && !invoice.Flag("auto_advance") ? null : invoice.Instant("automatically_finalizes_at") ?? invoice.Instant("next_payment_attempt"),
        InvoiceStatus.Open => invoice.Instant("next_payment_attempt"),
        _ => null,
    };

    private static InvoiceStatus StatusOf(string? status) => status switch
    {
        "open" => InvoiceStatus.Open,
        "paid" => InvoiceStatus.Paid,
        "void" => InvoiceStatus.Void,
        "uncollectible" => InvoiceStatus.Uncollectible,
        _ => InvoiceStatus.Draft,
    };

    private static BillingReason ReasonOf(string? reason) => reason switch
    {
        "subscription_create" => BillingReason.SubscriptionCreate,
        "subscription_cycle" or "upcoming" => BillingReason.SubscriptionCycle,
        "manual" or "quote_accept" or "automatic_pending_invoice_item_invoice" or null => BillingReason.Manual,
        _ => BillingReason.SubscriptionUpdate,
    };
}

/// <summary>A line of an invoice.</summary>
internal sealed record WireLine(string Description, long Amount, long Quantity, BillingPeriod Period, bool IsProration, string? Price, bool IsOfSubscription)
{
    public static WireLine Read(StripeObject line)
    {
        var parent = line.Object("parent");
        var (ofItem, ofInvoiceItem) = (parent?.Object("subscription_item_details"), parent?.Object("invoice_item_details"));
        return new(
            line.Text("description") ?? "",
            line.RequiredInteger("amount"),
            line.Integer("quantity") ?? 1,
            PeriodOf(line),
            line.Flag("proration") || (ofItem?.Flag("proration") ?? false) || (ofInvoiceItem?.Flag("proration") ?? false),
            PriceOf(line),
            ofItem is not null || (ofInvoiceItem?.Flag("proration") ?? false) || line.Text("type") == "subscription" || line.Flag("proration"));
    }

    internal static BillingPeriod PeriodOf(StripeObject line)
    {
        var period = line.Object("period") ?? throw line.Missing("period");
        return new BillingPeriod(period.RequiredInstant("start"), period.RequiredInstant("end"));
    }

    // Since basil in the pricing; before, the price itself.
    internal static string? PriceOf(StripeObject line) =>
        line.Object("pricing")?.Object("price_details")?.IdOf("price") ?? line.IdOf("price") ?? line.IdOf("plan");
}

/// <summary>A one-off charge that waits for an invoice.</summary>
internal sealed record WireInvoiceItem(string Id, string? Subscription, string Description, long Amount, string Currency, long Quantity, BillingPeriod Period, bool IsProration, string? Price)
{
    public static WireInvoiceItem Read(StripeObject item) => new(
        item.Id,
        item.Object("parent")?.Object("subscription_details")?.IdOf("subscription") ?? item.IdOf("subscription"),
        item.Text("description") ?? "",
        item.RequiredInteger("amount"),
        item.RequiredText("currency"),
        item.Integer("quantity") ?? 1,
        WireLine.PeriodOf(item),
        item.Flag("proration"),
        WireLine.PriceOf(item));
}
