using System.Text.RegularExpressions;
using TxMsg.Server.Access.SignIn;
using TxMsg.Server.Http;

namespace TxMsg.Server.Dashboard.Hosting;

/// <summary>What Hangfire's pages send as a form. Hangfire reads the form whatever was sent, so that anything else would be a fault of the server.</summary>
internal static partial class HangfireForms
{
    /// <summary>Answers 405 or 415 to what is no form where one is read; returns false, and answers nothing, to everything else.</summary>
    public static async Task<bool> RefuseAsync(HttpContext context)
    {
        var request = context.Request;
        if (!request.Path.StartsWithSegments(SignInEndpoints.DashboardPath, out var path) || !IsRead(path)) return false;
        if (!HttpMethods.IsPost(request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            // What every path answers to a method that it does not have.
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return true;
        }

        if (request.HasFormContentType) return false;
        await context.ProblemAsync(Problems.UnsupportedMediaType() with { Detail = "The body must be a form: application/x-www-form-urlencoded." });
        return true;
    }

    /// <summary>Whether Hangfire reads a form at this path below the dashboard's.</summary>
    public static bool IsRead(PathString path) => Read().IsMatch(path.Value?.TrimEnd('/') ?? "");

    // The numbers that each page asks for, and what is done to the jobs that are ticked.
    [GeneratedRegex("^/(stats|recurring/(remove|trigger)|jobs/[a-z]+/(delete|enqueue|requeue))$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Read();
}
