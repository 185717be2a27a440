using System.Net;
using System.Net.Sockets;

namespace TxMsg.Stores.Tests;

/// <summary>A way to the server that is shut at first: whoever knocks is refused.</summary>
internal sealed class Door : IAsyncDisposable
{
    private readonly (string Host, int Port) server;
    private readonly int port;
    private readonly List<TcpClient> ends = [];
    private TcpListener? listener;

    /// <param name="dataSource">The server, as in its connection string: with its port.</param>
    public Door(string dataSource)
    {
        var parts = dataSource.Replace("tcp:", "", StringComparison.Ordinal).Split(',');
        server = (parts[0], parts.Length > 1 ? int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) : 1433);
        using var reservation = new TcpListener(IPAddress.Loopback, 0);
        reservation.Start();
        port = ((IPEndPoint)reservation.LocalEndpoint).Port;
    }

    public string DataSource => $"127.0.0.1,{port}";

    public void Open()
    {
        listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        _ = LetInAsync(listener);
    }

    public ValueTask DisposeAsync()
    {
        listener?.Dispose();
        lock (ends) ends.ForEach(end => end.Dispose());
        return ValueTask.CompletedTask;
    }

    private async Task LetInAsync(TcpListener door)
    {
        try
        {
            while (true)
            {
                var guest = await door.AcceptTcpClientAsync();
                var host = new TcpClient();
                lock (ends) ends.AddRange([guest, host]);
                await host.ConnectAsync(server.Host, server.Port);
                _ = CarryAsync(guest, host);
                _ = CarryAsync(host, guest);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is taken away.
        }
    }

    private static async Task CarryAsync(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream());
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // One end is gone.
        }

        to.Dispose();
    }
}
