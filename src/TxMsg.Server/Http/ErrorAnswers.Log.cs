namespace TxMsg.Server.Http;

internal sealed partial class ErrorAnswers
{
    [LoggerMessage(4001, LogLevel.Error, "{Method} {Route} failed")]
    private partial void LogFailed(string method, string route, Exception exception);
}
