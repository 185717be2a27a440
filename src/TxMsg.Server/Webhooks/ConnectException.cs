namespace TxMsg.Server.Webhooks;

/// <summary>Carries the outcome of connecting through the HTTP handler, which only lets exceptions pass.</summary>
internal sealed class ConnectException(WebhookOutcome outcome, string message, Exception? inner = null) : IOException(message, inner)
{
    public WebhookOutcome Outcome { get; } = outcome;
}
