namespace TxMsg.Server.Http;

internal sealed partial class ErrorAnswers
{
    [LoggerMessage(4001, LogLevel.Error, "{Method} {Route} failed")]
    private partial void LogFailed(string method, string route, Exception exception);

    [LoggerMessage(4004, LogLevel.Error, "Requests that failed for want of the store or of memory: {Count}, the last {Method} {Route}")]
    private partial void LogShortage(int count, string method, string route, Exception exception);
}
