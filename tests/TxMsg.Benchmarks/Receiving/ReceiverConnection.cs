using System.Net.Sockets;
using TxMsg.Benchmarks.Sockets;

namespace TxMsg.Benchmarks.Receiving;

/// <summary>One of the server's connections to the receiver.</summary>
internal sealed class ReceiverConnection(Receiver receiver, Socket socket) : IReadable
{
    private byte[] buffer = new byte[8192];
    private int filled;

    public void OnReadable()
    {
        if (filled == buffer.Length)
            Array.Resize(ref buffer, buffer.Length * 2);
        var read = socket.Receive(buffer.AsSpan(filled), SocketFlags.None, out var error);
        if (read <= 0)
        {
            if (error != SocketError.WouldBlock)
                receiver.Close(socket);
            return;
        }

        filled += read;
        while (DeliveryRequest.TryRead(buffer.AsSpan(0, filled), out var request))
        {
            receiver.Accept(request);
            socket.Send("HTTP/1.1 204 No Content\r\n\r\n"u8);
            buffer.AsSpan(request.Length, filled - request.Length).CopyTo(buffer);
            filled -= request.Length;
        }
    }
}
