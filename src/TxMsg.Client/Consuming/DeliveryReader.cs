using System.Diagnostics.CodeAnalysis;
using TxMsg.Contracts;
using TxMsg.Contracts.Signatures;

namespace TxMsg.Client.Consuming;

/// <summary>Makes a message of a request of the coordinator, or says why it is none. Needs no framework. Safe for concurrent use.</summary>
public sealed class DeliveryReader
{
    private readonly ConsumerOptions options;
    private readonly TimeProvider time;
    private readonly WebhookSecret[] secrets;
    private readonly Dictionary<string, WebhookSecret[]> subscriptions = new(StringComparer.Ordinal);

    /// <param name="options">Which secrets, subscriptions, ages and sizes count; not to be changed afterwards.</param>
    /// <param name="time">The clock that ages are measured by.</param>
    /// <exception cref="ArgumentException">An option is wrong.</exception>
    public DeliveryReader(ConsumerOptions options, TimeProvider time)
    {
        if (ConsumerOptionsValidator.Check(options) is { Count: > 0 } errors) throw new ArgumentException(string.Join(" ", errors), nameof(options));
        this.options = options;
        this.time = time;
        secrets = Parse(options.Secrets);
        foreach (var subscription in options.Subscriptions)
            subscriptions.Add(subscription.Name, subscription.Secrets.Count > 0 ? Parse(subscription.Secrets) : secrets);
    }

    /// <summary>Checks signature, age, event and subscription.</summary>
    /// <param name="request">The request.</param>
    /// <param name="message">The message, when the result is true.</param>
    /// <param name="refusal">Why there is none, when the result is false.</param>
    public bool TryRead(DeliveryRequest request, [NotNullWhen(true)] out ReceivedMessage? message, [NotNullWhen(false)] out DeliveryRefusal? refusal)
    {
        message = null;
        if (request.Body.Length > options.MaxBodyBytes)
        {
            refusal = TooLarge();
            return false;
        }

        var headers = new EventHeaders(request.Headers);
        refusal = CheckSignature(headers, request.Body.Span);
        if (refusal is not null) return false;
        message = EventReader.Read(headers, request.Body, out var wrong);
        refusal = message is null ? new DeliveryRefusal(RefusalReason.MalformedEvent, $"The event is malformed: a header is missing or wrong: {wrong}.")
            : headers[HeaderNames.WebhookId] != headers[HeaderNames.Id] ? new DeliveryRefusal(RefusalReason.IdMismatch, "The event's id is not the one that was signed.")
            : IsConsumed(message.Subscription, request.Subscription) ? null
            : new DeliveryRefusal(RefusalReason.ForeignSubscription, "The delivery is for a subscription that is not consumed here.");
        if (refusal is not null) message = null;
        return message is not null;
    }

    internal DeliveryRefusal TooLarge() => new(RefusalReason.TooLarge, $"The body is larger than {options.MaxBodyBytes} bytes.");

    private static WebhookSecret[] Parse(IEnumerable<string> texts) => [.. texts.Select(WebhookSecret.Parse)];

    private DeliveryRefusal? CheckSignature(EventHeaders headers, ReadOnlySpan<byte> body)
    {
        // The subscription is not signed. That its own secrets are the ones that count binds it to the signature all the same.
        var counting = headers[HeaderNames.Subscription] is { } name && subscriptions.TryGetValue(name, out var own) ? own : secrets;
        var found = WebhookSignature.Verify(
            headers[HeaderNames.WebhookSignature], headers[HeaderNames.WebhookId], headers[HeaderNames.WebhookTimestamp], body, counting, options.Tolerance, time);
        return found switch
        {
            WebhookVerification.Valid => null,
            WebhookVerification.MissingHeader => new DeliveryRefusal(RefusalReason.MissingSignature, "The request is not signed."),
            WebhookVerification.Malformed => new DeliveryRefusal(RefusalReason.MalformedSignature, "The signature's headers are malformed."),
            WebhookVerification.TimestampTooOld => new DeliveryRefusal(RefusalReason.TimestampTooOld, "The request was signed too long ago."),
            WebhookVerification.TimestampTooNew => new DeliveryRefusal(RefusalReason.TimestampTooNew, "The request was signed in the future: a clock is wrong."),
            _ => new DeliveryRefusal(RefusalReason.WrongSignature, "The signature is of none of the secrets."),
        };
    }

    private bool IsConsumed(string subscription, string? endpoints) =>
        (endpoints is null || endpoints == subscription) && (subscriptions.Count == 0 || subscriptions.ContainsKey(subscription));
}
