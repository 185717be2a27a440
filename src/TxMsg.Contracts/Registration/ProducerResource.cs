using System.Text.Json.Serialization;

namespace TxMsg.Contracts.Registration;

/// <summary>A producer as the API shows it.</summary>
public sealed record ProducerResource
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Where its half messages are asked about.</summary>
    public required string CheckBackUrl { get; init; }

    /// <summary>When to ask first, in seconds after the prepare.</summary>
    public required double CheckBackAfterSeconds { get; init; }

    /// <summary>After how many answers <c>unknown</c> a half message is parked.</summary>
    public required int MaxUnknownAnswers { get; init; }

    /// <summary>How long after the prepare a half message without a verdict is asked about before it is parked, in seconds.</summary>
    public required double GiveUpAfterSeconds { get; init; }

    /// <summary>The signing secret; only in the answer that creates or rotates it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }

    /// <summary>When it was registered.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>How it has answered check-backs lately; where producers are read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EndpointHealth? Health { get; init; }
}
