using Microsoft.Extensions.Primitives;
using TxMsg.Server.Http;

namespace TxMsg.Server.Dashboard.Parts;

/// <summary>The form above a list: each field is a value of the query string, so that a search can be bookmarked and sent on.</summary>
internal static class Filters
{
    /// <summary>What the form sends, trimmed; an empty field asks for nothing.</summary>
    public static IQueryCollection Values(PageRequest request, string? except = null) => new QueryCollection(
        request.Query.Where(pair => pair.Key != except).ToDictionary(pair => pair.Key, pair => new StringValues(pair.Value.ToString().Trim())));

    /// <summary>What is wrong with what was asked for, by the names of the fields.</summary>
    public static Html Errors(FieldErrors errors) => Html.If(!errors.IsEmpty, () => Html.Of($"""
        <div class="alert alert-danger" role="alert">{Html.Each(errors.ByField, error => Html.Of($"<p><strong>{error.Key}</strong>: {string.Join(' ', error.Value)}</p>"))}</div>
        """));

    /// <summary>The form.</summary>
    public static Html Form(PageRequest request, Html fields) => Html.Of($"""
        <form method="get" class="txmsg-filter" role="search">{fields}
        <div class="txmsg-filter-buttons"><button class="btn btn-primary btn-sm">{request.Texts["Filter_Apply"]}</button></div></form>
        """);

    /// <summary>A field for text.</summary>
    public static Html Text(PageRequest request, string name, string label, string? example = null) => Html.Of($"""
        <div class="form-group"><label for="filter-{name}">{label}</label>
        <input id="filter-{name}" name="{name}" class="form-control input-sm" value="{request.Value(name)}" placeholder="{example}" autocomplete="off" maxlength="256"></div>
        """);

    /// <summary>A field for a time, in the reader's zone on the page and in UTC in the query string.</summary>
    public static Html Time(PageRequest request, string name, string label) => Html.Of($"""
        <div class="form-group"><label for="filter-{name}">{label}</label>
        <input id="filter-{name}" type="datetime-local" step="1" class="form-control input-sm" data-utc="{name}" data-value="{request.Value(name)}">
        <input type="hidden" name="{name}" value="{request.Value(name)}"></div>
        """);

    /// <summary>A field for one of some values; the first stands for any.</summary>
    public static Html Choice(PageRequest request, string name, string label, IEnumerable<(string Value, string Text)> choices) => Html.Of($"""
        <div class="form-group"><label for="filter-{name}">{label}</label>
        <select id="filter-{name}" name="{name}" class="form-control input-sm"><option value="">{request.Texts["Filter_Any"]}</option>
        {Html.Each(choices, choice => request.Value(name) == choice.Value
            ? Html.Of($"""<option value="{choice.Value}" selected>{choice.Text}</option>""")
            : Html.Of($"""<option value="{choice.Value}">{choice.Text}</option>"""))}
        </select></div>
        """);
}
