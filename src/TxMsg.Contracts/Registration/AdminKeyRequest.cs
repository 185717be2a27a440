namespace TxMsg.Contracts.Registration;

/// <summary>Optional body of <c>POST /v1/admin-keys</c>.</summary>
public sealed record AdminKeyRequest
{
    /// <summary>What its holder may do: <c>operator</c> (everything) or <c>viewer</c> (look). Default: <c>operator</c>.</summary>
    public string? Role { get; init; }

    /// <summary>What people call it: at most 128 characters.</summary>
    public string? Name { get; init; }

    /// <summary>Why it is made; kept in the audit. At most 1,000 characters.</summary>
    public string? Reason { get; init; }
}
