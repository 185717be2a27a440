using Microsoft.Extensions.Logging;

namespace TxMsg.Client.Producing;

public sealed partial class TransactionalProducer
{
    [LoggerMessage(7000, LogLevel.Warning, "Message {Ids}: the local transaction committed, but the coordinator could not be told; it will ask")]
    private partial void LogVerdictPending(string ids, Exception? exception);

    [LoggerMessage(7001, LogLevel.Error, "Message {Ids}: the local transaction committed, but a rollback is recorded; it is not delivered")]
    private partial void LogOverruled(string ids, Exception? exception);

    [LoggerMessage(7002, LogLevel.Warning, "Message {Ids}: the local transaction did not commit, but the coordinator could not be told; it will ask")]
    private partial void LogGiveUpFailed(string ids, Exception exception);

    [LoggerMessage(7003, LogLevel.Debug, "The rollback of a local transaction failed")]
    private partial void LogRollbackFailed(Exception exception);

    [LoggerMessage(7004, LogLevel.Error, "Message {Ids}: the commit of the local transaction failed; the coordinator will ask whether it committed")]
    private partial void LogUncertain(string ids, Exception exception);

    [LoggerMessage(7005, LogLevel.Warning, "Message {Ids}: the local transaction committed, but the coordinator did not know the message any more; it was sent again")]
    private partial void LogSentAgain(string ids);

    [LoggerMessage(7006, LogLevel.Error, "Message {Ids}: the local transaction committed, but the coordinator does not know the message any more, and sending it again failed: {Problem}. It will never be asked about and is not delivered: it must be sent again as an ordinary message with the same id")]
    private partial void LogLost(string ids, string problem, Exception? exception);
}
