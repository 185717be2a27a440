using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace TxMsg.Client;

/// <summary>Where the SDK's metrics and spans go.</summary>
public static class ClientTelemetry
{
    /// <summary>The name of the meter and of the activity source: what an OpenTelemetry set-up adds.</summary>
    public const string Name = "TxMsg.Client";

    internal static Meter Meter { get; } = new(Name);

    internal static ActivitySource Spans { get; } = new(Name);
}
