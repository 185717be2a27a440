namespace TxMsg.FaultTests.Recording;

/// <summary>What a coordinator at rest may hold after whatever it went through.</summary>
internal static class ResourceLimits
{
    /// <summary>Of resident memory, most of which the runtime keeps for the next load.</summary>
    public const long Megabytes = 400;

    public const int Handles = 600;

    public const int Threads = 120;
}
