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

    private static async Task ListAsync(HttpContext context, AlertStore store, ConditionReader conditions)
    {
        var rows = await store.ListAsync(context.RequestAborted);
        var now = (await conditions.ReadAsync(context.RequestAborted)).ToDictionary(condition => condition.Key, StringComparer.Ordinal);
        // What no longer holds is about to be cleared.
        var items = rows.Where(row => !row.IsClearing && now.ContainsKey(row.ConditionKey)).Select(row => ToResource(row, now[row.ConditionKey])).ToArray();
        await context.JsonAsync(200, new ItemList<AlertResource> { Items = items }, AlertJson.Default.AlertList);
    }

    private static AlertResource ToResource(AlertRow row, AlertCondition condition) => new()
    {
        Alert = row.Kind,
        Subject = row.Subject,
        Count = condition.Count,
        AgeSeconds = condition.Age?.TotalSeconds,
        Detail = row.Detail,
        RaisedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.RaisedAt),
        NotifiedAt = row.NotifiedAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
    };
}
