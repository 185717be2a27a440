using System.Collections.Frozen;
using TxMsg.Contracts;

namespace TxMsg.Server.Webhooks;

/// <summary>The last check before bytes reach the wire, where header values are no longer checked by the framework.</summary>
public static class RequestRules
{
    /// <summary>The most extra headers of one request: those of the message, and those of CloudEvents.</summary>
    public const int MaxHeaders = 64;

    private const int MaxNameLength = 128;
    private const int MaxValueLength = 8192;
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromDays(1);

    // framing, hop by hop, or set by the sender itself
    private static readonly FrozenSet<string> Reserved = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "allow", "connection", "content-disposition", "content-encoding", "content-language", "content-length", "content-location",
        "content-md5", "content-range", "content-type", "expect", "expires", "host", "keep-alive", "last-modified", "proxy-authorization",
        "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "user-agent",
        HeaderNames.WebhookId, HeaderNames.WebhookTimestamp, HeaderNames.WebhookSignature);

    /// <summary>Why the request must not be sent, or null when it may be.</summary>
    internal static string? Refusal(WebhookRequest request)
    {
        if (!request.Endpoint.IsAbsoluteUri || (request.Endpoint.Scheme != Uri.UriSchemeHttp && request.Endpoint.Scheme != Uri.UriSchemeHttps))
        {
            return "the endpoint is not an absolute http or https URL";
        }

        if (request.Timeout <= TimeSpan.Zero || request.Timeout > MaxTimeout)
        {
            return "the timeout is not within zero and a day";
        }

        if (request.Secrets.Count == 0)
        {
            return "there is no secret to sign with";
        }

        if (!IsSafe(request.Id) || request.Id.Length == 0 || request.Id.AsSpan().ContainsAny('.', ' ', '\t'))
        {
            return "the webhook id is not visible ASCII without a full stop";
        }

        if (request.ContentType is { } contentType && !IsSafe(contentType))
        {
            return "the content type has characters that a header must not have, or is too long";
        }

        return Refusal(request.Headers);
    }

    private static string? Refusal(IReadOnlyList<WebhookHeader> headers)
    {
        if (headers.Count > MaxHeaders)
        {
            return $"it has more than {MaxHeaders} headers";
        }

        for (var i = 0; i < headers.Count; i++)
        {
            var (name, value) = headers[i];
            if (name.Length > MaxNameLength || !HeaderRules.IsToken(name) || Reserved.Contains(name))
            {
                return $"the name of header {i + 1} is not a token, is too long or is reserved";
            }

            if (!IsSafe(value))
            {
                return $"header '{name}' has characters that a header must not have, or is too long";
            }
        }

        return null;
    }

    private static bool IsSafe(string value) => value.Length <= MaxValueLength && HeaderRules.IsSafe(value);
}
