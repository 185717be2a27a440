using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Renderers.Html;
using Markdig.Syntax;

namespace TxMsg.Conventions.Tests.Documentation;

/// <summary>A README of the checkout, as the sections that a translation of it must have too.</summary>
internal sealed class Readme
{
    private static readonly MarkdownPipeline GitHub =
        new MarkdownPipelineBuilder().UsePipeTables().UseAutoIdentifiers(AutoIdentifierOptions.GitHub).UsePreciseSourceLocation().Build();

    private Readme(string fileName, string text)
    {
        FileName = fileName;
        Text = text;
        var document = Markdown.Parse(text, GitHub);
        Anchors = [.. document.OfType<HeadingBlock>().Select(heading => heading.GetAttributes().Id!)];
        var starts = document.Index().Where(block => block.Item is HeadingBlock).Select(block => block.Index).ToArray();
        if (starts is not [0, ..]) throw new InvalidOperationException($"{fileName} does not begin with a heading.");
        Sections = [.. starts.Zip(starts.Append(document.Count).Skip(1), (start, end) => new Section(this, [.. document.Skip(start).Take(end - start)]))];
    }

    public string FileName { get; }

    public string Text { get; }

    /// <summary>What a link to each of the headings ends with, as GitHub makes it.</summary>
    public IReadOnlyList<string> Anchors { get; }

    public IReadOnlyList<Section> Sections { get; }

    public static string PathOf(string fileName) => Path.Combine(SourceTree.Root, fileName);

    public static Readme Read(string fileName) => new(fileName, File.ReadAllText(PathOf(fileName)).ReplaceLineEndings("\n"));
}
