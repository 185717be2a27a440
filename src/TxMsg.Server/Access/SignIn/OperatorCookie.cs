using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using TxMsg.Server.Access.Keys;

namespace TxMsg.Server.Access.SignIn;

/// <summary>The cookie of a person who has signed in: encrypted, for eight hours that use prolongs (a page that is only left open does not), worth nothing once its key is gone.</summary>
internal static class OperatorCookie
{
    /// <summary>The name of the authentication scheme.</summary>
    public const string Scheme = "TxMsg.Operator";

    private const string HashClaim = "key";

    public static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "txmsg-operator";
        // A cookie that is renewed below the dashboard's path would else be another one, for that path, and outlive the sign-out.
        options.Cookie.Path = "/";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = TimeSpan.FromHours(8);
        options.SlidingExpiration = true;
        options.Events.OnCheckSlidingExpiration = context =>
        {
            context.ShouldRenew &= !PagePolls.IsPoll(context.Request);
            return Task.CompletedTask;
        };
    }

    /// <summary>Signs in whoever gave this key.</summary>
    public static Task SignInAsync(HttpContext context, KeyHash hash)
    {
        // The hash, so that a deleted or changed key ends what was signed in with it.
        var identity = new ClaimsIdentity([new Claim(HashClaim, Convert.ToHexString(hash.ToArray()))], Scheme);
        return context.SignInAsync(Scheme, new ClaimsPrincipal(identity));
    }

    /// <summary>The administrator of a cookie; null when its key is no longer one of administration.</summary>
    public static Caller? HolderOf(ClaimsPrincipal? principal, KeyRecognizer keys) =>
        principal?.FindFirst(HashClaim)?.Value is { } hex
        && KeyHash.TryRead(Convert.FromHexString(hex), out var hash)
        && keys.Recognize(hash) is { Kind: CallerKind.Admin or CallerKind.Viewer } caller
            ? caller
            : null;
}
