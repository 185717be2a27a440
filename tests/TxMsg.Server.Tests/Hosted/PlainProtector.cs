using TxMsg.Server.Access;

namespace TxMsg.Server.Tests.Hosted;

/// <summary>Leaves secrets as they are: where keys are kept is not what is tried.</summary>
internal sealed class PlainProtector : ISecretProtector
{
    public string Protect(string secret) => secret;

    public string Unprotect(string encrypted) => encrypted;
}
