namespace TxMsg.Server.Dashboard.Parts;

/// <summary>Tables, name-and-value lists, and the way to the next page.</summary>
internal static class Lists
{
    /// <summary>A table that may scroll sideways; says so when it is empty.</summary>
    public static Html Table<T>(PageRequest request, string caption, IReadOnlyCollection<string> columns, IReadOnlyCollection<T> rows, Func<T, Html> row) => rows.Count == 0
        ? Nothing(request)
        : Html.Of($"""
            <div class="table-responsive" tabindex="0" role="region" aria-label="{caption}">
            <table class="table table-condensed txmsg-table"><caption class="sr-only">{caption}</caption>
            <thead><tr>{Html.Each(columns, column => Html.Of($"""<th scope="col">{column}</th>"""))}</tr></thead>
            <tbody>{Html.Each(rows, row)}</tbody>
            </table></div>
            """);

    /// <summary>Says that there is nothing to show.</summary>
    public static Html Nothing(PageRequest request) => Html.Of($"""<p class="txmsg-nothing">{request.Texts["List_Nothing"]}</p>""");

    /// <summary>Names with their values; those without a value are left out.</summary>
    public static Html Facts(params (string Name, Html Value)[] facts) => Html.Of($"""
        <dl class="dl-horizontal txmsg-facts">{Html.Each(facts.Where(fact => fact.Value.ToString().Length > 0), fact => Html.Of($"<dt>{fact.Name}</dt><dd>{fact.Value}</dd>"))}</dl>
        """);

    /// <summary>Text of unknown origin, kept apart from what stands around it, whatever direction it is written in. Very long text is
    /// cut, since it would only hang the browser.</summary>
    public static Html Foreign(string? text, int most = 300) => string.IsNullOrEmpty(text)
        ? Html.Empty
        : Html.Of($"""<bdi class="txmsg-foreign">{(text.Length > most ? text[..most] : text)}</bdi>{Html.If(text.Length > most, () => Html.Of($"""<span aria-hidden="true">…</span>"""))}""");

    /// <summary>A count that leads to what it counts; none leads nowhere.</summary>
    public static Html Count(PageRequest request, long count, string path, string least = "") =>
        count == 0 ? Html.Of($"0") : Html.Of($"""<a href="{request.Page(path)}">{least}{count:N0}</a>""");

    /// <summary>The box that selects a row for what is done to many.</summary>
    public static Html Select(PageRequest request, string id) => Html.If(
        request.CanOperate, () => Html.Of($"""<input type="checkbox" data-select-row value="{id}" aria-label="{request.Texts.Format("List_Select", id)}">"""));

    /// <summary>The box that selects all rows that are shown.</summary>
    public static Html SelectAll(PageRequest request) => Html.Of($"""<label class="txmsg-select-all"><input type="checkbox" data-select-all> {request.Texts["List_SelectAll"]}</label>""");

    /// <summary>The way on from a page that is short, or empty, because a search looks at so many rows at a time.</summary>
    public static Html SearchedTo(PageRequest request, bool isEmpty, DateTimeOffset? time, string? nextCursor, bool isForward = false) => Html.If(time is not null, () => Html.Of($"""
        <div class="alert alert-info" data-searched-to>{request.Texts[isForward ? isEmpty ? "Search_NothingUpTo" : "Search_AllUpTo" : isEmpty ? "Search_NothingBackTo" : "Search_AllBackTo"]} {Moments.At(time)}.
        <a rel="next" href="{request.Here(("cursor", nextCursor))}">{request.Texts["Search_GoOn"]}</a>
        <button type="button" class="btn btn-default btn-xs" data-stop-searching hidden>{request.Texts["Search_Stop"]}</button></div>
        """));

    /// <summary>Links to the first and the next page of a list.</summary>
    public static Html Pages(PageRequest request, string? nextCursor, string first = "List_First") => Html.Of($"""
        <nav class="txmsg-pages" aria-label="{request.Texts["List_Pages"]}">
        {Html.If(request.Value("cursor") is not null, () => Html.Of($"""<a class="btn btn-default btn-sm" rel="first" href="{request.Here(("cursor", null))}">{request.Texts[first]}</a>"""))}
        {Html.If(nextCursor is not null, () => Html.Of($"""<a class="btn btn-default btn-sm" rel="next" href="{request.Here(("cursor", nextCursor))}">{request.Texts["List_Next"]}</a>"""))}
        </nav>
        """);
}
