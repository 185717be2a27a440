namespace TxMsg.Server.Webhooks;

/// <summary>How a request ended, told apart by where it happened.</summary>
public enum WebhookOutcome
{
    /// <summary>Nothing was sent: the request breaks <see cref="RequestRules"/>.</summary>
    InvalidRequest,

    /// <summary>The receiver answered; <see cref="WebhookResult.Status"/> tells what.</summary>
    Answered,

    /// <summary>The host name has no address, or the name server failed.</summary>
    NameNotResolved,

    /// <summary>Every address of the host is one that <see cref="AddressPolicy"/> forbids. Nothing was sent.</summary>
    AddressForbidden,

    /// <summary>No connection: refused or unreachable. Nothing was sent.</summary>
    ConnectionFailed,

    /// <summary>No connection in time, or no free one. Nothing was sent.</summary>
    ConnectTimedOut,

    /// <summary>The TLS handshake failed: certificate, name or protocol. Nothing was sent.</summary>
    TlsFailed,

    /// <summary>The request was sent, and no whole answer came in time.</summary>
    TimedOut,

    /// <summary>The receiver closed or reset the connection before its answer was whole.</summary>
    ConnectionLost,

    /// <summary>What came back is not an HTTP/1.1 answer, or its headers are over the limit.</summary>
    ProtocolError,
}
