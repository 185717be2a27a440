namespace TxMsg.Client.Coordinator;

/// <summary>A node of the coordinator, as its caller knows it. Safe for concurrent use.</summary>
internal sealed class CoordinatorNode(Uri address)
{
    private long pausedUntil;

    /// <summary>Where it is; ends with a slash, without which the last segment of a path would be replaced, not continued.</summary>
    public Uri Address { get; } = address.AbsolutePath.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");

    /// <summary>Whether it failed so short a time ago that others come first.</summary>
    public bool IsPausedAt(DateTimeOffset now) => now.UtcTicks < Volatile.Read(ref pausedUntil);

    public void Answered() => Volatile.Write(ref pausedUntil, 0);

    public void PauseUntil(DateTimeOffset end) => Volatile.Write(ref pausedUntil, end.UtcTicks);
}
