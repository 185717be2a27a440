using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using TxMsg.Server.Access.Keys;
using TxMsg.Server.Language;

namespace TxMsg.Server.Access.SignIn;

/// <summary>Signs people in to the dashboard with an admin key.</summary>
public static class SignInEndpoints
{
    /// <summary>The dashboard.</summary>
    public const string DashboardPath = "/hangfire";

    /// <summary>The page to sign in.</summary>
    public const string SignInPath = "/sign-in";

    /// <summary>The page to sign out.</summary>
    public const string SignOutPath = "/sign-out";

    private const int MaxBodyBytes = 16 * 1024;

    /// <summary>Maps the pages.</summary>
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("").AllowAnyone().ExcludeFromDescription();
        pages.MapGet(SignInPath, ShowAsync);
        pages.MapPost(SignInPath, SignInAsync);
        pages.MapGet(SignOutPath, async (HttpContext context, IAntiforgery antiforgery) =>
            await PageAsync(context, 200, SignInPage.SignOut(await RequestLanguage.TextsAsync(context), antiforgery.GetAndStoreTokens(context))));
        pages.MapPost(SignOutPath, SignOutAsync);
    }

    private static Task ShowAsync(HttpContext context, IAntiforgery antiforgery, IOptions<AccessOptions> options)
    {
        var returnUrl = ReturnUrl.Of(context.Request.Query["returnUrl"]);
        if (options.Value.Mode == AccessMode.ApiKeys) return FormAsync(context, antiforgery, 200, returnUrl, null);
        SeeOther(context, returnUrl);
        return Task.CompletedTask;
    }

    private static async Task SignInAsync(HttpContext context, IAntiforgery antiforgery, KeyRecognizer keys, SignInLimiter limiter, RefusalLog refusals)
    {
        var address = context.Connection.RemoteIpAddress;
        if (!limiter.TryTake(address))
        {
            context.Response.Headers.RetryAfter = "60";
            await FormAsync(context, antiforgery, 429, DashboardPath, "SignIn_TooMany");
            return;
        }

        if (!await IsGenuineAsync(context, antiforgery, refusals))
        {
            await FormAsync(context, antiforgery, 400, DashboardPath, "SignIn_TooOld");
            return;
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var returnUrl = ReturnUrl.Of(form["returnUrl"]);
        if (KeyHash.TryOf(form["key"].ToString().Trim(), out var hash) && keys.Recognize(hash) is { Kind: CallerKind.Admin or CallerKind.Viewer })
        {
            await OperatorCookie.SignInAsync(context, hash);
            SeeOther(context, returnUrl);
        }
        else
        {
            refusals.WrongSignIn(address);
            await FormAsync(context, antiforgery, 403, returnUrl, "SignIn_Wrong");
        }
    }

    private static async Task SignOutAsync(HttpContext context, IAntiforgery antiforgery, RefusalLog refusals)
    {
        if (await IsGenuineAsync(context, antiforgery, refusals)) await context.SignOutAsync(OperatorCookie.Scheme);
        SeeOther(context, SignInPath);
    }

    private static async Task<bool> IsGenuineAsync(HttpContext context, IAntiforgery antiforgery, RefusalLog refusals)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = MaxBodyBytes;
        if (await IsFormAsync(context) && await antiforgery.IsRequestValidAsync(context)) return true;
        refusals.NotFromAPage(context.Connection.RemoteIpAddress);
        return false;
    }

    // Read before the tokens are looked for in it: what is wrong with a form is the caller's mistake.
    private static async Task<bool> IsFormAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType) return false;
        try
        {
            await context.Request.ReadFormAsync(context.RequestAborted);
            return true;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or NotSupportedException)
        {
            // Too long, cut off, without a boundary, in an encoding that there is not. What follows is not the next request.
            context.Response.Headers.Connection = "close";
            return false;
        }
    }

    private static async Task FormAsync(HttpContext context, IAntiforgery antiforgery, int status, string returnUrl, string? error)
    {
        var texts = await RequestLanguage.TextsAsync(context);
        await PageAsync(context, status, SignInPage.SignIn(texts, antiforgery.GetAndStoreTokens(context), returnUrl, error is null ? null : texts[error]));
    }

    private static Task PageAsync(HttpContext context, int status, string html)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy = SignInPage.ContentSecurityPolicy;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(html, context.RequestAborted);
    }

    private static void SeeOther(HttpContext context, string url)
    {
        context.Response.StatusCode = 303;
        context.Response.Headers.Location = url;
    }
}
