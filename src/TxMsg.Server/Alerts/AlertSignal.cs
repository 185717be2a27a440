namespace TxMsg.Server.Alerts;

/// <summary>Asks for an alert check soon.</summary>
public sealed class AlertSignal
{
    /// <summary>Something needs a person.</summary>
    public void Raise()
    {
    }
}
