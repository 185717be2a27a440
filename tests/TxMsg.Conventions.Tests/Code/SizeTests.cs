using System.Text.RegularExpressions;

namespace TxMsg.Conventions.Tests.Code;

/// <summary>Files and methods stay small enough to be read in one go.</summary>
public sealed partial class SizeTests
{
    private const int MaxFileLines = 300;
    private const int MaxMethodLines = 70;

    // The aim of most: 19 of 20.
    private const int FileAim = 170;
    private const int MethodAim = 35;

    [Test]
    public void Files_AreShort()
    {
        foreach (var file in Files()) file.Lines.Length.Should().BeLessThanOrEqualTo(MaxFileLines, file.Path);
        Percentile(SourceTree.CSharp("src").Select(file => file.Lines.Length)).Should().BeLessThanOrEqualTo(FileAim);
    }

    [Test]
    public void Methods_AreShort()
    {
        var methods = Files().SelectMany(MethodsOf).ToArray();
        foreach (var (place, lines) in methods) lines.Should().BeLessThanOrEqualTo(MaxMethodLines, place);
        Percentile(SourceTree.CSharp("src").SelectMany(MethodsOf).Select(method => method.Lines)).Should().BeLessThanOrEqualTo(MethodAim);
    }

    private static IEnumerable<SourceFile> Files() => SourceTree.CSharp("src").Concat(SourceTree.CSharp("tests"));

    private static int Percentile(IEnumerable<int> sizes)
    {
        var sorted = sizes.Order().ToArray();
        return sorted[(int)(sorted.Length * 0.95)];
    }

    // By layout: a body opens on a line of its own, and closes at the same depth.
    private static IEnumerable<(string Place, int Lines)> MethodsOf(SourceFile file)
    {
        var lines = file.Lines;
        for (var i = 1; i < lines.Length; i++)
        {
            var depth = lines[i].IndexOf('{', StringComparison.Ordinal);
            if (depth < 4 || lines[i].Trim() != "{" || !EndOfASignature().IsMatch(lines[i - 1])) continue;
            var end = Array.FindIndex(lines, i + 1, line => line.StartsWith(new string(' ', depth) + "}", StringComparison.Ordinal));
            yield return ($"{file.Path}:{i}", end - i + 2);
        }
    }

    [GeneratedRegex(@"^    (    )?(?!.*\b(class|record|struct)\b)\S.*\)(\s+where .*)?$")]
    private static partial Regex EndOfASignature();
}
