using System.Text.RegularExpressions;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace TxMsg.Conventions.Tests.Documentation;

/// <summary>A heading, a paragraph, the paragraph in a cell of a table, or a block of code.</summary>
internal sealed partial class Part(Readme readme, string place, LeafBlock block)
{
    /// <summary>Where it stands in its section, the same in every language.</summary>
    public string Place => place;

    public bool IsParagraph => block is ParagraphBlock && !place.Contains(" cell ", StringComparison.Ordinal);

    /// <summary>A block of code with what stands behind its fence.</summary>
    public string? CodeBlock => block is CodeBlock ? $"{(block as FencedCodeBlock)?.Info} {(block as FencedCodeBlock)?.Arguments}\n{block.Lines}" : null;

    /// <summary>What is read in the language of the README: neither code nor the targets of links.</summary>
    public string Prose => string.Concat(Inlines.Select(inline => inline switch
    {
        LiteralInline literal => literal.Content.ToString(),
        HtmlEntityInline entity => entity.Transcoded.ToString(),
        CodeInline or LineBreakInline => " ",
        _ => "",
    }));

    public IEnumerable<string> InlineCode => Inlines.OfType<CodeInline>().Select(code => code.Content);

    /// <summary>What is linked to or shown, with headings by their number, because their names are translated.</summary>
    public IEnumerable<string> Links => Inlines.Select(inline => inline switch
    {
        LinkInline { IsImage: true } image => "image " + image.Url,
        LinkInline link => TargetOf(link.Url!),
        AutolinkInline link => link.Url,
        _ => null,
    }).OfType<string>().Concat(HtmlTarget().Matches(Html).Select(match => match.Value));

    /// <summary>The numbers that are written in digits, whether thousands are set apart or not.</summary>
    public IEnumerable<string> Numbers => Number().Matches(Prose).Select(match => match.Value.Replace(",", "", StringComparison.Ordinal));

    private IEnumerable<Inline> Inlines => block.Inline?.Descendants<Inline>() ?? [];

    private string Html => block is HtmlBlock ? block.Lines.ToString() : string.Concat(Inlines.OfType<HtmlInline>().Select(inline => inline.Tag));

    private string TargetOf(string url)
    {
        if (url is "README.md" or "README.zh-CN.md" && url != readme.FileName) return "the other README";
        return url.StartsWith('#') && readme.Anchors.Index().FirstOrDefault(anchor => anchor.Item == url[1..]) is (var number, { }) ? $"heading {number + 1}" : url;
    }

    [GeneratedRegex(@"\d+([.,]\d+)*")]
    private static partial Regex Number();

    [GeneratedRegex(@"\b(src|srcset|href)=""[^""]*""")]
    private static partial Regex HtmlTarget();
}
