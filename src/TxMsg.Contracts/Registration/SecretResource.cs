namespace TxMsg.Contracts.Registration;

/// <summary>A new signing secret, shown once.</summary>
public sealed record SecretResource
{
    /// <summary>The secret: <c>whsec_...</c>.</summary>
    public required string Secret { get; init; }
}
