using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Antiforgery;
using TxMsg.Server.Language;

namespace TxMsg.Server.Access.SignIn;

/// <summary>The pages to sign in and out: plain HTML, no script, nothing from elsewhere; in the browser's language, light or dark as it likes.</summary>
internal static class SignInPage
{
    /// <summary>What these pages may load: nothing but their own style.</summary>
    public const string ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private const string Style = """
        :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
        body { margin: 0; background: #fff; color: #1b1b1b }
        a { color: #1f5f99 }
        main { max-width: 24rem; margin: 15vh auto; padding: 0 1rem }
        h1 { font-size: 1.25rem }
        label, input, button { display: block; width: 100%; box-sizing: border-box; font: inherit }
        input, button { margin-top: .5rem; padding: .5rem }
        button { margin-top: 1rem; cursor: pointer }
        .error { color: #b3261e }
        @media (prefers-color-scheme: dark) { body { background: #1c2128; color: #d5dde6 } a { color: #78b4ff } .error { color: #ff9d94 } }
        """;

    public static string SignIn(Texts texts, AntiforgeryTokenSet tokens, string returnUrl, string? error) => Page(texts, "SignIn_Title", $"""
        <h1>TxMsg</h1>
        {(error is null ? "" : $"""<p class="error" role="alert">{Encode(error)}</p>""")}
        <form method="post" action="{SignInEndpoints.SignInPath}">
        {Token(tokens)}
        <input type="hidden" name="returnUrl" value="{Encode(returnUrl)}">
        <label for="key">{Encode(texts["SignIn_Key"])}</label>
        <input id="key" name="key" type="password" autocomplete="current-password" required autofocus>
        <button>{Encode(texts["SignIn_Title"])}</button>
        </form>
        """);

    public static string SignOut(Texts texts, AntiforgeryTokenSet tokens) => Page(texts, "SignOut_Title", $"""
        <h1>TxMsg</h1>
        <form method="post" action="{SignInEndpoints.SignOutPath}">
        {Token(tokens)}
        <button autofocus>{Encode(texts["SignOut_Title"])}</button>
        </form>
        <p><a href="{SignInEndpoints.DashboardPath}">{Encode(texts["SignOut_Back"])}</a></p>
        """);

    private static string Page(Texts texts, string title, string body) => $"""
        <!doctype html>
        <html lang="{texts.Language}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{Encode(texts[title])} - TxMsg</title>
        <style>{Style}</style>
        </head>
        <body>
        <main>
        {body}
        </main>
        </body>
        </html>

        """;

    private static string Token(AntiforgeryTokenSet tokens) =>
        $"""<input type="hidden" name="{Encode(tokens.FormFieldName)}" value="{Encode(tokens.RequestToken ?? "")}">""";

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
