using System.Globalization;
using System.Text;

namespace TxMsg.FaultTests.Faults.Disk;

/// <summary>What a loss of power may take, and what it may not: else the fault would show nothing, or accuse the innocent.</summary>
public sealed class DiskRecordingTests
{
    private const int Seeds = 200;
    private readonly TestFolder folder = new();

    [OneTimeTearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public async Task Rebuild_KeepsWhatWasFlushed_AndLosesSomeOfTheRest()
    {
        var recording = await RecordAsync(
            Write(1.0m, 'a', 0), Flush(2.0m), Write(3.0m, 'b', 2000), "4.000000 +++ killed by SIGKILL +++");
        var lost = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            recording.Rebuild(folder.Path, 3.9m, new Random(seed));
            var bytes = await File.ReadAllBytesAsync(folder.File("txmsg.db"));
            bytes.AsSpan(0, 2000).ToArray().Should().OnlyContain(one => one == 'a');
            if (bytes.Length < 4000 || bytes.AsSpan(2000, 2000).IndexOf((byte)0) >= 0) lost++;
        }

        lost.Should().BeInRange(Seeds / 4, Seeds - 1, "some losses take something, some nothing");
    }

    [Test]
    public async Task Rebuild_DuringAFlush_MayLoseWhatItWasToKeep()
    {
        var recording = await RecordAsync(Write(1.0m, 'a', 0), Flush(2.0m), "4.000000 +++ killed by SIGKILL +++");
        Enumerable.Range(0, Seeds).Count(seed => recording.Rebuild(folder.Path, 2.05m, new Random(seed)) > 0).Should().BeGreaterThan(0);
        Enumerable.Range(0, Seeds).Should().AllSatisfy(seed => recording.Rebuild(folder.Path, 2.2m, new Random(seed)).Should().Be(0));
    }

    [Test]
    public async Task Read_OfCallsThatFailedOrNeverEnded_LeavesThemOut()
    {
        var failed = Flush(2.0m).Replace("= 0", "= -1 EIO (Input/output error) (INJECTED)", StringComparison.Ordinal);
        var recording = await RecordAsync(Write(1.0m, 'a', 0), failed, "3.000000 fsync(9<\\x2f\\x64\\x62> <unfinished ...>", "4.000000 +++ killed by SIGKILL +++");

        recording.Count.Should().Be(1);
        Enumerable.Range(0, Seeds).Count(seed => recording.Rebuild(folder.Path, 3.9m, new Random(seed)) > 0).Should().BeGreaterThan(0, "a flush that failed keeps nothing");
    }

    private Task<DiskRecording> RecordAsync(params string[] lines)
    {
        File.WriteAllLines(folder.File(Strace.RecordingPrefix + "1"), lines);
        return DiskRecording.ReadAsync(folder.Path, CancellationToken.None);
    }

    private static string Write(decimal at, char what, int place) =>
        string.Create(CultureInfo.InvariantCulture, $"{at:0.000000} pwrite64(9<{Hex("/data/txmsg.db")}>, \"{Hex(new string(what, 2000))}\", 2000, {place}) = 2000 <0.000100>");

    private static string Flush(decimal at) => string.Create(CultureInfo.InvariantCulture, $"{at:0.000000} fsync(9<{Hex("/data/txmsg.db")}>) = 0 <0.100000>");

    private static string Hex(string text) => string.Concat(Encoding.ASCII.GetBytes(text).Select(one => $"\\x{one:x2}"));
}
