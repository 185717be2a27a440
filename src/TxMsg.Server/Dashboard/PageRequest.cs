using System.Globalization;
using System.Text.RegularExpressions;
using TxMsg.Server.Access;
using TxMsg.Server.Access.SignIn;
using TxMsg.Server.Language;

namespace TxMsg.Server.Dashboard;

/// <summary>A request for a page: who asks, in which language, for what.</summary>
public sealed class PageRequest(HttpContext context, Match match, bool isReadOnly)
{
    /// <summary>Texts in the reader's language.</summary>
    public Texts Texts { get; } = Texts.Current;

    /// <summary>Whether the reader may change anything.</summary>
    public bool CanOperate { get; } = !isReadOnly;

    /// <summary>Whether the reader had to sign in, and can sign out.</summary>
    public bool IsSignedIn => context.Caller().Kind != CallerKind.Loopback;

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset Now { get; } = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();

    /// <summary>Ends what the reader does not wait for any more.</summary>
    public CancellationToken Aborted => context.RequestAborted;

    /// <summary>The query string.</summary>
    public IQueryCollection Query => context.Request.Query;

    /// <summary>Who asks, as it stands in the audit.</summary>
    public string Reader => context.Caller().Name;

    /// <summary>A part of the path, by its name in the page's route.</summary>
    public string Part(string name) => Uri.UnescapeDataString(match.Groups[name].Value);

    /// <summary>A value of the query string; null when it is missing or empty.</summary>
    public string? Value(string name) => Query[name].ToString() is { Length: > 0 } value ? value.Trim() : null;

    /// <summary>A whole number of the query string within a range, or else the default.</summary>
    public int Number(string name, int least, int most, int otherwise) =>
        int.TryParse(Value(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : otherwise;

    /// <summary>The address of a page: <c>Page("/messages")</c>. Parts that come from outside must be escaped.</summary>
    public string Page(string path = "") => $"{Root}{SignInEndpoints.DashboardPath}{PageRoutes.Root}{path}";

    /// <summary>The address of this page with some values of the query string changed; null removes one.</summary>
    public string Here(params (string Name, string? Value)[] changes)
    {
        var values = Query.Where(pair => changes.All(change => change.Name != pair.Key)).Select(pair => (Name: pair.Key, Value: (string?)pair.Value.ToString()))
            .Concat(changes).Where(pair => !string.IsNullOrEmpty(pair.Value))
            .Select(pair => $"{Uri.EscapeDataString(pair.Name)}={Uri.EscapeDataString(pair.Value!)}");
        var query = string.Join('&', values);
        return $"{context.Request.PathBase}{context.Request.Path}{(query.Length > 0 ? "?" : "")}{query}";
    }

    /// <summary>The address of a call of the HTTP API: <c>Api("/v1/stats")</c>.</summary>
    public string Api(string path) => Root + path;

    /// <summary>The address of Hangfire's home page.</summary>
    public string Jobs => JobsPage($"/?{PageRoutes.JobsQuery}");

    /// <summary>The address of the page to sign out.</summary>
    public string SignOut => Root + SignInEndpoints.SignOutPath;

    /// <summary>The address of one of Hangfire's own pages: <c>JobsPage("/jobs/processing")</c>.</summary>
    public string JobsPage(string path) => $"{Root}{SignInEndpoints.DashboardPath}{path}";

    // The dashboard's own path has been added to the base by then.
    private string Root => context.Request.PathBase.Value is { } path && path.EndsWith(SignInEndpoints.DashboardPath, StringComparison.OrdinalIgnoreCase)
        ? path[..^SignInEndpoints.DashboardPath.Length]
        : context.Request.PathBase.Value ?? "";
}
