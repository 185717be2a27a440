namespace TxMsg.Server.Access.Keys;

/// <summary>A row of <c>api_keys</c>.</summary>
public sealed class ApiKeyRow
{
    /// <summary>Whose the keys of viewers are in the store: nobody's. A node of a version without roles takes a key without a producer for an operator's.</summary>
    public const long NoProducer = 0;

    public string Id { get; init; } = "";

    public long? ProducerId { get; init; }

    public byte[] KeyHash { get; init; } = [];

    public int Role { get; init; }

    public string? Name { get; init; }

    public long CreatedAt { get; init; }

    public ApiKey ToApiKey() => new(
        Id,
        ProducerId == NoProducer ? null : ProducerId,
        Keys.KeyHash.TryRead(KeyHash, out var hash) ? hash : throw new InvalidDataException($"The hash of API key {Id} is damaged."),
        DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
        ProducerId == NoProducer ? AdminRole.Viewer : (AdminRole)Role,
        Name);
}
