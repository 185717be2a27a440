using System.Diagnostics.Metrics;
using TxMsg.Client;

namespace TxMsg.Samples.Shop.Consumers;

/// <summary>Prints a line for each delivery that the inbox knew already, from the SDK's own meter. A count kept in memory would go with the process.</summary>
internal sealed class DuplicateTeller : IHostedService, IDisposable
{
    public const string Line = "# duplicate";

    private readonly MeterListener listener = new();

    public Task StartAsync(CancellationToken cancellationToken)
    {
        listener.InstrumentPublished = (instrument, meters) =>
        {
            if (instrument.Meter.Name == ClientTelemetry.Name && instrument.Name == "txmsg_client_deliveries") meters.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            foreach (var tag in tags)
                if (tag is { Key: "outcome", Value: "duplicate" }) Console.Out.WriteLine(Line);
        });
        listener.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => listener.Dispose();
}
