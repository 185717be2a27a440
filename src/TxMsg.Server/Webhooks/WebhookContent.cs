using System.Net;

namespace TxMsg.Server.Webhooks;

/// <summary>The body of a request, which also knows whether the handler had a connection to write it to.</summary>
internal sealed class WebhookContent(ReadOnlyMemory<byte> body) : HttpContent
{
    private volatile bool _sent;

    /// <summary>False as long as the receiver cannot have seen anything.</summary>
    public bool Sent => _sent;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _sent = true;
        return stream.WriteAsync(body, cancellationToken).AsTask();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
