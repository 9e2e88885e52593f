using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;
using SaasBilling.Benchmarks.Engine;
using SaasBilling.Benchmarks.Store;

// dotnet run -c Release --project tests/SaasBilling.Benchmarks -- --filter '*'            the micro-benchmarks
// dotnet run -c Release --project tests/SaasBilling.Benchmarks -- engine 1000 1000000     a year of so many monthly subscriptions
// dotnet run -c Release --project tests/SaasBilling.Benchmarks -- store                    commits and jobs on SQLite; --postgresql "<connection string>" on PostgreSQL
if (args is ["engine", ..])
    return await EngineCommand.RunAsync(args[1..]);
if (args is ["store", ..])
    return await StoreCommand.RunAsync(args[1..]);

// In process: a generated project would not build under this repository's central package versions and analyzers.
var job = Job.Default
    .WithToolchain(InProcessEmitToolchain.Instance)
    .WithIterationTime(TimeInterval.FromMilliseconds(200))
    .WithMaxIterationCount(30);
BenchmarkSwitcher.FromAssembly(typeof(EngineCommand).Assembly).Run(args, DefaultConfig.Instance.AddJob(job));
return 0;
