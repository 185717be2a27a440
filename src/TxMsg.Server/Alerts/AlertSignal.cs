using System.Threading.Channels;

namespace TxMsg.Server.Alerts;

/// <summary>Asks for an alert check soon, whatever the interval. Costs nothing when one is asked for already.</summary>
public sealed class AlertSignal
{
    private readonly Channel<bool> asked = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Something may need a person, or no longer. To be called once it is in the store.</summary>
    public void Raise() => asked.Writer.TryWrite(true);

    /// <summary>Waits until someone asks; what was asked until then is one check.</summary>
    internal async Task WaitAsync(CancellationToken cancellationToken) => await asked.Reader.ReadAsync(cancellationToken);
}
