namespace TxMsg.Server.Transactions;

/// <summary>A message's payload.</summary>
public sealed class PayloadRow
{
    public long ProducerId { get; init; }

    public string ContentType { get; init; } = "";

    public string? Headers { get; init; }

    public byte[] Payload { get; init; } = [];
}
