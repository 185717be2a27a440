namespace TxMsg.Client.Consuming;

/// <summary>A request of the coordinator as it came, whatever framework received it.</summary>
/// <param name="Headers">Its headers: those that came several times are several pairs.</param>
/// <param name="Body">Its body, byte for byte.</param>
public sealed record DeliveryRequest(IEnumerable<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte> Body)
{
    /// <summary>The only subscription that this endpoint takes; null: any that the options expect.</summary>
    public string? Subscription { get; init; }
}
