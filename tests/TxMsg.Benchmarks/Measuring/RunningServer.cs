using System.Diagnostics;
using TxMsg.Benchmarks.CommandLine;
using TxMsg.Benchmarks.Driving;
using TxMsg.Benchmarks.Processes;
using TxMsg.Benchmarks.Receiving;

namespace TxMsg.Benchmarks.Measuring;

/// <summary>A server process that is ready, with a driver that has subscribed.</summary>
internal sealed class RunningServer : IDisposable
{
    // Longer than the 300 ms for which the metrics' answer is cached.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestUnrest = TimeSpan.FromSeconds(20);
    private const double QuietCpuSeconds = 0.03;

    private readonly ServerProcess process;
    private readonly CancellationToken stop;
    private readonly HttpClient http;
    private readonly Driver driver;

    public RunningServer(ServerProcess process, DriverKind driverKind, int payloadBytes, string? knownSecret, CancellationToken stop)
    {
        this.process = process;
        this.stop = stop;
        http = new HttpClient { BaseAddress = process.Url };
        driver = new Driver(driverKind, process.Url, receiverPort: 0, payloadBytes);
        Setup.WaitUntilReady(http, () => process.IsRunning, stop);
        // A secret is shown once: when the subscription is made.
        Secret = Setup.Register(http, driver.Endpoint, stop) ?? knownSecret;
        Deliveries.Signatures = new SignatureSample(Secret);
    }

    public DeliveryCheck Deliveries => driver.Deliveries;
    public HttpClient Http => http;
    public Uri Url => process.Url;
    public string? Secret { get; }
    public ProcessUsage Usage => ProcessUsage.Of(process.Id);

    public DriveResult Drive(int connections, DriveLimits limits)
    {
        var result = driver.Run(connections, limits, stop);
        Settle();
        driver.CheckExactlyOnce();
        return result;
    }

    /// <summary>Until the server has recorded what was delivered; meanwhile the receiver takes what comes late.</summary>
    public void Settle()
    {
        var since = Stopwatch.GetTimestamp();
        var cpu = Usage.CpuSeconds;
        _ = WaitUntil(IsQuiet, LongestUnrest);

        bool IsQuiet()
        {
            if (Stopwatch.GetElapsedTime(since) < Quiet)
                return false;
            var used = Usage.CpuSeconds - cpu;
            (since, cpu) = (Stopwatch.GetTimestamp(), cpu + used);
            return used <= QuietCpuSeconds;
        }
    }

    public bool WaitUntil(Func<bool> done, TimeSpan limit) => driver.WaitUntil(done, limit, stop);

    public CommitMetric? Commits() => CommitMetric.Read(http, stop);

    public void Dispose()
    {
        http.Dispose();
        driver.Dispose();
    }
}
