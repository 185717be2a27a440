using System.Net;
using System.Net.Sockets;

namespace TxMsg.AcceptanceTests.Harness;

/// <summary>A port of the loopback interface that nobody uses right now.</summary>
public static class FreePort
{
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
