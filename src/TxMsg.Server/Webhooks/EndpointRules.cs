using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace TxMsg.Server.Webhooks;

/// <summary>What a check-back URL or the endpoint of a subscription must be like, checked when it is registered, so that mistakes
/// are answered at once. Names are resolved and judged again at every connect; that check is the one that protects.</summary>
/// <param name="policy">Judges addresses. Null when the networks it is made of are configured wrong: the server then names them and
/// does not start, and no address is called wrong by a list that is.</param>
public sealed class EndpointRules(AddressPolicy? policy)
{
    /// <summary>The most characters of a URL.</summary>
    public const int MaxLength = 2048;

    /// <summary>Reads an endpoint, or says what is wrong with it.</summary>
    /// <param name="url">An absolute http or https URL without user info and fragment.</param>
    /// <param name="endpoint">The endpoint, when the result is true.</param>
    /// <param name="error">One sentence for the caller of the API, when the result is false.</param>
    public bool TryParse(string? url, [NotNullWhen(true)] out Uri? endpoint, [NotNullWhen(false)] out string? error)
    {
        endpoint = null;
        error = FormOf(url);
        if (error is null && !TryRead(url!, out endpoint))
        {
            error = "It is not an absolute http or https URL.";
        }

        error ??= PartsOf(endpoint!) ?? AddressOf(endpoint!);
        endpoint = error is null ? endpoint : null;
        return error is null;
    }

    private static string? FormOf(string? url) => url switch
    {
        null or "" => "It is empty.",
        { Length: > MaxLength } => $"It is longer than {MaxLength} characters.",
        _ when url.AsSpan().ContainsAny('\\', ' ') || url.Any(char.IsControl) => "It contains a space, a backslash or a control character.",
        _ when url.Contains('#') => "It has a fragment.",
        _ => null,
    };

    private static bool TryRead(string url, [NotNullWhen(true)] out Uri? endpoint) =>
        Uri.TryCreate(url, UriKind.Absolute, out endpoint)
        && (endpoint.Scheme == Uri.UriSchemeHttp || endpoint.Scheme == Uri.UriSchemeHttps)
        && HasHost(endpoint);

    // Uri takes characters that no host name can be made of, such as a mark of writing direction, and finds out when it is asked for the name.
    private static bool HasHost(Uri endpoint)
    {
        try
        {
            return Uri.CheckHostName(endpoint.IdnHost) != UriHostNameType.Unknown;
        }
        catch (UriFormatException)
        {
            return false;
        }
    }

    private static string? PartsOf(Uri endpoint) => endpoint switch
    {
        // the credentials would stand in every timeline and log
        { UserInfo.Length: > 0 } => "It has user info; receivers check the signature instead.",
        { AbsoluteUri.Length: > MaxLength } => $"It is longer than {MaxLength} characters once it is encoded.",
        { Port: 0 } => "Its port is 0.",
        _ => null,
    };

    private string? AddressOf(Uri endpoint)
    {
        if (policy is null) return null;
        // Uri has already turned 0177.0.0.1, 0x7f.1 and 2130706433 into 127.0.0.1
        var host = endpoint.IdnHost.TrimEnd('.');
        var forbidden = IPAddress.TryParse(host, out var address)
            ? !policy.IsAllowed(address)
            : IsLocalhost(host) && !policy.IsAllowed(IPAddress.Loopback) && !policy.IsAllowed(IPAddress.IPv6Loopback);
        return forbidden ? $"The address of '{host}' may not be called; see {WebhookOptions.Section}:{nameof(WebhookOptions.AllowedNetworks)}." : null;
    }

    private static bool IsLocalhost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
}
