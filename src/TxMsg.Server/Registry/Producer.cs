
namespace TxMsg.Server.Registry;

/// <summary>An application that sends messages. Values that it leaves open are those of <c>TxMsg:CheckBacks</c>.</summary>
public sealed record Producer
{
    public required long Id { get; init; }

    public required string Name { get; init; }

    public required Uri CheckBackUrl { get; init; }

    public TimeSpan? CheckBackAfter { get; init; }

    public int? MaxUnknownAnswers { get; init; }

    public TimeSpan? GiveUpAfter { get; init; }

    public required SigningSecrets Secrets { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}
