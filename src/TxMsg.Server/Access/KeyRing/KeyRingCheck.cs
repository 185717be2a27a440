using System.Security.Cryptography;
using TxMsg.Server.Storage;

namespace TxMsg.Server.Access.KeyRing;

/// <summary>Finds out at start, not at the first secret, that the key ring cannot be used or is not the one of this store.</summary>
public sealed class KeyRingCheck(ISecretProtector protector, KeyRingLocation location)
{
    /// <summary>Encrypts once, which makes the first key of a new ring.</summary>
    /// <exception cref="StoreStartException">It cannot be read or written.</exception>
    public void Prove()
    {
        try
        {
            protector.Protect("");
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException or System.Xml.XmlException)
        {
            throw new StoreStartException(
                $"The keys that encrypt signing secrets, in {location.DisplayName}, cannot be read or written: {(exception.InnerException ?? exception).Message}", exception);
        }
    }

    /// <summary>What to say when a stored secret cannot be decrypted.</summary>
    public StoreStartException Lost(CryptographicException exception) => new(
        $"A stored signing secret cannot be decrypted: its key is not in {location.DisplayName}, or the secret is damaged. "
        + "Restore the keys from the backup that belongs to this database, or the database.", exception);
}
