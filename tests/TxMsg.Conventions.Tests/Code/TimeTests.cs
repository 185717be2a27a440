using System.Text.RegularExpressions;

namespace TxMsg.Conventions.Tests.Code;

/// <summary>Time comes from a TimeProvider, so that tests need not wait for it.</summary>
public sealed partial class TimeTests
{
    // The committer's thread is its own and blocks by design; what it waits for is another transaction, not time.
    private static readonly string[] MaySleep = ["src/TxMsg.Server/Storage/GroupCommit/GroupCommitter.cs"];

    [Test]
    public void Code_AsksATimeProviderForTheTime()
    {
        foreach (var file in SourceTree.CSharp("src"))
            file.Lines.Where(line => SystemClock().IsMatch(line)).Should().BeEmpty(file.Path);
    }

    [Test]
    public void Code_WaitsByATimeProvider()
    {
        foreach (var file in SourceTree.CSharp("src").Where(file => !MaySleep.Contains(file.Path)))
            file.Lines.Where(line => line.Contains("Thread.Sleep(", StringComparison.Ordinal) || DelayWithoutAProvider(line)).Should().BeEmpty(file.Path);
    }

    private static bool DelayWithoutAProvider(string line) =>
        line.Contains("Task.Delay(", StringComparison.Ordinal) && !line.Contains("time", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?(Now|Today)\b")]
    private static partial Regex SystemClock();
}
