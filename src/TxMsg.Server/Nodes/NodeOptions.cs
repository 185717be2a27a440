namespace TxMsg.Server.Nodes;

/// <summary>How this process is known among the others: section <c>TxMsg:Nodes</c>.</summary>
public sealed class NodeOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "TxMsg:Nodes";

    /// <summary>Longest name, in characters.</summary>
    public const int MaxNameLength = 128;

    /// <summary>Longest address, in characters.</summary>
    public const int MaxAddressLength = 150;

    /// <summary>What people read as this node's name: at most 128 characters. Default: the name of the machine.</summary>
    public string? Name { get; set; }

    /// <summary>Where clients can call this node, which it announces to those that ask for the nodes: an absolute http or https URL of at most
    /// 150 characters, without user info, query and fragment. Default: not set; it announces the addresses where it listens.</summary>
    public string? Address { get; set; }

    /// <summary>How often the node says that it is alive, and writes what it has counted: one second to one minute. Default 5 seconds.
    /// A node that is not heard of for four of these, and at least 15 seconds, is silent. A crash loses what was counted since the last one.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What is wrong with an address to announce, or null.</summary>
    internal static string? ProblemOfAddress(string? address) => address switch
    {
        null or "" => null,
        { Length: > MaxAddressLength } => "is longer",
        _ when Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", UserInfo: "", Query: "", Fragment: "" } => null,
        _ => "is something else",
    };
}
