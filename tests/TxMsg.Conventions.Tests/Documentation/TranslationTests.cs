using System.Text.RegularExpressions;

namespace TxMsg.Conventions.Tests.Documentation;

/// <summary>README.zh-CN.md says what README.md says.</summary>
public sealed partial class TranslationTests
{
    private const string Approve = "TXMSG_APPROVE_TRANSLATION";

    private const string Advice = "Translate what has changed ('git log -p README.md' shows it) in README.zh-CN.md, "
        + $"run these tests once with {Approve}=1, and commit the hashes that it renews with the translation.";

    private static readonly Readme English = Readme.Read("README.md");
    private static readonly Readme Chinese = Readme.Read("README.zh-CN.md");

    [Test]
    public void Readmes_LinkToEachOtherAtTheTop()
    {
        foreach (var readme in new[] { English, Chinese })
            readme.Sections[0].Parts[1].Links.Should().Equal(["the other README"], readme.FileName);
    }

    [Test]
    public void Headings_AreOfTheSameLevels() =>
        Chinese.Sections.Select(section => section.Heading.Level).Should().Equal(English.Sections.Select(section => section.Heading.Level));

    [Test]
    public void Sections_HaveTheSameParagraphsListsTablesAndCode() =>
        None(Pairs().SelectMany(pair => Differences(pair.English, pair.English.Parts.Select(part => part.Place), pair.Chinese.Parts.Select(part => part.Place))));

    [Test]
    public void CodeBlocks_AreTheSame() => SameInEveryPart(part => part.CodeBlock is { } code ? [code] : []);

    [Test]
    public void InlineCode_IsTheSame() => SameInEveryPart(part => part.InlineCode);

    [Test]
    public void LinksAndImages_AreTheSame() => SameInEveryPart(part => part.Links);

    [Test]
    public void Numbers_AreTheSame() => SameInEveryPart(part => part.Numbers);

    [Test]
    public void Translation_IsInChinese() => NoneOfTheTranslation(IsEnglish);

    // A closing ** between a full stop and a character is shown as it stands, unless a space follows it.
    [Test]
    public void Translation_HasNoEmphasisThatIsNotShown() => NoneOfTheTranslation(part => part.Prose.Contains("**", StringComparison.Ordinal));

    [Test]
    public void Sections_AreTranslatedFromWhatTheEnglishSaysNow()
    {
        if (Environment.GetEnvironmentVariable(Approve) == "1") Renew();

        var translated = Readme.Read(Chinese.FileName).Sections.Select(section => section.TranslatedFrom).ToArray();
        None(English.Sections.Where(section => !translated.Contains(section.Hash)).Select(section => $"{section}: the English text is new, or has changed since it was translated."), Advice);
        translated.Should().Equal(English.Sections.Select(section => section.Hash), "the sections of a translation stand in the same order, and none is left over");
    }

    // From the end on, so that what is still to be written stays at its place.
    private void Renew()
    {
        Headings_AreOfTheSameLevels();
        File.WriteAllText(Readme.PathOf(Chinese.FileName), Pairs().Reverse().Aggregate(Chinese.Text, (text, pair) => pair.Chinese.TranslateFrom(pair.English.Hash, text)));
    }

    // Where a section is missing, those that are left are found by their hashes, so that it is the only one that is reported.
    private static IEnumerable<(Section English, Section Chinese)> Pairs() => English.Sections.Count == Chinese.Sections.Count
        ? English.Sections.Zip(Chinese.Sections)
        : English.Sections.Join(Chinese.Sections, section => section.Hash, section => section.TranslatedFrom, (english, chinese) => (english, chinese));

    private static void SameInEveryPart(Func<Part, IEnumerable<string>> what) =>
        None(Pairs().SelectMany(pair => pair.English.Parts.Join(pair.Chinese.Parts, part => part.Place, part => part.Place,
            (english, chinese) => Differences($"{pair.English}: {english.Place}", what(english), what(chinese))).SelectMany(difference => difference)));

    // Headings and cells may be nothing but a name, which begins with a capital letter and stays; paragraphs may not.
    private static bool IsEnglish(Part part) => EnglishWords().IsMatch(part.Prose)
        || (!Han().IsMatch(part.Prose) && (part.IsParagraph ? part.Prose.Any(char.IsLetter) : EnglishWord().IsMatch(part.Prose)));

    private static void NoneOfTheTranslation(Func<Part, bool> isWrong) =>
        None(Pairs().SelectMany(pair => pair.Chinese.Parts.Where(isWrong).Select(part => $"{pair.English}: {part.Place}: {part.Prose}")));

    // In whatever order, because sentences are built differently.
    private static IEnumerable<string> Differences(object place, IEnumerable<string> english, IEnumerable<string> chinese)
    {
        var (missing, added) = (english.ToList(), new List<string>());
        foreach (var one in chinese)
            if (!missing.Remove(one)) added.Add(one);
        if (missing.Count > 0) yield return $"{place}: {Chinese.FileName} lacks {string.Join(" | ", missing)}";
        if (added.Count > 0) yield return $"{place}: {Chinese.FileName} alone has {string.Join(" | ", added)}";
    }

    private static void None(IEnumerable<string> wrong, string advice = "")
    {
        var all = wrong.ToArray();
        Assert.That(all, Is.Empty, string.Join('\n', all.Append(advice)));
    }

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex Han();

    [GeneratedRegex(@"\b[a-z]{2,}")]
    private static partial Regex EnglishWord();

    [GeneratedRegex(@"\b[a-z][a-z']*,? [a-z][a-z']*,? [a-z][a-z']*\b")]
    private static partial Regex EnglishWords();
}
