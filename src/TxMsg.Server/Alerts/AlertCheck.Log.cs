namespace TxMsg.Server.Alerts;

public sealed partial class AlertCheck
{
    [LoggerMessage(5201, LogLevel.Warning, "Alert {Alert} raised for {Subject}: {Detail}")]
    private partial void LogRaised(string alert, string subject, string detail);

    [LoggerMessage(5202, LogLevel.Warning, "Alert {Alert} cleared for {Subject} after {Duration}")]
    private partial void LogCleared(string alert, string subject, TimeSpan duration);

    [LoggerMessage(5203, LogLevel.Error, "The receiver of alerts did not acknowledge {Alert} for {Subject}: {Reason}. It is told at each check until it does")]
    private partial void LogNotTold(string alert, string subject, string reason);

    [LoggerMessage(5204, LogLevel.Information, "The receiver of alerts acknowledges again")]
    private partial void LogToldAgain();
}
