namespace TxMsg.Benchmarks.Sockets;

/// <summary>A socket's owner, called on the loop's thread whenever there is something to read or the peer has closed.</summary>
internal interface IReadable
{
    void OnReadable();
}
