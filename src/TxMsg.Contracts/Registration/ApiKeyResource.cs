using System.Text.Json.Serialization;

namespace TxMsg.Contracts.Registration;

/// <summary>An API key. What follows <c>Authorization: Bearer</c> is shown once, in the answer that makes it.</summary>
public sealed record ApiKeyResource
{
    /// <summary>What the key is called when it is deleted.</summary>
    public required string KeyId { get; init; }

    /// <summary>The key: <c>txk_</c> and 43 characters. Only in the answer that makes it; nobody can show it again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Key { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
