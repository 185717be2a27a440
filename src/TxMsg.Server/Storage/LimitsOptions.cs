namespace TxMsg.Server.Storage;

/// <summary>Bounds of what a request may ask for: section <c>TxMsg:Limits</c>.</summary>
public sealed class LimitsOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "TxMsg:Limits";

    /// <summary>Longest payload, in bytes: 1 to 67,108,864. Default 262,144. A longer one is 413.</summary>
    public int MaxPayloadBytes { get; set; } = 262_144;

    /// <summary>How many writes may wait for the group committer: 1 to 1,000,000. Default 10,000. Past it the answer is 503.</summary>
    public int WriteQueueLength { get; set; } = 10_000;

    /// <summary>How many connections may be open at once: 1 to 1,000,000. Default 10,000. Further ones are closed.</summary>
    public int MaxConnections { get; set; } = 10_000;
}
