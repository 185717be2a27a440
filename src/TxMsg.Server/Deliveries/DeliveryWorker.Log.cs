namespace TxMsg.Server.Deliveries;

public sealed partial class DeliveryWorker
{
    [LoggerMessage(3010, LogLevel.Error, "An attempt of message {MessageId} for subscription {SubscriptionId} broke off; it is tried again when its lease expires")]
    private partial void LogAttemptBroken(Guid messageId, long subscriptionId, Exception exception);

    [LoggerMessage(3011, LogLevel.Warning, "The endpoint of subscription {Subscription} keeps failing; nothing is sent there until {Until:o}")]
    private partial void LogBackedOff(string subscription, DateTimeOffset until);

    [LoggerMessage(3012, LogLevel.Warning, "Message {MessageId} is a dead letter of subscription {Subscription} after {Attempts} attempts, last status {Status}")]
    private partial void LogDeadLettered(Guid messageId, string subscription, int attempts, int? status);

    [LoggerMessage(3014, LogLevel.Critical, "Message {MessageId} is damaged in the store and a dead letter of subscription {Subscription}")]
    private partial void LogDamaged(Guid messageId, string subscription, Exception exception);

    [LoggerMessage(3015, LogLevel.Error, "Subscriptions that could not be paused after an answer of 410: {Count}, the last {Subscription} after message {MessageId}; the next such answer pauses it")]
    private partial void LogNotPaused(int count, string subscription, Guid messageId, Exception exception);

    [LoggerMessage(3013, LogLevel.Error, "Outcomes of attempts that could not be recorded: {Count}, the last of message {MessageId} for subscription {SubscriptionId}; each is delivered again when its lease expires")]
    private partial void LogNotRecorded(int count, Guid messageId, long subscriptionId, Exception exception);
}
