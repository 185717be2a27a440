using System.Text.RegularExpressions;

namespace TxMsg.AcceptanceTests.Documentation;

/// <summary>The README's table of keys and what <c>--help</c> prints, which is made from the options themselves.</summary>
public sealed partial class When_the_configuration_is_looked_up
{
    [Test]
    public async Task TheReadme_HasEveryKeyWithItsDefault()
    {
        using var folder = new TestFolder();
        using var server = await ServerProcess.RunToEndAsync(folder.Path, Settings.None, "--help");

        var printed = server.Output.Select(line => Printed().Match(line)).Where(match => match.Success).Select(Row)
            .Where(row => !row.Key.StartsWith("TxMsg:Producers:", StringComparison.Ordinal) && !row.Key.StartsWith("TxMsg:Subscriptions:", StringComparison.Ordinal));
        var documented = Documented().Matches(await File.ReadAllTextAsync(Repository.Readme)).Select(Row);

        documented.Should().BeEquivalentTo(printed);
    }

    private static (string Key, string Default) Row(Match match) => (match.Groups["key"].Value, match.Groups["default"].Value.Trim('`'));

    // a key, its default, and in brackets what it may be
    [GeneratedRegex(@"^(?<key>(Urls|[A-Z]\w+(:\w+)+))\s+(?<default>.+?)(  \(.*)?$")]
    private static partial Regex Printed();

    [GeneratedRegex(@"^\| `(?<key>(Urls|[A-Z]\w+(:\w+)+))` \| (?<default>[^|]+?) \|", RegexOptions.Multiline)]
    private static partial Regex Documented();
}
