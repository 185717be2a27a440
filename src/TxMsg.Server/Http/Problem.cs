using System.Text.Json.Serialization;

namespace TxMsg.Server.Http;

/// <summary>An error answer (RFC 9457).</summary>
public sealed record Problem
{
    /// <summary>A URI that names the kind of problem: <c>urn:txmsg:problem:...</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The kind in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What happened this time.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }

    /// <summary>Invalid input: what is wrong, by field.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>A refused verdict: the one that is recorded, <c>commit</c> or <c>rollback</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Verdict { get; init; }

    /// <summary>When to try again, in seconds: becomes the header <c>Retry-After</c>.</summary>
    [JsonIgnore]
    public int? RetryAfterSeconds { get; init; }

    /// <summary>401: what the header <c>WWW-Authenticate</c> says.</summary>
    [JsonIgnore]
    public string Challenge { get; init; } = "Bearer";
}
