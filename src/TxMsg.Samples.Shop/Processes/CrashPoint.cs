using System.Diagnostics;

namespace TxMsg.Samples.Shop.Processes;

/// <summary>A place in the code where the process ends as if the power had failed, the next time it comes there.</summary>
internal sealed class CrashPoint
{
    public const string BeforeCommit = "beforeCommit";
    public const string AfterCommit = "afterCommit";

    private volatile string? armed;

    public void Arm(string point) => armed = point;

    /// <summary>Ends the process if this is the armed point: SIGKILL, nothing is cleaned up.</summary>
    public void Reach(string point)
    {
        if (armed != point) return;
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}
