namespace TxMsg.Server.Transactions;

/// <summary>A message's payload.</summary>
public sealed class PayloadRow
{
    public byte[] Id { get; init; } = [];

    public long ProducerId { get; init; }

    public string Topic { get; init; } = "";

    public string? Key { get; init; }

    public string? Tag { get; init; }

    public string? OrderingKey { get; init; }

    public string ContentType { get; init; } = "";

    public string? Headers { get; init; }

    public byte[] Payload { get; init; } = [];

    public long? Checksum { get; init; }

    public bool FitsItsChecksum() =>
        ContentChecksum.Fits(Checksum, new Guid(Id, bigEndian: true), Topic, Key, Tag, OrderingKey, new MessageContent(ContentType, Headers, Payload));
}
