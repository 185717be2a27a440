using System.Text.RegularExpressions;
using System.Xml.Linq;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Audit;
using TxMsg.Server.Language;

namespace TxMsg.Server.Tests.Dashboard;

/// <summary>Every text that a page asks for is there in every language, and no text is there for nobody.</summary>
public sealed partial class TextsTests
{
    // Who shows texts: the dashboard, and the pages to sign in and out.
    private static readonly string[] Folders = ["src/TxMsg.Server/Dashboard", "src/TxMsg.Server/Access/SignIn"];

    // Names that are put together from a kind and a value, as for states and actions.
    private static readonly string[] Kinds = ["State", "Audit", "Answer", "Outcome", "By", "Event", "Payload", "Alert", "UndecidedAction", "Circuit", "Chart", "Series", "Kind"];

    [Test]
    public void Languages_HaveTheSameTexts() => Names("zh").Should().BeEquivalentTo(Names(""));

    [Test]
    public void Texts_HaveTheSamePlacesInEveryLanguage()
    {
        foreach (var (name, text) in All("").Join(All("zh"), english => english.Key, chinese => chinese.Key, (english, chinese) => (english.Key, (english.Value, chinese.Value))))
            Places(text.Item2).Should().BeEquivalentTo(Places(text.Item1), name);
    }

    [Test]
    public void Texts_OfEveryPage_AreThere() => Used().Except(Names("")).Should().BeEmpty();

    [Test]
    public void Texts_AreUsed() =>
        Names("").Except(Used()).Where(name => !Kinds.Contains(name.Split('_')[0])).Should().BeEmpty("a text that no page shows is left over");

    [TestCaseSource(typeof(AuditActions), nameof(AuditActions.All))]
    public void Actions_OfTheAudit_HaveTexts(string action) => Names("").Should().Contain("Audit_" + action);

    [Test]
    public void Chinese_IsNotEnglish() =>
        All("zh").Where(text => All("")[text.Key] == text.Value && text.Value.Any(char.IsLetter) && text.Value is not ("ID" or "URL")).Should().BeEmpty("it would be left untranslated");

    [TestCase("zh-CN", "zh")]
    [TestCase("zh-Hans-SG", "zh")]
    [TestCase("de-DE", "en")]
    [TestCase("en-GB", "en")]
    public void CultureOf_TakesTheLanguageThatThereIs(string wanted, string expected) => Texts.CultureOf([wanted]).Name.Should().Be(expected);

    [Test]
    public void CultureOf_SeveralLanguages_TakesTheFirstThatThereIs() => Texts.CultureOf(["fr", "zh-TW", "en"]).Name.Should().Be("zh");

    // The files, not what was built of them: where the SDK has no ICU, satellites are not copied beside tests.
    private static Dictionary<string, string> All(string culture) =>
        XDocument.Load(Path.Combine(Root(), "src/TxMsg.Server/Language", culture.Length == 0 ? "Texts.resx" : $"Texts.{culture}.resx")).Root!
            .Elements("data").ToDictionary(text => text.Attribute("name")!.Value, text => text.Element("value")!.Value);

    private static IEnumerable<string> Names(string culture) => All(culture).Keys;

    private static IEnumerable<string> Places(string text) => Place().Matches(text).Select(match => match.Value).Distinct();

    private static HashSet<string> Used() => Folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root(), folder), "*.cs", SearchOption.AllDirectories))
        .SelectMany(file => Name().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)).ToHashSet();

    private static string Root()
    {
        var folder = TestContext.CurrentContext.TestDirectory;
        while (!File.Exists(Path.Combine(folder, "TxMsg.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    [GeneratedRegex(@"""([A-Z][A-Za-z]+_[A-Z][A-Za-z]*)""")]
    private static partial Regex Name();

    [GeneratedRegex(@"\{(\d+|count)\}")]
    private static partial Regex Place();
}
