using TxMsg.Client.Coordinator;
using TxMsg.Samples.Shop.Processes;

namespace TxMsg.Samples.Shop.Orders;

/// <summary>Stands between the producer and the coordinator: when the verdict is about to go out, the local transaction is
/// committed, and the coordinator does not know it. The worst moment to die.</summary>
internal sealed class CrashBeforeVerdict(CrashPoint crash) : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
{
    public static CoordinatorClient Client(RoleOptions role, CrashPoint crash) =>
        new(new CoordinatorOptions { Addresses = [role.Coordinator] }, TimeProvider.System, new CrashBeforeVerdict(crash));

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri!.AbsolutePath.EndsWith("/commit", StringComparison.Ordinal)) crash.Reach(CrashPoint.AfterCommit);
        return base.SendAsync(request, cancellationToken);
    }
}
