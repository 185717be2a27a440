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

    /// <summary>A key of administration: what its holder may do, <c>operator</c> or <c>viewer</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Role { get; init; }

    /// <summary>A key of administration: what people call it, if it was given a name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
