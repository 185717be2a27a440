namespace TxMsg.Server.Access;

/// <summary>Who may call: section <c>TxMsg:Access</c>.</summary>
public sealed class AccessOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "TxMsg:Access";

    /// <summary>Fewest characters of an admin key that people choose.</summary>
    public const int MinAdminKeyLength = 16;

    /// <summary><c>Loopback</c> (default): this machine only, no keys. <c>ApiKeys</c>: anywhere, with a key.</summary>
    public AccessMode Mode { get; set; } = AccessMode.Loopback;

    /// <summary>The first admin key, which makes all others: 16 to 256 visible ASCII characters, best random. Needed in <c>ApiKeys</c> mode.</summary>
    public string? AdminKey { get; set; }

    /// <summary>The folder of the keys that encrypt signing secrets and sign-in cookies. Default: <c>keys</c> beside the SQLite
    /// database; on SQL Server the database itself, so that all nodes share them.</summary>
    public string? KeyRingPath { get; set; }

    /// <summary>Proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed, in CIDR notation (<c>10.0.0.5/32</c>);
    /// only in <c>ApiKeys</c> mode. Default: none. Whoever can connect from there can say to be anyone.</summary>
    public string[] TrustedProxies { get; set; } = [];

    /// <summary>What is wrong with the admin key, or null; never the key.</summary>
    internal string? WrongAdminKey() => AdminKey switch
    {
        null or "" => Mode == AccessMode.ApiKeys ? "is missing" : null,
        { Length: < MinAdminKeyLength } => "is too short",
        { Length: > Keys.KeyHash.MaxKeyLength } => "is too long",
        _ => AdminKey.AsSpan().ContainsAnyExceptInRange('!', '~') ? "has characters that a header cannot carry" : null,
    };
}
