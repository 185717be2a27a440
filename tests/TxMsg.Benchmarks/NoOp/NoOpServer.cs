using TxMsg.Benchmarks.CommandLine;
using TxMsg.Server.Hosting;

namespace TxMsg.Benchmarks.NoOp;

/// <summary>
/// The ceiling: the three HTTP exchanges of a transaction on the same web server and HTTP client as the real one,
/// and nothing behind them. Nothing is parsed, stored, signed, counted or logged.
/// </summary>
internal static class NoOpServer
{
    public static int Run(NoOpOptions options, CancellationToken stop)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{options.Port}");
        using var app = builder.Build();
        using var deliveries = new NoOpDeliveries(options, stop);
        app.Run(new NoOpHandler(deliveries).Handle);
        app.StartAsync(stop).GetAwaiter().GetResult();
        if (options.Batch && OperatingSystem.IsLinux()) SocketThreads.LetWait(app.Logger);
        stop.WaitHandle.WaitOne();
        return 0;
    }
}
