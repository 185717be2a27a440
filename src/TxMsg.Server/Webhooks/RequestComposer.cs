using System.Globalization;
using TxMsg.Contracts;
using TxMsg.Contracts.Signatures;

namespace TxMsg.Server.Webhooks;

/// <summary>Turns a checked <see cref="WebhookRequest"/> into a signed HTTP message.</summary>
internal static class RequestComposer
{
    private static readonly string UserAgent = $"TxMsg/{typeof(RequestComposer).Assembly.GetName().Version?.ToString(3)}";

    /// <param name="request">Must have passed <see cref="RequestRules"/>: the headers are added without further checks.</param>
    /// <param name="content">The body.</param>
    /// <param name="now">The time of this attempt.</param>
    public static HttpRequestMessage Compose(WebhookRequest request, WebhookContent content, DateTimeOffset now)
    {
        if (request.ContentType is { Length: > 0 } contentType)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        var seconds = now.ToUnixTimeSeconds();
        var message = new HttpRequestMessage(HttpMethod.Post, request.Endpoint) { Content = content };
        message.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        message.Headers.TryAddWithoutValidation(HeaderNames.WebhookId, request.Id);
        message.Headers.TryAddWithoutValidation(HeaderNames.WebhookTimestamp, seconds.ToString(CultureInfo.InvariantCulture));
        message.Headers.TryAddWithoutValidation(HeaderNames.WebhookSignature, Sign(request, seconds));
        for (var i = 0; i < request.Headers.Count; i++)
        {
            message.Headers.TryAddWithoutValidation(request.Headers[i].Name, request.Headers[i].Value);
        }

        return message;
    }

    private static string Sign(WebhookRequest request, long seconds)
    {
        var secrets = request.Secrets;
        return secrets.Count == 1
            ? WebhookSignature.Sign(secrets[0], request.Id, seconds, request.Body.Span)
            : WebhookSignature.Sign([.. secrets], request.Id, seconds, request.Body.Span);
    }
}
