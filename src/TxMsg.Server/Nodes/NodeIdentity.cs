using Microsoft.Extensions.Options;
using TxMsg.Server.Hosting;

namespace TxMsg.Server.Nodes;

/// <summary>Who this process is.</summary>
public sealed class NodeIdentity(IOptions<NodeOptions> options, TimeProvider time)
{
    /// <summary>Made anew at each start.</summary>
    public Guid Id { get; } = Guid.CreateVersion7(time.GetUtcNow());

    /// <summary>The id as it stands in the store.</summary>
    public byte[] Key => field ??= Id.ToByteArray(bigEndian: true);

    /// <summary>What people read.</summary>
    public string Name { get; } = options.Value.Name is { Length: > 0 } name ? name : Environment.MachineName;

    /// <summary>The version of this build.</summary>
    public string Version { get; } = StartReport.Version.Length > 64 ? StartReport.Version[..64] : StartReport.Version;

    /// <summary>When it started.</summary>
    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();
}
