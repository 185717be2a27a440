using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Antiforgery;

namespace TxMsg.Server.Access.SignIn;

/// <summary>The pages to sign in and out: plain HTML, no script, nothing from elsewhere.</summary>
internal static class SignInPage
{
    /// <summary>What these pages may load: nothing but their own style.</summary>
    public const string ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private const string Style = """
        :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
        body { max-width: 24rem; margin: 15vh auto; padding: 0 1rem }
        h1 { font-size: 1.25rem }
        label, input, button { display: block; width: 100%; box-sizing: border-box; font: inherit }
        input, button { margin-top: .5rem; padding: .5rem }
        button { margin-top: 1rem; cursor: pointer }
        .error { color: #c62828 }
        """;

    public static string SignIn(AntiforgeryTokenSet tokens, string returnUrl, string? error) => Page("Sign in", $"""
        <h1>TxMsg</h1>
        {(error is null ? "" : $"""<p class="error" role="alert">{Encode(error)}</p>""")}
        <form method="post" action="{SignInEndpoints.SignInPath}">
        {Token(tokens)}
        <input type="hidden" name="returnUrl" value="{Encode(returnUrl)}">
        <label for="key">Admin key</label>
        <input id="key" name="key" type="password" autocomplete="current-password" required autofocus>
        <button>Sign in</button>
        </form>
        """);

    public static string SignOut(AntiforgeryTokenSet tokens) => Page("Sign out", $"""
        <h1>TxMsg</h1>
        <form method="post" action="{SignInEndpoints.SignOutPath}">
        {Token(tokens)}
        <button autofocus>Sign out</button>
        </form>
        """);

    private static string Page(string title, string body) => $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{title} - TxMsg</title>
        <style>{Style}</style>
        </head>
        <body>
        {body}
        </body>
        </html>

        """;

    private static string Token(AntiforgeryTokenSet tokens) =>
        $"""<input type="hidden" name="{Encode(tokens.FormFieldName)}" value="{Encode(tokens.RequestToken ?? "")}">""";

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
