namespace TxMsg.AcceptanceTests.Harness;

/// <summary>The body of a prepare; what is null is left out.</summary>
public sealed record NewMessage(string Producer, string Topic)
{
    public object? Payload { get; init; }

    public string? PayloadBase64 { get; init; }

    public string? Id { get; init; }

    public string? ContentType { get; init; }

    public string? Key { get; init; }

    public string? Tag { get; init; }

    public string? OrderingKey { get; init; }

    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    public int? DelaySeconds { get; init; }

    public int? CheckBackAfterSeconds { get; init; }

    public string? Verdict { get; init; }
}
