using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TxMsg.Client.Consuming;

namespace TxMsg.Client.AspNetCore;

/// <summary>Carries a request to the consumer, and its answer back.</summary>
internal sealed class ConsumerEndpoint(Consumer consumer, string? subscription, Func<DeliveryRequest, CancellationToken, Task<DeliveryAnswer>> receive)
{
    public async Task HandleAsync(HttpContext context)
    {
        var stopping = context.RequestServices.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None;
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var body = await ReadAsync(context, consumer.Options.MaxBodyBytes);
        var answer = body is { } read
            ? await receive(new DeliveryRequest(HeadersOf(context.Request), read) { Subscription = subscription }, ends.Token)
            : consumer.RefuseTooLarge();
        await WriteAsync(context.Response, answer, context.RequestAborted);
    }

    private static IEnumerable<KeyValuePair<string, string>> HeadersOf(HttpRequest request) =>
        request.Headers.SelectMany(header => header.Value, (header, value) => KeyValuePair.Create(header.Key, value ?? ""));

    /// <summary>The body, or null when it is larger than the bound; then no more than the bound is read.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContext context, int bound)
    {
        if (context.Request.ContentLength > bound) return null;
        // The bound is ours: the server's own may be the smaller one.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = null;
        var buffer = new byte[(int)(context.Request.ContentLength ?? Math.Min(bound, 4096))];
        for (var length = 0; ;)
        {
            if (length == buffer.Length)
            {
                if (length == context.Request.ContentLength) return buffer;
                Array.Resize(ref buffer, (int)Math.Min(Math.Max(buffer.Length * 2L, 4096), bound + 1L));
            }

            var read = await context.Request.Body.ReadAsync(buffer.AsMemory(length), context.RequestAborted);
            if (read == 0) return buffer.AsMemory(0, length);
            length += read;
            if (length > bound) return null;
        }
    }

    private static async Task WriteAsync(HttpResponse response, DeliveryAnswer answer, CancellationToken cancellationToken)
    {
        response.StatusCode = answer.Status;
        if (answer.RetryAfter is { } seconds) response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (answer.Detail is not { } detail) return;
        response.ContentType = "text/plain; charset=utf-8";
        await response.WriteAsync(detail, cancellationToken);
    }
}
