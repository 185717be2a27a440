using System.Net;
using System.Net.Sockets;

namespace TxMsg.Server.Webhooks;

/// <summary>Resolves a name, asks the policy about every address, and connects to an address that was checked: a second
/// look-up between check and connect could give another address.</summary>
internal sealed class EndpointConnector(
    AddressPolicy policy,
    TimeSpan timeout,
    Func<string, CancellationToken, Task<IPAddress[]>> resolve,
    ILogger logger)
{
    /// <exception cref="ConnectException">There is no connection; its outcome says why.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint endpoint, CancellationToken cancellationToken)
    {
        var addresses = await AllowedAddressesAsync(endpoint.Host, cancellationToken).ConfigureAwait(false);

        // so that a silent first address leaves time for the others
        var share = timeout / addresses.Count;
        for (var i = 0; ; i++)
        {
            try
            {
                return await ConnectAsync(new IPEndPoint(addresses[i], endpoint.Port), share, cancellationToken).ConfigureAwait(false);
            }
            catch (ConnectException) when (i < addresses.Count - 1)
            {
                // the next address may answer; the failure of the last one is what the caller hears
            }
        }
    }

    private static async Task<Stream> ConnectAsync(IPEndPoint endpoint, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            deadline.CancelAfter(timeout);
            await socket.ConnectAsync(endpoint, deadline.Token).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new ConnectException(WebhookOutcome.ConnectionFailed, $"connecting failed: {e.SocketErrorCode}", e);
        }
        catch (OperationCanceledException e)
        {
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw new ConnectException(WebhookOutcome.ConnectTimedOut, "connecting took too long", e);
        }
    }

    private async Task<List<IPAddress>> AllowedAddressesAsync(string host, CancellationToken cancellationToken)
    {
        var addresses = await ResolveAsync(host, cancellationToken).ConfigureAwait(false);
        var allowed = new List<IPAddress>(addresses.Length);
        foreach (var address in addresses)
        {
            if (policy.IsAllowed(address))
            {
                allowed.Add(AddressPolicy.Normalize(address));
            }
            else
            {
                logger.AddressForbidden(host, address);
            }
        }

        // the address itself is for the log only: lastError would tell a tenant what internal names resolve to
        return allowed.Count > 0 ? allowed : throw new ConnectException(
            WebhookOutcome.AddressForbidden,
            $"the host has no address that may be called; see {WebhookOptions.Section}:{nameof(WebhookOptions.AllowedNetworks)}");
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            var addresses = await resolve(host, cancellationToken).ConfigureAwait(false);
            return addresses.Length > 0 ? addresses : throw new SocketException((int)SocketError.NoData);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            var reason = e is SocketException socket ? $"{socket.SocketErrorCode}" : "not a host name";
            throw new ConnectException(WebhookOutcome.NameNotResolved, $"the host name was not resolved: {reason}", e);
        }
    }
}
