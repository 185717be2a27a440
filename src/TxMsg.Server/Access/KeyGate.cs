using Microsoft.AspNetCore.Authentication;
using TxMsg.Server.Access.Keys;
using TxMsg.Server.Access.SignIn;
using TxMsg.Server.Http;

namespace TxMsg.Server.Access;

/// <summary>Lets in who has a key for what they ask.</summary>
internal sealed class KeyGate(KeyRecognizer keys, RefusalLog refusals)
{
    private const string Scheme = "Bearer ";

    /// <summary>Goes on with <paramref name="next"/>, or answers 401 or 403.</summary>
    public Task PassAsync(HttpContext context, RequestDelegate next, AccessRequirement requirement)
    {
        if (requirement == AccessRequirement.Anonymous) return next(context);
        var authorization = (string?)context.Request.Headers.Authorization;
        if (authorization is null && requirement == AccessRequirement.Operator) return PassSignedInAsync(context, next);
        var caller = Recognize(authorization);
        if (caller is null) return UnauthenticatedAsync(context, authorization is not null);
        if (caller.Kind == CallerKind.Producer && requirement != AccessRequirement.Producer)
            return context.ProblemAsync(Problems.Forbidden("This key acts for a producer's messages; administration needs an admin key."));
        context.Features.Set(caller);
        return next(context);
    }

    private Caller? Recognize(string? authorization) =>
        authorization is not null && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? keys.Recognize(authorization.AsSpan(Scheme.Length).Trim())
            : null;

    private async Task PassSignedInAsync(HttpContext context, RequestDelegate next)
    {
        var signedIn = await context.AuthenticateAsync(OperatorCookie.Scheme);
        if (OperatorCookie.HolderOf(signedIn.Principal, keys) is { } caller)
        {
            context.Features.Set(caller);
            await next(context);
        }
        else if (IsPageView(context.Request))
        {
            var returnUrl = context.Request.PathBase + context.Request.Path + context.Request.QueryString;
            context.Response.Redirect($"{SignInEndpoints.SignInPath}?returnUrl={Uri.EscapeDataString(returnUrl)}");
        }
        else
        {
            await UnauthenticatedAsync(context, false);
        }
    }

    private Task UnauthenticatedAsync(HttpContext context, bool hasKey)
    {
        if (hasKey) refusals.UnknownKey(context.Connection.RemoteIpAddress);
        return context.ProblemAsync(Problems.Unauthenticated(
            hasKey ? "This key is not known." : "A key is required: Authorization: Bearer {key}."));
    }

    private static bool IsPageView(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
