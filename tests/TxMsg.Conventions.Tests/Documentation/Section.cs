using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Markdig.Extensions.Tables;
using Markdig.Syntax;

namespace TxMsg.Conventions.Tests.Documentation;

/// <summary>A heading and what stands below it, up to the next heading.</summary>
internal sealed partial class Section
{
    private readonly Readme readme;
    private readonly Block[] blocks;
    private readonly HtmlBlock? comment;

    public Section(Readme readme, Block[] all)
    {
        this.readme = readme;
        Heading = (HeadingBlock)all[0];
        blocks = [.. all.Where(block => block is not HtmlBlock { Type: HtmlBlockType.Comment })];
        comment = all.OfType<HtmlBlock>().FirstOrDefault(block => Source().IsMatch(MarkdownOf(block)));
        Parts = [.. PartsOf(blocks, "")];
    }

    public HeadingBlock Heading { get; }

    /// <summary>What a translation has in the same places: headings, paragraphs, cells, blocks of code.</summary>
    public IReadOnlyList<Part> Parts { get; }

    /// <summary>Identifies the text, however its lines are broken. Code is not in it: code is compared as it stands.</summary>
    public string Hash
    {
        get
        {
            var prose = string.Join(' ', blocks.Where(block => block is not CodeBlock).Select(MarkdownOf));
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(WhiteSpace().Replace(prose, " "))))[..8];
        }
    }

    /// <summary>The hash of the text that this section was translated from, as its hidden comment says.</summary>
    public string? TranslatedFrom => comment is null ? null : Source().Match(MarkdownOf(comment)).Groups["hash"].Value;

    /// <summary>Writes down, in the text of the README, what this section was translated from.</summary>
    public string TranslateFrom(string hash, string text)
    {
        var line = $"<!-- source: {hash} -->";
        return comment is null
            ? text.Insert(Heading.Span.End + 1, "\n" + line)
            : text.Remove(comment.Span.Start, comment.Span.Length).Insert(comment.Span.Start, line);
    }

    public override string ToString() => MarkdownOf(Heading);

    private IEnumerable<Part> PartsOf(IEnumerable<Block> siblings, string above) => siblings.Index().SelectMany(block =>
    {
        var place = $"{above}{NameOf(block.Item)} {block.Index + 1}";
        return block.Item is ContainerBlock container ? PartsOf(container, place + ", ") : [new Part(readme, place, (LeafBlock)block.Item)];
    });

    private static string NameOf(Block block) => block switch
    {
        HeadingBlock => "heading",
        ListBlock { IsOrdered: true } => "numbered list",
        ListBlock => "list",
        ListItemBlock => "item",
        Table => "table",
        TableRow => "row",
        TableCell => "cell",
        CodeBlock => "code",
        ParagraphBlock => "paragraph",
        _ => block.GetType().Name,
    };

    private string MarkdownOf(Block block) => readme.Text.Substring(block.Span.Start, block.Span.Length);

    [GeneratedRegex("^<!-- source: (?<hash>[0-9a-f]{8}) -->$")]
    private static partial Regex Source();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
