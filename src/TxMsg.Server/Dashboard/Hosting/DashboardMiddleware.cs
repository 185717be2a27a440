using TxMsg.Server.Access.SignIn;
using TxMsg.Server.Language;

namespace TxMsg.Server.Dashboard.Hosting;

/// <summary>What holds for every page of the dashboard, Hangfire's own included: what a browser may load and do, and the language.</summary>
internal sealed class DashboardMiddleware(RequestDelegate next)
{
    // Hangfire's pages carry style attributes; scripts stand in files only. "data:" is its empty icon and Bootstrap's glyphs.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; " +
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    public async Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers.Vary = "Accept-Language, Cookie";
        // Numbers and times stay as they are everywhere; only texts change.
        System.Globalization.CultureInfo.CurrentUICulture = await RequestLanguage.OfAsync(context);
        if (RemovesFromTheSchedule(context))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        if (await HangfireForms.RefuseAsync(context)) return;
        // The first page that people see is about messages, not about jobs.
        if (IsHome(context)) context.Request.Path = SignInEndpoints.DashboardPath + PageRoutes.Root;
        await next(context);
    }

    // Without its sweeps the coordinator would stand still on every node, and nobody would be told. Whoever wants them less often sets an option.
    private static bool RemovesFromTheSchedule(HttpContext context) => IsAt(context, "/recurring/remove");

    private static bool IsHome(HttpContext context) => IsAt(context, "") && !context.Request.Query.ContainsKey(PageRoutes.JobsQuery);

    private static bool IsAt(HttpContext context, string path) =>
        context.Request.Path.Value?.TrimEnd('/').Equals(SignInEndpoints.DashboardPath + path, StringComparison.OrdinalIgnoreCase) == true;
}
