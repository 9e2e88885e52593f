using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using SaasBilling.Faults.Remote;

namespace SaasBilling.Faults.Instances;

/// <summary>A process under test, as the program that started it sees it.</summary>
internal sealed class Child : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _running = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _complaints = new();

    private bool _isDisposed;

    private Child(Process process, InstanceSpec spec)
    {
        _process = process;
        Log = spec.Log;
        Calls = RemoteCalls.At<IInstance>(spec.Listen);
    }

    public int Id => _process.Id;

    /// <summary>The file for what its hooks did.</summary>
    public string Log { get; }

    /// <summary>What it can be asked.</summary>
    public IInstance Calls { get; }

    public bool HasEnded => _process.HasExited;

    /// <summary>What the processor has computed for it.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>When it was killed, by the machine's monotonic clock.</summary>
    public long KilledAt { get; private set; }

    /// <summary>Starts a process that sets itself up, and then waits.</summary>
    public static Child Start(InstanceSpec spec)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["worker"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        var child = new Child(process, spec);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => child.Fail();
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data == Instance.Ready)
                child._ready.TrySetResult();
            else if (line.Data == Instance.Running)
                child._running.TrySetResult();
        };
        process.ErrorDataReceived += (_, line) => child._complaints.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.WriteLine(JsonSerializer.Serialize(spec, Wire.Json));
        return child;
    }

    public Task ReadyAsync() => _ready.Task.WaitAsync(TimeSpan.FromMinutes(1));

    /// <summary>Lets it work.</summary>
    public async Task GoAsync()
    {
        await ReadyAsync();
        await _process.StandardInput.WriteLineAsync(Instance.Go);
        await _running.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        KilledAt = Stopwatch.GetTimestamp();
        Signals.Send(Id, Signals.Kill);
        await EndedAsync();
    }

    public void Halt() => Signals.Send(Id, Signals.Stop);

    public void Resume() => Signals.Send(Id, Signals.Continue);

    /// <summary>Ends when the process has.</summary>
    public Task EndedAsync() => _process.WaitForExitAsync();

    /// <summary>Asks it to end, and waits.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            try
            {
                await _process.WaitForExitAsync(late.Token);
            }
            catch (OperationCanceledException)
            {
                await KillAsync();
            }
        }

        _process.Dispose();
    }

    private void Fail()
    {
        var fault = new InvalidOperationException($"A process under test ended by itself: {string.Join(Environment.NewLine, _complaints)}");
        _ready.TrySetException(fault);
        _running.TrySetException(fault);
    }
}
