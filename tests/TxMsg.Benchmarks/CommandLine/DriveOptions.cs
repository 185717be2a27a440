using TxMsg.Benchmarks.Driving;

namespace TxMsg.Benchmarks.CommandLine;

internal sealed record DriveOptions(DriverKind Driver, Uri Url, int ReceiverPort, int? ServerProcessId, int Connections, DriveLimits Limits, int PayloadBytes)
{
    public static DriveOptions From(Arguments arguments)
    {
        arguments.Allow("driver", "url", "receiver-port", "pid", "connections", "seconds", "transactions", "payload");
        return new DriveOptions(
            DriverKind.Named(arguments.Text("driver", DriverKind.Lean.Name)),
            new Uri(arguments.Text("url", "http://127.0.0.1:5080")),
            arguments.Number("receiver-port", 0, 0, 65_535),
            arguments.Has("pid") ? arguments.Number("pid", 0, 1) : null,
            arguments.Number("connections", 64, 1, ThroughputOptions.MostConnections),
            DriveLimits.From(arguments),
            arguments.Number("payload", 512, 1, ThroughputOptions.MostPayloadBytes));
    }
}
