using System.Net;

namespace TxMsg.Client.Coordinator;

/// <summary>Asks the coordinator for its nodes, beside the calls that are made anyway: no call waits for it, and an idle client asks nothing.
/// A list that cannot be had, or names no node that may be called, leaves the one that is there.</summary>
internal sealed class NodeDiscovery(CoordinatorTransport transport, CoordinatorOptions options, TimeProvider time) : IDisposable
{
    // Far above any installation; what a client tries one after the other has an end.
    private const int MostNodes = 100;

    // After a node failed the list is likely to change: it is asked for sooner, but not by every call that meets a failure.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private static readonly CoordinatorCall Call = new("nodes", HttpMethod.Get, "v1/nodes");

    private readonly CancellationTokenSource ending = new();
    private readonly bool isLoopback = options.Addresses.Any(address => address.IsLoopback);
    private readonly bool isEncrypted = options.Addresses.All(address => address.Scheme == Uri.UriSchemeHttps);
    private long? askedAt;
    private bool isSoon;
    private int isRunning;

    /// <summary>Asks, if it is time to.</summary>
    public void AskIfDue()
    {
        if (Interlocked.Exchange(ref isRunning, 1) != 0) return;
        // Not in the caller's context: its trace ends before this may.
        if (IsDue()) ThreadPool.UnsafeQueueUserWorkItem(static self => _ = self.AskAsync(), this, preferLocal: false);
        else Volatile.Write(ref isRunning, 0);
    }

    /// <summary>A node failed.</summary>
    public void AskSoon() => Volatile.Write(ref isSoon, true);

    /// <summary>Asks no more.</summary>
    public void Dispose() => ending.Cancel();

    /// <summary>The addresses of the nodes that are alive, one each: the first that this client may call.</summary>
    internal IEnumerable<Uri> Usable(NodesAnswer answer) => (answer.Items ?? [])
        .Where(node => node.State == "alive")
        .Select(node => (node.Addresses ?? []).Select(text => Uri.TryCreate(text, UriKind.Absolute, out var address) ? address : null).FirstOrDefault(MayCall))
        .OfType<Uri>()
        .Take(MostNodes);

    private bool IsDue() => askedAt is not { } last || time.GetElapsedTime(last) >= (Volatile.Read(ref isSoon) ? Soon : options.NodeRefreshInterval);

    private async Task AskAsync()
    {
        try
        {
            Volatile.Write(ref isSoon, false);
            var answer = await transport.SendAsync(Call, ClientJson.Default.NodesAnswer, ending.Token).ConfigureAwait(false);
            var announced = Usable(answer).ToArray();
            if (announced.Length > 0) transport.Nodes.Replace(announced);
        }
        catch (CoordinatorException)
        {
            // The list stays; that it was not had is counted among the calls, as "nodes".
        }
        catch (Exception exception) when (ending.IsCancellationRequested && exception is OperationCanceledException or ObjectDisposedException)
        {
            // The client has ended.
        }
        finally
        {
            askedAt = time.GetTimestamp();
            Volatile.Write(ref isRunning, 0);
        }
    }

    // The key goes to where this points: never over a weaker scheme than configured, never to whatever listens on this machine by chance.
    private bool MayCall(Uri? address) =>
        CoordinatorOptions.IsHttp(address) && address!.UserInfo.Length == 0
        && (!isEncrypted || address.Scheme == Uri.UriSchemeHttps)
        && (isLoopback || !address.IsLoopback)
        && !(IPAddress.TryParse(address.DnsSafeHost, out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)));
}
