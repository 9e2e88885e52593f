using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;


// dotnet run -c Release --project tests/SaasBilling.Benchmarks -- --filter '*'            the micro-benchmarks
// dotnet run -c Release --project tests/SaasBilling.Benchmarks -- engine 1000 1000000     a year of so many monthly subscriptions

// In process: a generated project would not build under this repository's central package versions and analyzers.
var config = DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance));
BenchmarkSwitcher.FromAssembly(typeof(SaasBilling.Benchmarks.Pricing.MoneyBenchmarks).Assembly).Run(args, config);
return 0;
