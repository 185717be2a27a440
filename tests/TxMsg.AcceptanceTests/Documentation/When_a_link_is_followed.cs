using System.Text.RegularExpressions;

namespace TxMsg.AcceptanceTests.Documentation;

public sealed partial class When_a_link_is_followed
{
    public static IEnumerable<string> Pages => Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
        .Prepend(Repository.Readme).Select(path => Path.GetRelativePath(Repository.Root, path));

    [TestCaseSource(nameof(Pages))]
    public async Task ThereIsSomething(string page)
    {
        var path = Path.Combine(Repository.Root, page);
        var text = await File.ReadAllTextAsync(path);

        Link().Matches(text).Select(match => match.Groups["target"].Value).Where(target => !Exists(path, text, target)).Should().BeEmpty();
    }

    private static bool Exists(string path, string text, string target)
    {
        if (target.StartsWith("http", StringComparison.Ordinal)) return true;
        if (target[0] == '#') return Heading().Matches(text).Any(match => AnchorOf(match.Groups["text"].Value) == target[1..]);
        return Path.Exists(Path.Combine(Path.GetDirectoryName(path)!, target));
    }

    // as GitHub makes them
    private static string AnchorOf(string heading) =>
        new([.. heading.ToLowerInvariant().Select(character => character == ' ' ? '-' : character).Where(character => char.IsLetterOrDigit(character) || character is '-' or '_')]);

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
