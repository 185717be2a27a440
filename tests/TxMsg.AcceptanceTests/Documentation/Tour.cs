using System.Text.RegularExpressions;

namespace TxMsg.AcceptanceTests.Documentation;

/// <summary>The README's tour: what it tells a stranger to type, and what it says will come out.</summary>
public sealed partial class Tour
{
    private const string Heading = "## First minutes";

    private Tour(IReadOnlyList<(string Info, string Text)> blocks)
    {
        Starts = [.. blocks.Where(block => IsStart(block.Text)).Select(block => block.Text)];
        Steps = [.. blocks.Index().Where(block => block.Item.Info == "bash" && !IsStart(block.Item.Text))
            .Select(block => new TourStep(block.Item.Text, blocks[block.Index + 1].Text))];
        Received = [.. blocks.Where(block => block.Info == "text receiver").Select(block => block.Text)];
        Banner = blocks.Single(block => block.Info == "text server").Text;
    }

    /// <summary>The commands that start the coordinator and the receiver, each in a terminal of its own.</summary>
    public IReadOnlyList<string> Starts { get; }

    /// <summary>The blocks that go into one terminal.</summary>
    public IReadOnlyList<TourStep> Steps { get; }

    /// <summary>What the receiver prints.</summary>
    public IReadOnlyList<string> Received { get; }

    /// <summary>What the coordinator prints when it has started.</summary>
    public string Banner { get; }

    public static Tour Read(string path)
    {
        var readme = File.ReadAllText(path).ReplaceLineEndings("\n");
        var start = readme.IndexOf(Heading, StringComparison.Ordinal);
        var end = readme.IndexOf("\n## ", start + Heading.Length, StringComparison.Ordinal);
        return new Tour([.. Block().Matches(readme[start..end]).Select(match => (match.Groups["info"].Value, match.Groups["text"].Value.Trim('\n')))]);
    }

    /// <summary>Asserts that a text says what the README shows of it: white space counts for nothing, and <c>...</c> for anything.</summary>
    public static void ShouldShow(string actual, string shown)
    {
        var pattern = string.Join(".*?", WithoutSpace(shown).Split("...").Select(Regex.Escape));
        if (!Regex.IsMatch(WithoutSpace(actual), pattern, RegexOptions.Singleline, TimeSpan.FromSeconds(10)))
            throw new AssertionException($"The README shows\n{shown}\nbut there was\n{actual}");
    }

    private static bool IsStart(string text) => text.StartsWith("dotnet run ", StringComparison.Ordinal);

    private static string WithoutSpace(string text) => Space().Replace(text, "");

    [GeneratedRegex(@"^```(?<info>[^\n]+)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
