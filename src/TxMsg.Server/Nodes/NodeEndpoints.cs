using TxMsg.Contracts.Operations;
using TxMsg.Contracts.Registration;
using TxMsg.Server.Http;

namespace TxMsg.Server.Nodes;

/// <summary>The HTTP face of nodes; for administration.</summary>
public static class NodeEndpoints
{
    /// <summary>Maps <c>GET /v1/nodes</c>.</summary>
    public static void MapNodes(this IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/nodes", async (HttpContext context, NodeReader nodes) =>
            await context.JsonAsync(200, new ItemList<NodeResource> { Items = await nodes.ListAsync(context.RequestAborted) }, WireJson.Default.NodeList))
        .WithTags("Operations")
        .WithSummary("The processes of the coordinator, the last heard of first")
        .Produces<ItemList<NodeResource>>();
}
