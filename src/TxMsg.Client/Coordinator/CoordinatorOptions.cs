namespace TxMsg.Client.Coordinator;

/// <summary>Where the coordinator is, and how long to try.</summary>
public sealed class CoordinatorOptions
{
    // Of whatever is waited for: far above what makes sense, far below what a timer takes.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>The addresses of its nodes: absolute http or https URLs, at least one. Calls stay with the node that answered last; one that fails is tried last for a while.</summary>
    public IList<Uri> Addresses { get; init; } = [];

    /// <summary>The key sent as <c>Authorization: Bearer</c>; none where the coordinator takes requests from its own machine only.</summary>
    public string? ApiKey { get; set; }

    /// <summary>How long one try of a call may take, the answer's body included. More than 0, at most 1 hour. Default 2 seconds.</summary>
    public TimeSpan TryTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a call may take with all its tries and the waits between them: no less than <see cref="TryTimeout"/>, at most 1 day. Default 30 seconds.</summary>
    public TimeSpan OverallTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest wait before the second round over the nodes; doubled before each further one. The wait is drawn evenly between 0 and this. 0 or more. Default 100 ms.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>What the doubling ends at: no less than <see cref="RetryDelay"/>, at most 1 day. A <c>Retry-After</c> of the coordinator may be longer. Default 2 seconds.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a node that failed is tried after all others. 0 to 1 day. Default 10 seconds.</summary>
    public TimeSpan FailedNodePause { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the coordinator is asked for its nodes (<c>GET /v1/nodes</c>), beside calls and without holding them up. Those that are
    /// alive are then called first, each client beginning with one by chance; <see cref="Addresses"/> are for the first call, and for when
    /// no announced node answers. Each node must announce an address that can be reached from here (the server's <c>TxMsg:Nodes:Address</c>).
    /// An address without TLS is not taken where all of <see cref="Addresses"/> have it, nor one of this machine where none of them is. Default false.</summary>
    public bool DiscoverNodes { get; set; }

    /// <summary>How often the nodes are asked for, at most; after a node failed, within a second. 1 second to 1 day. Default 30 seconds.</summary>
    public TimeSpan NodeRefreshInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What is wrong, one sentence a value, each beginning with the value's name.</summary>
    internal IEnumerable<string> Problems(string addresses = nameof(Addresses))
    {
        if (Addresses is not { Count: > 0 }) yield return $"{addresses}: at least one address of the coordinator is required.";
        foreach (var address in Addresses ?? [])
            if (!IsHttp(address)) yield return $"{addresses}: '{address}' is not an absolute http or https URL without query and fragment.";
        if (ApiKey is not null && (ApiKey.Length == 0 || ApiKey.AsSpan().ContainsAnyExceptInRange('!', '~')))
            yield return $"{nameof(ApiKey)}: a key is visible ASCII without spaces.";
        if (TryTimeout <= TimeSpan.Zero || TryTimeout > TimeSpan.FromHours(1)) yield return $"{nameof(TryTimeout)}: {TryTimeout} is not more than 0 and at most 1 hour.";
        if (OverallTimeout < TryTimeout) yield return $"{nameof(OverallTimeout)}: {OverallTimeout} is less than {nameof(TryTimeout)}.";
        else if (OverallTimeout > Longest) yield return $"{nameof(OverallTimeout)}: {OverallTimeout} is more than 1 day.";
        if (RetryDelay < TimeSpan.Zero) yield return $"{nameof(RetryDelay)}: {RetryDelay} is less than 0.";
        if (MaxRetryDelay < RetryDelay) yield return $"{nameof(MaxRetryDelay)}: {MaxRetryDelay} is less than {nameof(RetryDelay)}.";
        else if (MaxRetryDelay > Longest) yield return $"{nameof(MaxRetryDelay)}: {MaxRetryDelay} is more than 1 day.";
        if (FailedNodePause < TimeSpan.Zero || FailedNodePause > Longest) yield return $"{nameof(FailedNodePause)}: {FailedNodePause} is not 0 to 1 day.";
        if (NodeRefreshInterval < TimeSpan.FromSeconds(1) || NodeRefreshInterval > Longest)
            yield return $"{nameof(NodeRefreshInterval)}: {NodeRefreshInterval} is not 1 second to 1 day.";
    }

    internal static bool IsHttp(Uri? address) =>
        address is { IsAbsoluteUri: true, Scheme: "http" or "https", Query: "", Fragment: "" };
}
