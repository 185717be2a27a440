using TxMsg.Contracts.Operations;
using TxMsg.Contracts.Registration;
using TxMsg.Server.Http;

namespace TxMsg.Server.Alerts;

/// <summary>The HTTP face of alerts; for administration.</summary>
public static class AlertEndpoints
{
    /// <summary>Maps <c>GET /v1/alerts</c>.</summary>
    public static void MapAlerts(this IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/alerts", ListAsync).WithTags("Operations")
        .WithSummary("The active alerts, oldest first")
        .Produces<ItemList<AlertResource>>();

    private static async Task ListAsync(HttpContext context, AlertReader reader) =>
        await context.JsonAsync(200, new ItemList<AlertResource> { Items = await reader.ListAsync(context.RequestAborted) }, AlertJson.Default.AlertList);
}
