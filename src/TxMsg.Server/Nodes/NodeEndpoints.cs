using TxMsg.Contracts.Operations;
using TxMsg.Contracts.Registration;
using TxMsg.Server.Access;
using TxMsg.Server.Http;

namespace TxMsg.Server.Nodes;

/// <summary>The HTTP face of nodes. A producer's key sees where the living ones can be called, and nothing else of them.</summary>
public static class NodeEndpoints
{
    /// <summary>Maps <c>GET /v1/nodes</c>.</summary>
    public static void MapNodes(this IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/nodes", HandleAsync).AllowProducers()
        .WithTags("Operations")
        .WithSummary("The processes of the coordinator, the last heard of first; with a producer's key id, addresses and state of those that are alive")
        .Produces<ItemList<NodeResource>>();

    private static async Task HandleAsync(HttpContext context, NodeReader nodes)
    {
        var list = await nodes.ListAsync(context.RequestAborted);
        if (context.IsAdministration()) await context.JsonAsync(200, new ItemList<NodeResource> { Items = list }, WireJson.Default.NodeList);
        else await context.JsonAsync(200, new ItemList<NodeAddresses> { Items = AddressesOf(list) }, WireJson.Default.NodeAddressesList);
    }

    private static NodeAddresses[] AddressesOf(IReadOnlyList<NodeResource> nodes) => nodes.Where(node => node.State == NodeStates.Alive)
        .Select(node => new NodeAddresses { Id = node.Id, Addresses = node.Addresses ?? [], State = node.State })
        .ToArray();
}
