using TxMsg.Server.OpenApi;

namespace TxMsg.Server.Http;

/// <summary>Headers that keep a browser from doing more with an answer than to show it.</summary>
internal static class PageHeaders
{
    // Nothing may come from or go to another host. The dashboard and the API page have styles in their HTML.
    private const string ContentSecurityPolicy =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    // The API page starts by a script in its HTML; it shows nothing that is not public.
    private const string WithScript = ContentSecurityPolicy + "; script-src 'self' 'unsafe-inline'";

    /// <summary>Adds the headers. JSON of the API needs one only, and a payload brings its own.</summary>
    public static void Add(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        if (context.Request.Path.StartsWithSegments("/v1")) return;
        headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments(OpenApiRegistration.PagePath) ? WithScript : ContentSecurityPolicy;
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
    }
}
