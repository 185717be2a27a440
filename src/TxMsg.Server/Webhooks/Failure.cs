using System.Net.Sockets;

namespace TxMsg.Server.Webhooks;

/// <summary>Where a request failed. The words are ours: those of the framework may repeat what the receiver sent.</summary>
internal readonly record struct Failure(WebhookOutcome Outcome, string Error)
{
    private const string NoConnection = "there was no connection in time";

    /// <summary>The deadline has passed.</summary>
    public static Failure OfDeadline(bool sent, int? status) => (sent, status) switch
    {
        (false, _) => new(WebhookOutcome.ConnectTimedOut, NoConnection),
        (_, null) => new(WebhookOutcome.TimedOut, "there was no answer in time"),
        _ => new(WebhookOutcome.TimedOut, "the body of the answer did not end in time"),
    };

    /// <summary>The handler gave up by itself.</summary>
    public static Failure Of(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is ConnectException connect)
            {
                return new(connect.Outcome, connect.Message);
            }
        }

        return exception switch
        {
            OperationCanceledException => new(WebhookOutcome.ConnectTimedOut, NoConnection), // its own limit for connecting
            HttpRequestException { HttpRequestError: HttpRequestError.Unknown, InnerException: null } => Of(HttpRequestError.InvalidResponse), // an endless chunk
            HttpRequestException e => Of(e.HttpRequestError),
            HttpIOException e => Of(e.HttpRequestError),
            IOException => Of(HttpRequestError.ResponseEnded),
            SocketException => Of(HttpRequestError.ConnectionError), // reset while the connection was made
            _ => new(WebhookOutcome.InvalidRequest, $"it cannot be sent: {exception.GetType().Name}"),
        };
    }

    private static Failure Of(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => new(WebhookOutcome.NameNotResolved, "the host name was not resolved"),
        HttpRequestError.ConnectionError => new(WebhookOutcome.ConnectionFailed, "connecting failed"),
        HttpRequestError.SecureConnectionError => new(WebhookOutcome.TlsFailed, "the TLS handshake failed"),
        HttpRequestError.InvalidResponse => new(WebhookOutcome.ProtocolError, "the answer is not HTTP/1.1"),
        HttpRequestError.ConfigurationLimitExceeded => new(WebhookOutcome.ProtocolError, "the headers of the answer are too long"),
        HttpRequestError.Unknown or HttpRequestError.ResponseEnded =>
            new(WebhookOutcome.ConnectionLost, "the connection was closed before the answer was whole"),
        _ => new(WebhookOutcome.ProtocolError, $"the exchange failed: {error}"),
    };
}
