using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace TxMsg.Server.Dashboard;

/// <summary>Markup. The only way to make it from text is <see cref="Of"/>, which encodes every value that is put in: a payload, a
/// key or a reason can never become part of a page's own markup.</summary>
public readonly struct Html
{
    private readonly string? markup;

    private Html(string markup) => this.markup = markup;

    /// <summary>Nothing.</summary>
    public static Html Empty => default;

    /// <summary>Markup with values: <c>Html.Of($"&lt;td&gt;{text}&lt;/td&gt;")</c>. Values are encoded, except those that are markup themselves.</summary>
    [SuppressMessage("Design", "CA1045:Do not pass types by reference", Justification = "A handler of interpolated strings is passed by reference.")]
    public static Html Of(ref HtmlWriter content) => new(content.ToStringAndClear());

    /// <summary>One after the other.</summary>
    public static Html Join(IEnumerable<Html> parts) => new(string.Concat(parts.Select(part => part.markup)));

    /// <summary>The markup of each item, one after the other.</summary>
    public static Html Each<T>(IEnumerable<T> items, Func<T, Html> markup) => Join(items.Select(markup));

    /// <summary>The markup if it applies, else nothing.</summary>
    public static Html If(bool applies, Func<Html> markup) => applies ? markup() : Empty;

    /// <inheritdoc/>
    public override string ToString() => markup ?? "";
}
