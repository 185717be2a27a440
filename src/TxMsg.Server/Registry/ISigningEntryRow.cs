namespace TxMsg.Server.Registry;

/// <summary>A row that has a signing secret: a producer's or a subscription's.</summary>
public interface ISigningEntryRow
{
    long Id { get; }

    /// <summary>Encrypted.</summary>
    string Secret { get; }

    /// <summary>The one before it, encrypted.</summary>
    string? PreviousSecret { get; }

    /// <summary>Until when that signs too, in milliseconds.</summary>
    long? PreviousSecretExpiresAt { get; }

    /// <summary>Those before these: <see cref="StoredSecrets"/>.</summary>
    string? OlderSecrets { get; }

    /// <summary>What it is set to, by the names of the wire; null is the server's default. Never the secret.</summary>
    IEnumerable<(string Name, string? Value)> Settings { get; }
}
