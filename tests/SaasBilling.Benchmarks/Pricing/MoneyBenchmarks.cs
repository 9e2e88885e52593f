using BenchmarkDotNet.Attributes;
using SaasBilling.Pricing;

namespace SaasBilling.Benchmarks.Pricing;

/// <summary>Adds, compares and prorates: the "Allocated" column is to be empty.</summary>
[MemoryDiagnoser]
public class MoneyBenchmarks
{
    private readonly Money _price = Money.Of(29.99m, "USD");
    private readonly Money _credit = Money.Of(-7.50m, "USD");
    private readonly BillingPeriod _period = new(new(2026, 1, 31, 9, 0, 0, TimeSpan.Zero), new(2026, 2, 28, 9, 0, 0, TimeSpan.Zero));
    private readonly DateTimeOffset _at = new(2026, 2, 11, 17, 42, 13, TimeSpan.Zero);

    [Benchmark]
    public Money Add() => _price + _credit;

    [Benchmark]
    public Money Multiply() => _price * 12;

    [Benchmark]
    public bool Compare() => _price > _credit;

    [Benchmark]
    public Money FromDecimal() => Money.Of(29.99m, "USD");

    [Benchmark]
    public decimal ToDecimal() => _price.Amount;

    [Benchmark]
    public Money ProrateCredit() => ProrationMath.Credit(_price, _period, _at);

    [Benchmark]
    public Money ProrateCharge() => ProrationMath.Charge(_price, _period, _at);
}
