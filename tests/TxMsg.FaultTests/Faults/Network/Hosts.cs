using System.Diagnostics;

namespace TxMsg.FaultTests.Faults.Network;

/// <summary>Names that only one coordinator knows: a hosts file in a mount namespace of its own, which may be changed while it runs.</summary>
internal sealed class Hosts : IDisposable
{
    private const string Usual = "127.0.0.1 localhost\n::1 localhost\n";
    private readonly TestFolder folder = new();
    private readonly Lock writing = new();

    public Hosts() => Write("");

    /// <summary>Why a process cannot be given names of its own here; null where it can.</summary>
    public static string? Lacks { get; } = CanUnshare() ? null : "unshare -m is not allowed here";

    /// <summary>By which a server is started that has these names, and these variables in its environment.</summary>
    public IReadOnlyList<string> Launcher(params string[] variables) =>
        ["unshare", "-m", "sh", "-c", "mount --bind \"$0\" /etc/hosts && exec \"$@\"", File, "env", .. variables];

    private string File => folder.File("hosts");

    /// <summary>In place: a bind mount follows the file, not its name. One write, so that no look-up sees half of it.</summary>
    public void Write(string lines)
    {
        lock (writing)
        {
            using var file = new FileStream(File, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            var bytes = System.Text.Encoding.ASCII.GetBytes((Usual + lines).PadRight(2_000, '\n'));
            file.Write(bytes);
        }
    }

    public void Dispose() => folder.Dispose();

    private static bool CanUnshare()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("unshare", ["-m", "true"]) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
