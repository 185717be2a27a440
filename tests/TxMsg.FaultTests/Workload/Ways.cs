namespace TxMsg.FaultTests.Workload;

/// <summary>The ways between the coordinator and its peers, for a fault that stands in one of them: from the address of who is called to the one that the caller is told.</summary>
internal sealed record Ways
{
    public static Ways Direct { get; } = new();

    /// <summary>From producers to the coordinator.</summary>
    public Func<Uri, Uri> ToCoordinator { get; init; } = address => address;

    /// <summary>From the coordinator to consumers.</summary>
    public Func<Uri, Uri> ToConsumers { get; init; } = address => address;

    /// <summary>From the coordinator to producers, for check-backs.</summary>
    public Func<Uri, Uri> ToCheckBacks { get; init; } = address => address;

    /// <summary>How long a producer waits for the coordinator.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
