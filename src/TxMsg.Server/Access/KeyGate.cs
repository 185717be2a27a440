using Microsoft.AspNetCore.Authentication;
using TxMsg.Server.Access.Keys;
using TxMsg.Server.Access.SignIn;
using TxMsg.Server.Http;

namespace TxMsg.Server.Access;

/// <summary>Lets in who has a key for what they ask, or has signed in with one. Nothing else decides what a role may do.</summary>
internal sealed class KeyGate(KeyRecognizer keys, PageTokens tokens, RefusalLog refusals)
{
    private const string Scheme = "Bearer ";

    /// <summary>Goes on with <paramref name="next"/>, or answers 401 or 403.</summary>
    public Task PassAsync(HttpContext context, RequestDelegate next, AccessRequirement requirement)
    {
        if (requirement == AccessRequirement.Anonymous) return next(context);
        var authorization = (string?)context.Request.Headers.Authorization;
        if (authorization is null) return PassSignedInAsync(context, next, requirement);
        var caller = Recognize(authorization);
        if (caller is null) return UnknownAsync(context, authorization);
        return Refusal(caller, requirement, context.Request) is { } reason ? context.ProblemAsync(Problems.Forbidden(reason)) : GoOnAsync(context, next, caller);
    }

    private Caller? Recognize(string authorization) =>
        IsBearer(authorization) ? keys.Recognize(authorization.AsSpan(Scheme.Length).Trim()) : null;

    // Why a caller may not do this, or null.
    private static string? Refusal(Caller caller, AccessRequirement requirement, HttpRequest request) => caller.Kind switch
    {
        _ when requirement == AccessRequirement.AnyKey => null,
        CallerKind.Producer when requirement != AccessRequirement.Producer => "This key acts for a producer's messages; administration needs an admin key.",
        CallerKind.Viewer when !IsLooking(request) => "A viewer may see everything and change nothing; this needs the admin key of an operator.",
        _ => null,
    };

    private async Task PassSignedInAsync(HttpContext context, RequestDelegate next, AccessRequirement requirement)
    {
        var signedIn = context.Request.Headers.Cookie.Count == 0 ? null : (await context.AuthenticateAsync(OperatorCookie.Scheme)).Principal;
        if (OperatorCookie.HolderOf(signedIn, keys) is { } caller)
        {
            // What a page may send is bound to who has signed in: its token is made and judged for this user.
            context.User = signedIn!;
            var reason = Refusal(caller, requirement, context.Request) ?? (IsHarmless(context.Request, requirement) ? null : await tokens.RefusalAsync(context));
            if (reason is null) await GoOnAsync(context, next, caller);
            else await context.ProblemAsync(Problems.Forbidden(reason));
        }
        else if (requirement == AccessRequirement.Operator && IsPageView(context.Request))
        {
            var returnUrl = context.Request.PathBase + context.Request.Path + context.Request.QueryString;
            context.Response.Redirect($"{SignInEndpoints.SignInPath}?returnUrl={Uri.EscapeDataString(returnUrl)}");
        }
        else
        {
            await context.ProblemAsync(Problems.Unauthenticated("A key is required: Authorization: Bearer {key}."));
        }
    }

    private static Task GoOnAsync(HttpContext context, RequestDelegate next, Caller caller)
    {
        context.Features.Set(caller);
        return next(context);
    }

    private Task UnknownAsync(HttpContext context, string authorization)
    {
        refusals.UnknownKey(context.Connection.RemoteIpAddress);
        var problem = Problems.Unauthenticated("This key is not known.");
        // RFC 6750: a client that came with another scheme is told of this one, not that its token is wrong.
        return context.ProblemAsync(IsBearer(authorization) ? problem with { Challenge = "Bearer error=\"invalid_token\"" } : problem);
    }

    private static bool IsBearer(string authorization) => authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    private static bool IsHarmless(HttpRequest request, AccessRequirement requirement) => requirement == AccessRequirement.AnyKey || IsSafe(request);

    private static bool IsSafe(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    private static bool IsLooking(HttpRequest request) => IsSafe(request) || PagePolls.IsOfHangfire(request);

    // A script that reads its page again cannot sign in: it has to know that the session has ended.
    private static bool IsPageView(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && !PagePolls.IsPoll(request) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
