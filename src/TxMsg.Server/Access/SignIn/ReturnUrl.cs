namespace TxMsg.Server.Access.SignIn;

/// <summary>Where to go after signing in: only to pages here, or anyone could send a link that ends elsewhere.</summary>
public static class ReturnUrl
{
    private const int MaxLength = 2048;

    /// <summary>The URL if it is local, else the dashboard.</summary>
    public static string Of(string? url) => url is not null && IsLocal(url) ? url : SignInEndpoints.DashboardPath;

    // Browsers read "\" as "/" and skip control characters: "/\evil" and "/<tab>/evil" leave for another host. What is not
    // visible ASCII cannot stand in a header either.
    private static bool IsLocal(string url) =>
        url.Length is > 0 and <= MaxLength && url[0] == '/' && !url.StartsWith("//", StringComparison.Ordinal)
        && !url.Contains('\\', StringComparison.Ordinal) && !url.AsSpan().ContainsAnyExceptInRange('!', '~');
}
