namespace TxMsg.Server.Access;

/// <summary>Who is let in.</summary>
public enum AccessMode
{
    /// <summary>Everyone on this machine, without a key; nobody else.</summary>
    Loopback,

    /// <summary>Whoever has a key, from anywhere.</summary>
    ApiKeys,
}
