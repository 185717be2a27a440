namespace TxMsg.Server.Access.Keys;

/// <summary>A row of <c>api_keys</c>.</summary>
public sealed class ApiKeyRow
{
    public string Id { get; init; } = "";

    public long? ProducerId { get; init; }

    public byte[] KeyHash { get; init; } = [];

    public long CreatedAt { get; init; }

    public ApiKey ToApiKey() => new(
        Id,
        ProducerId,
        Keys.KeyHash.TryRead(KeyHash, out var hash) ? hash : throw new InvalidDataException($"The hash of API key {Id} is damaged."),
        DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt));
}
