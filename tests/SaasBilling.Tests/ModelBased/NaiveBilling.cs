namespace SaasBilling.Tests.ModelBased;

/// <summary>
/// What should happen to one customer with one subscription, written as plainly as it can be: it looks at the clock every hour. Two monthly plans with flat
/// prices, no prorations; a card that works, one that never does, or none.
/// </summary>
internal sealed class NaiveBilling(DateTimeOffset start)
{
    private static readonly int[] RetriesAfterHours = [72, 120, 168];

    private readonly List<Bill> _bills = [];
    private DateTimeOffset _anchor;
    private int _periods;
    private decimal _price;
    private bool _hadTrial;

    public DateTimeOffset Now { get; private set; } = start;

    public SubscriptionStatus? Status { get; private set; }

    public (DateTimeOffset Start, DateTimeOffset End) Period { get; private set; }

    public bool EndsWithPeriod { get; private set; }

    /// <summary>Null: none.</summary>
    public bool? CardWorks { get; set; }

    public DateTimeOffset? PastDueSince { get; private set; }

    public bool IsRunning => Status is SubscriptionStatus.Trialing or SubscriptionStatus.Active or SubscriptionStatus.PastDue;

    public bool CanStartTrial => !IsRunning && !_hadTrial;

    public bool IsAccessGranted =>
        Status is SubscriptionStatus.Trialing or SubscriptionStatus.Active || (Status == SubscriptionStatus.PastDue && Now < PastDueSince!.Value.AddDays(7));

    public decimal Collected => _bills.Where(bill => bill.State == InvoiceStatus.Paid).Sum(bill => bill.Amount);

    public int CountOf(InvoiceStatus state) => _bills.Count(bill => bill.State == state);

    public bool OwesForNewest => _bills is [.., { State: InvoiceStatus.Open }];

    public void Pass(int hours)
    {
        for (var i = 0; i < hours; i++)
        {
            Now = Now.AddHours(1);
            foreach (var bill in _bills.ToList())
            {
                if (bill.NextTry == Now)
                    Collect(bill);
            }

            if (Status == SubscriptionStatus.Incomplete && Now == Period.Start.AddHours(23))
                Expire();
            else if (IsRunning && Now == Period.End)
                Turn();
        }
    }

    public void StartTrial(decimal price)
    {
        Replace();
        (_hadTrial, _price, Status, EndsWithPeriod) = (true, price, SubscriptionStatus.Trialing, false);
        Period = (Now, Now.AddDays(14));
        _bills.Add(new() { State = InvoiceStatus.Paid });
    }

    public void Subscribe(decimal price)
    {
        Replace();
        _price = price;
        EndsWithPeriod = false;
        Status = CardWorks == true ? SubscriptionStatus.Active : SubscriptionStatus.Incomplete;
        BeginPeriods();
        _bills.Add(new() { Amount = price, State = CardWorks == true ? InvoiceStatus.Paid : InvoiceStatus.Open });
    }

    public void Change(decimal price) => _price = price;

    public void EndTrial()
    {
        if (CardWorks is null)
        {
            End();
            return;
        }

        Status = SubscriptionStatus.Active;
        BeginPeriods();
        var bill = new Bill { Amount = _price };
        _bills.Add(bill);
        Collect(bill);
    }

    public void CancelAtPeriodEnd() => EndsWithPeriod = true;

    public void Resume() => EndsWithPeriod = false;

    public void CancelNow() => End();

    public void PayNewest()
    {
        if (CardWorks == true)
            Settle(_bills[^1]);
    }

    private void Turn()
    {
        if (EndsWithPeriod || (Status == SubscriptionStatus.Trialing && CardWorks is null))
        {
            End();
            return;
        }

        if (Status == SubscriptionStatus.Trialing)
        {
            Status = SubscriptionStatus.Active;
            BeginPeriods();
        }
        else
        {
            _periods++;
            Period = (Period.End, _anchor.AddMonths(_periods));
        }

        _bills.Add(new() { Amount = _price, State = InvoiceStatus.Draft, NextTry = Now.AddHours(1) });
    }

    private void Collect(Bill bill)
    {
        bill.State = InvoiceStatus.Open;
        bill.NextTry = null;
        if (CardWorks == true)
        {
            Settle(bill);
            return;
        }

        if (Status == SubscriptionStatus.Active)
            (Status, PastDueSince) = (SubscriptionStatus.PastDue, Now);
        if (bill.Failures < RetriesAfterHours.Length)
            bill.NextTry = Now.AddHours(RetriesAfterHours[bill.Failures]);
        else
            End();

        bill.Failures++;
    }

    private void Settle(Bill bill)
    {
        bill.State = InvoiceStatus.Paid;
        bill.NextTry = null;
        if (Status is SubscriptionStatus.PastDue or SubscriptionStatus.Incomplete)
            (Status, PastDueSince) = (SubscriptionStatus.Active, null);
    }

    private void BeginPeriods()
    {
        (_anchor, _periods) = (Now, 1);
        Period = (Now, Now.AddMonths(1));
    }

    // What is owed stays owed, but nobody comes for it any more.
    private void End()
    {
        Status = SubscriptionStatus.Canceled;
        foreach (var bill in _bills)
            bill.NextTry = null;
    }

    private void Expire()
    {
        Status = SubscriptionStatus.IncompleteExpired;
        _bills[^1].State = InvoiceStatus.Void;
    }

    private void Replace()
    {
        if (Status == SubscriptionStatus.Incomplete)
            Expire();
    }

    private sealed class Bill
    {
        public decimal Amount { get; init; }

        public InvoiceStatus State { get; set; }

        public DateTimeOffset? NextTry { get; set; }

        public int Failures { get; set; }
    }
}
