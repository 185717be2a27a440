using System.Text.Json;
using TxMsg.Contracts;
using TxMsg.Contracts.Messages;
using TxMsg.Server.Http;
using TxMsg.Server.Observability;
using TxMsg.Server.Registry;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.CheckBacks;

/// <summary>Asks a producer for its verdict.</summary>
public sealed class CheckBackClient(WebhookSender sender, TimeProvider time)
{
    // Of two verdicts in one answer neither is to be believed.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Asks once; whatever cannot be read as an answer is <see cref="CheckBackAnswer.Unreachable"/>.</summary>
    public async Task<(CheckBackAnswer Answer, WebhookResult Result)> AskAsync(OverdueMessage message, Producer producer, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new CheckBackRequest
            {
                Id = message.MessageId,
                Producer = producer.Name,
                Topic = message.Topic,
                Key = message.Key,
                PreparedAt = DateTimeOffset.FromUnixTimeMilliseconds(message.PreparedAt),
                Attempt = message.Attempt,
            },
            WireJson.Default.CheckBackRequest);
        using var span = Tracing.StartCheckBack(message, producer);
        var traceParent = Tracing.TraceParent(span, message.TraceParent);
        var request = new WebhookRequest
        {
            Endpoint = producer.CheckBackUrl,
            Id = message.MessageId.ToString(),
            Body = body,
            ContentType = "application/json",
            Headers = traceParent is null ? [] : [new WebhookHeader(HeaderNames.TraceParent, traceParent)],
            Secrets = producer.Secrets.ValidAt(time.GetUtcNow()),
            Timeout = timeout,
            WantsBody = true,
        };
        var result = await sender.SendAsync(request, cancellationToken);
        Tracing.Finish(span, result);
        return (Read(result), result);
    }

    private static CheckBackAnswer Read(WebhookResult result)
    {
        if (!result.IsSuccess || result.BodyTruncated) return CheckBackAnswer.Unreachable;
        try
        {
            using var json = JsonDocument.Parse(Utf8Text.WithoutMark(result.Body), Strict);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("verdict", out var verdict) || verdict.ValueKind != JsonValueKind.String)
                return CheckBackAnswer.Unreachable;
            return verdict.GetString() switch
            {
                Verdicts.Commit => CheckBackAnswer.Commit,
                Verdicts.Rollback => CheckBackAnswer.Rollback,
                Verdicts.Unknown => CheckBackAnswer.Unknown,
                _ => CheckBackAnswer.Unreachable,
            };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The latter for strings that are no text: a lone surrogate, bytes that are not UTF-8.
            return CheckBackAnswer.Unreachable;
        }
    }
}
