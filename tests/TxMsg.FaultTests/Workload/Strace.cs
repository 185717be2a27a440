namespace TxMsg.FaultTests.Workload;

/// <summary>Fails, delays, ends or records the coordinator's calls: from its start, by a launcher (it keeps its process id), or for a
/// while, by attaching to it. Counting is strace's: each thread counts its calls of each name by itself, so a count is met first by
/// whoever writes most, the committer.</summary>
internal sealed class Strace : IAsyncDisposable
{
    private readonly Tool tool;
    private readonly string output;

    private Strace(Tool tool, string output) => (this.tool, this.output) = (tool, output);

    /// <summary>The calls by which a store reaches the disk.</summary>
    public const string DiskCalls = "pwrite64,fdatasync,fsync,ftruncate";

    /// <summary>Which of the two flushes is SQLite's depends on how it was compiled.</summary>
    public const string Flushes = "fsync,fdatasync";

    /// <summary>Where the recording goes: a file a thread, in the coordinator's folder.</summary>
    public const string RecordingPrefix = "calls.";

    /// <summary>Why nothing can be traced here, although strace is there: a container may forbid it. Null where it can.</summary>
    public static string? Lacks { get; } = MayTrace() ? null : "strace may not trace a process on this machine";

    private static bool MayTrace()
    {
        using var trial = System.Diagnostics.Process.Start("strace", ["-f", "-o", "/dev/null", "true"]);
        trial.WaitForExit();
        return trial.ExitCode == 0;
    }

    /// <summary>Does to calls on the store's files what the expressions say, such as <c>fdatasync:error=EIO:when=20..40</c>.</summary>
    public static IReadOnlyList<string> Injecting(params string[] expressions) => Launcher($"--seccomp-bpf {Injections(expressions)}");

    /// <summary>SIGKILL in the middle of such a call. Slower: with seccomp-bpf strace loses the signals that it injects.</summary>
    public static IReadOnlyList<string> KillingAt(string call, int number) => Launcher(Injections([$"{call}:signal=SIGKILL:when={number}"]));

    /// <summary>Records every write and flush of the store's files, byte for byte and with its time.</summary>
    public static IReadOnlyList<string> Recording() => Launcher($"--seccomp-bpf -ff -o {RecordingPrefix[..^1]} -y -ttt -T -xx -s 70000 -e trace={DiskCalls} {StoreFiles}");

    /// <summary>From now on, until it is ended, does to calls what the expression says, such as <c>fdatasync:error=EIO</c>; with files
    /// named, to those on them only.</summary>
    public static async Task<Strace> AttachAsync(World world, string calls, string what, params IEnumerable<string> files)
    {
        var coordinator = world.Coordinator;
        var output = Path.Combine(coordinator.Folder, $"injected.{Guid.NewGuid():N}.txt");
        string[] arguments =
        [
            "-f", "-q", "-o", output, "-e", $"trace={calls}", "-e", $"inject={calls}:{what}",
            .. files.SelectMany(file => (string[])["-P", file]), "-p", $"{coordinator.ProcessId}",
        ];
        var strace = new Strace(Tool.Start("strace", arguments), output);
        await world.UntilAsync("strace to be attached", () => Task.FromResult(IsTraced(coordinator.ProcessId)), TimeSpan.FromSeconds(20));
        return strace;
    }

    /// <summary>Lets go of the coordinator, and returns how many of its calls were tampered with.</summary>
    public async Task<int> EndAsync()
    {
        await tool.TerminateAsync();
        return File.ReadLines(output).Count(line => line.Contains("INJECTED", StringComparison.Ordinal));
    }

    public ValueTask DisposeAsync() => tool.DisposeAsync();

    private static bool IsTraced(int process) =>
        !File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("TracerPid", StringComparison.Ordinal)).EndsWith("\t0", StringComparison.Ordinal);

    private const string StoreFiles = """-P "$here/data/txmsg.db" -P "$here/data/txmsg.db-wal" """;

    private static string Injections(IEnumerable<string> expressions) =>
        $"-o injected.txt -e trace={DiskCalls} {string.Join(' ', expressions.Select(expression => $"-e inject={expression}"))} {StoreFiles}";

    // The shell knows the folder, which strace wants in full. With seccomp-bpf only the calls that are asked for stop the coordinator.
    private static string[] Launcher(string options) => ["sh", "-c", $"here=$(pwd -P); exec strace -D -f -q {options} \"$@\"", "sh"];
}
