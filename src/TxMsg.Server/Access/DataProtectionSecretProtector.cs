using Microsoft.AspNetCore.DataProtection;

namespace TxMsg.Server.Access;

/// <summary>Encrypts with the key ring of ASP.NET Core Data Protection.</summary>
public sealed class DataProtectionSecretProtector(IDataProtectionProvider provider) : ISecretProtector
{
    private readonly IDataProtector protector = provider.CreateProtector("TxMsg.SigningSecrets");

    /// <inheritdoc/>
    public string Protect(string secret) => protector.Protect(secret);

    /// <inheritdoc/>
    public string Unprotect(string encrypted) => protector.Unprotect(encrypted);
}
