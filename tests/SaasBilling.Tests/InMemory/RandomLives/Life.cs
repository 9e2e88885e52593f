using SaasBilling.Conformance.Providers;
using SaasBilling.InMemory;
using SaasBilling.Providers;

namespace SaasBilling.Tests.InMemory.RandomLives;

/// <summary>A customer to whom things happen, checked at every step.</summary>
internal sealed class Life : IDisposable
{
    private readonly InMemoryHarness _harness;
    private readonly Facts _known;
    private readonly List<string> _story = [];
    private CustomerSnapshot _now;

    public Life(DateTimeOffset start)
    {
        var catalog = ConformanceCatalog.Build();
        _harness = new InMemoryHarness(new ConformanceSetup { Catalog = catalog, StartAt = start, WhenRetriesExhausted = RetriesExhausted.MarkUnpaid });
        Scene = new Scene(_harness, catalog, "acme");
        _now = Scene.EnsureCustomerAsync().GetAwaiter().GetResult();
        _known = Facts.Of(_now);
    }

    public Scene Scene { get; }

    public string CustomerId => Scene.CustomerId;

    public InMemoryProvider Provider => (InMemoryProvider)_harness.Provider;

    public DateTimeOffset Now => _harness.Now;

    public CustomerSnapshot Read() => Scene.ReadAsync().GetAwaiter().GetResult();

    public void Live(IEnumerable<int> numbers)
    {
        try
        {
            foreach (var number in numbers)
                Live(new Dice(number));
        }
        catch (Exception fault) when (fault is not LifeException)
        {
            throw new LifeException($"{fault.Message}{Environment.NewLine}{string.Join(Environment.NewLine, _story)}", fault);
        }
    }

    /// <summary>Lets time pass, step by step as things fall due.</summary>
    public void AdvanceTo(DateTimeOffset target) => _harness.Advance(target, step => Learn(step));

    /// <summary>Takes in what the provider told, which must be all that is new.</summary>
    public void Learn(CustomerSnapshot told)
    {
        Assert.True(told.Since is null || told.Since == _now.Cursor, $"Told since {told.Since}, known up to {_now.Cursor}.");
        var before = _now;
        _now = Read();
        Facts.AssertEqual(Facts.Of(_now), _known.With(told));
        Assert.Equal(_now.Cursor, told.Cursor);
        Invariants.CheckEdges(before, _now);

        // Between two things that are due at one instant the present is not whole yet.
        if (Provider.NextDueAt is not { } due || due > Now)
            Invariants.Check(_now);
    }

    public void Dispose() => Scene.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private void Live(Dice dice)
    {
        switch (dice.Roll(5))
        {
            case 0:
                AdvanceTo(Now.AddMinutes(dice.Pick(1, 45, 60, 90, 600, 1_440, 4_321, 20_000, 50_000)));
                break;
            case 1 when dice.OneIn(2):
                var (name, answer) = (dice.Pick("default", "side"), !dice.OneIn(3));
                Do(new RandomCommand($"answer {answer} for {name}", () => Task.FromResult(new ProviderResult(Provider.AnswerPaymentAction(CustomerId, name, answer)))));
                break;
            default:
                if (RandomCommand.Of(Scene, _now, dice) is { } command)
                    Do(command);
                break;
        }
    }

    private void Do(RandomCommand command)
    {
        _story.Add($"{Now:yyyy-MM-dd HH:mm:ss} {command.What}");
        try
        {
            Learn(command.RunAsync().GetAwaiter().GetResult().Snapshot);
        }
        catch (BillingException refusal)
        {
            _story.Add($"    refused: {refusal.Message}");

            // Refused: nothing has changed but by what was due anyway.
            AdvanceTo(Now);
            Facts.AssertEqual(_known, Facts.Of(Read()));
        }
    }
}
