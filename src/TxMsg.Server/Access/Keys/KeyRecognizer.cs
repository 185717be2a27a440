using Microsoft.Extensions.Options;
using TxMsg.Server.Registry;

namespace TxMsg.Server.Access.Keys;

/// <summary>Tells who holds a key. It asks only what this node has in memory; a key made or deleted on another node counts
/// here once the registry was read again, within a second.</summary>
public sealed class KeyRecognizer(RegistryCache registry, IOptions<AccessOptions> options)
{
    private readonly KeyHash? adminKey = KeyHash.TryOf(options.Value.AdminKey, out var hash) ? hash : null;

    /// <summary>Who holds this key; null when it is unknown.</summary>
    public Caller? Recognize(ReadOnlySpan<char> key) => KeyHash.TryOf(key, out var hash) ? Recognize(hash) : null;

    /// <summary>Who holds the key with this hash; null when it is unknown.</summary>
    public Caller? Recognize(KeyHash hash) =>
        adminKey is { } admin && admin.FixedTimeEquals(hash) ? Caller.Admin : registry.Current.FindKeyHolder(hash);
}
