using System.Diagnostics;
using System.Net.Http.Json;
using Microsoft.Data.Sqlite;
using TxMsg.Benchmarks.CommandLine;
using TxMsg.Benchmarks.Driving;
using TxMsg.Benchmarks.Measuring;
using TxMsg.Benchmarks.Processes;
using TxMsg.Client.Coordinator;
using TxMsg.Contracts.Operations;
using TxMsg.Contracts.Registration;
using TxMsg.Contracts.Signatures;

namespace TxMsg.Benchmarks.Sdk;

/// <summary>Measures one way at one number of callers, on a fresh database and with a fresh coordinator, which idles where there is no message.</summary>
internal sealed class SdkMeasurer(SdkOptions options, ServerLauncher launcher, WorkDirectory work, CancellationToken stop)
{
    private const string Producer = "order-service";
    private static readonly TimeSpan LongestDrain = TimeSpan.FromMinutes(2);

    public async Task<SdkMeasurement> MeasureAsync(OrderWay way, int callers, int round)
    {
        var directory = work.For(way.Name);
        SdkMeasurement measured;
        using (var process = launcher.Start(Target.TxMsg, Path.Combine(directory, "coordinator")))
        {
            using var http = new HttpClient { BaseAddress = process.Url };
            Setup.WaitUntilReady(http, () => process.IsRunning, stop);
            var database = new OrderDatabase(Path.Combine(directory, "orders"));
            using var host = Host(database, process.Url);
            // Nothing is left undecided, so nobody needs to listen at the check-back URL.
            await host.Services.GetRequiredService<ICoordinatorClient>().RegisterProducerAsync(Producer, new ProducerRequest { CheckBackUrl = "http://127.0.0.1:9/check-back" }, stop);
            await host.StartAsync(stop);
            measured = await MeasureAsync(way, callers, round, database, host.Services, http);
            await host.StopAsync(stop);
        }

        Directory.Delete(directory, recursive: true);
        return measured;
    }

    private async Task<SdkMeasurement> MeasureAsync(OrderWay way, int callers, int round, OrderDatabase database, IServiceProvider services, HttpClient http)
    {
        var place = way.Start(services);
        await RunAsync(place, database, callers, options.WarmUp, new LatencyHistogram());
        var histogram = new LatencyHistogram();
        var took = await RunAsync(place, database, callers, options.Duration, histogram);
        var drain = await DrainAsync(http, way.Sends ? database.CountOrders() : 0);
        return new SdkMeasurement(way.Name, callers, round, histogram.Count, histogram.Count / took.TotalSeconds, histogram.Summarize(), drain.TotalSeconds);
    }

    private async Task<TimeSpan> RunAsync(Func<SqliteConnection, CancellationToken, Task> place, OrderDatabase database, int callers, TimeSpan duration, LatencyHistogram histogram)
    {
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(CallAsync, stop)));
        return Stopwatch.GetElapsedTime(began);

        async Task CallAsync()
        {
            await using var connection = database.Connect();
            await connection.OpenAsync(stop);
            while (Stopwatch.GetElapsedTime(began) < duration)
            {
                var from = Stopwatch.GetTimestamp();
                await place(connection, stop);
                histogram.Record(from, Stopwatch.GetTimestamp());
            }
        }
    }

    // Every order's message arrived, once: else the comparison would be with less work.
    private async Task<TimeSpan> DrainAsync(HttpClient http, long orders)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var stats = (await http.GetFromJsonAsync<StatsResource>("/v1/stats", stop))!;
            var committed = stats.Messages.GetValueOrDefault("committed");
            if (committed == orders && stats.Messages.GetValueOrDefault("prepared") == 0) return Stopwatch.GetElapsedTime(began);
            if (committed > orders || Stopwatch.GetElapsedTime(began) > LongestDrain)
                throw new BenchmarkFailedException($"{orders} orders were placed with messages, and {committed} messages are committed.");
            await Task.Delay(TimeSpan.FromMilliseconds(100), stop);
        }
    }

    private static IHost Host(OrderDatabase database, Uri coordinator)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        builder.Services.AddTxMsgProducer(producer =>
        {
            (producer.Name, producer.Connect) = (Producer, database.Connect);
            producer.Coordinators.Add(coordinator);
            producer.Secrets.Add(WebhookSecret.Generate().Reveal());
        });
        builder.Services.AddTxMsgLocalMessages();
        return builder.Build();
    }
}
