namespace TxMsg.Server.Access.Keys;

/// <summary>What the holder of an admin key may do; the numbers stand in the store.</summary>
public enum AdminRole
{
    /// <summary>Everything.</summary>
    Operator = 0,

    /// <summary>See everything, change nothing.</summary>
    Viewer = 1,
}

/// <summary>Roles as they stand on the wire.</summary>
public static class AdminRoleNames
{
    private const string Operator = "operator";
    private const string Viewer = "viewer";

    /// <summary>The role's name.</summary>
    public static string ToWire(this AdminRole role) => role == AdminRole.Viewer ? Viewer : Operator;

    /// <summary>The role of a name; null when it is none.</summary>
    public static AdminRole? Parse(string name) => name switch
    {
        Operator => AdminRole.Operator,
        Viewer => AdminRole.Viewer,
        _ => null,
    };
}
