using Microsoft.AspNetCore.Http;

namespace TxMsg.Server.Access;

/// <summary>Tells requests that a browser makes for pages of others: where no key is asked for, being able to connect is all it takes.</summary>
internal static class CrossSite
{
    /// <summary>Whether a page of another origin caused the request. Following a link to a page here is no cause.</summary>
    public static bool IsCrossSite(HttpRequest request)
    {
        var headers = request.Headers;
        if (headers.TryGetValue("Sec-Fetch-Site", out var site) && (string?)site is not ("same-origin" or "none") && !IsNavigation(request)) return true;
        return (string?)headers.Origin is { } origin && !IsOwn(origin, request.Headers.Host);
    }

    private static bool IsNavigation(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && (string?)request.Headers["Sec-Fetch-Mode"] == "navigate"
        && (string?)request.Headers["Sec-Fetch-Dest"] == "document";

    // The host and the port; the origin of a sandboxed page is "null" and nobody's own.
    private static bool IsOwn(ReadOnlySpan<char> origin, string? host)
    {
        var at = origin.IndexOf("://");
        return at > 0 && origin[(at + 3)..].Equals(host, StringComparison.OrdinalIgnoreCase);
    }
}
