namespace TxMsg.Server.Access;

/// <summary>Encrypts what must be read again, such as signing secrets, before it is stored.</summary>
public interface ISecretProtector
{
    /// <summary>The text, encrypted.</summary>
    string Protect(string secret);

    /// <summary>The text that was encrypted.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The key ring lacks its key.</exception>
    string Unprotect(string encrypted);
}
