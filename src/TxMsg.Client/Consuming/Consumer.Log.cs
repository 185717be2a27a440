using Microsoft.Extensions.Logging;

namespace TxMsg.Client.Consuming;

public sealed partial class Consumer
{
    private void Log(ReceivedMessage message, HandlingOutcome outcome, HandlingResult? result)
    {
        if (outcome == HandlingOutcome.Duplicate) LogDuplicate(message.Id, message.Subscription, message.Attempt);
        else if (outcome == HandlingOutcome.Rejected) LogRejected(message.Id, message.Subscription, result!.Reason!);
        else if (outcome == HandlingOutcome.Tested) LogTested(message.Subscription);
        else if (outcome == HandlingOutcome.Busy) LogBusy(message.Id, message.Subscription, message.Attempt);
    }

    [LoggerMessage(7300, LogLevel.Warning, "A request was refused, {Reason}: {Detail}")]
    private partial void LogRefused(RefusalReason reason, string detail);

    [LoggerMessage(7301, LogLevel.Error, "Message {MessageId} for subscription {Subscription} could not be handled at attempt {Attempt}; what was done is rolled back, and it is tried again")]
    private partial void LogFailed(Guid messageId, string subscription, int attempt, Exception exception);

    [LoggerMessage(7302, LogLevel.Information, "Message {MessageId} for subscription {Subscription} came again at attempt {Attempt} and had been handled")]
    private partial void LogDuplicate(Guid messageId, string subscription, int attempt);

    [LoggerMessage(7303, LogLevel.Warning, "Message {MessageId} for subscription {Subscription} is rejected, and a dead letter: {Reason}")]
    private partial void LogRejected(Guid messageId, string subscription, string reason);

    [LoggerMessage(7304, LogLevel.Warning, "Message {MessageId} for subscription {Subscription} found its handling or the database busy at attempt {Attempt}; it is tried again")]
    private partial void LogBusy(Guid messageId, string subscription, int attempt);

    [LoggerMessage(7305, LogLevel.Information, "A test delivery for subscription {Subscription} was acknowledged; no handler was asked")]
    private partial void LogTested(string subscription);
}
