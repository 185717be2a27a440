using Microsoft.Extensions.Logging;

namespace TxMsg.Client.Producing.LocalMessages;

public sealed partial class LocalMessageRelay
{
    [LoggerMessage(7201, LogLevel.Error, "Message {MessageId} of topic {Topic} is stuck: the coordinator refused it {Failures} times, last with {Problem}. It waits for a person, and holds back its ordering key {OrderingKey}")]
    private partial void LogStuck(Guid messageId, string topic, int failures, string problem, string? orderingKey);

    [LoggerMessage(7202, LogLevel.Warning, "The coordinator refused message {MessageId} of topic {Topic} ({Failures} of {MaxFailures}): {Problem}")]
    private partial void LogRefused(Guid messageId, string topic, int failures, int maxFailures, string problem);

    [LoggerMessage(7203, LogLevel.Warning, "The coordinator cannot be reached or takes nothing; {Count} local messages wait, the relay tries again without end: {Problem}")]
    private partial void LogUnavailable(int count, string problem);

    [LoggerMessage(7204, LogLevel.Information, "The coordinator takes messages again")]
    private partial void LogAvailable();

    [LoggerMessage(7205, LogLevel.Error, "The oldest local message has waited to be sent since {OldestAt:O}; {Unsent} wait")]
    private partial void LogOverdue(DateTimeOffset oldestAt, long unsent);

    [LoggerMessage(7206, LogLevel.Information, "No local message has waited too long any more")]
    private partial void LogOverdueCleared();

    [LoggerMessage(7207, LogLevel.Error, "A pass of the relay failed; the next one comes in {Wait}. What it held is sent again when its lease is over")]
    private partial void LogPassFailed(Exception exception, TimeSpan wait);

    [LoggerMessage(7208, LogLevel.Debug, "A pass of the relay met another transaction's lock; the next one comes in {Wait}")]
    private partial void LogLocked(Exception exception, TimeSpan wait);

    [LoggerMessage(7209, LogLevel.Error, "OnStuck failed for message {MessageId}")]
    private partial void LogOnStuckFailed(Exception exception, Guid messageId);

    [LoggerMessage(7210, LogLevel.Information, "Purged {Count} local messages")]
    private partial void LogPurged(int count);
}
