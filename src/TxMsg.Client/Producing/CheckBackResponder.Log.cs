using Microsoft.Extensions.Logging;

namespace TxMsg.Client.Producing;

public sealed partial class CheckBackResponder
{
    [LoggerMessage(7101, LogLevel.Debug, "Check-back {Attempt} of message {MessageId} answered: {Answer}")]
    private partial void LogAnswered(Guid messageId, CheckBackAnswer answer, int attempt);

    [LoggerMessage(7102, LogLevel.Warning, "A check-back was refused with {Status}: {Problem}")]
    private partial void LogRefused(int status, string problem);

    [LoggerMessage(7103, LogLevel.Error, "The database could not answer the check-back of message {MessageId}; the coordinator asks again")]
    private partial void LogFailed(Guid messageId, Exception exception);

    [LoggerMessage(7104, LogLevel.Warning, "Message {MessageId} was prepared at {PreparedAt}: the barrier's row may have been purged, and without one the answer is unknown")]
    private partial void LogTooOld(Guid messageId, DateTimeOffset preparedAt);
}
