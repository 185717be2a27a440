using System.Net;

namespace TxMsg.Server.Webhooks;

internal static partial class WebhooksLog
{
    [LoggerMessage(5001, LogLevel.Warning, "Webhooks may not call {Address}, an address of {Host}; TxMsg:Webhooks:AllowedNetworks tells which they may")]
    public static partial void AddressForbidden(this ILogger logger, string host, IPAddress address);
}
