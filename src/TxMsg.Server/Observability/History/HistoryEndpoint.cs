using TxMsg.Server.Http;

namespace TxMsg.Server.Observability.History;

/// <summary><c>GET /v1/stats/history</c>.</summary>
internal static class HistoryEndpoint
{
    public static async Task HandleAsync(HttpContext context, HistoryReader reader)
    {
        var errors = new FieldErrors();
        var query = HistoryQuery.Read(context.Request.Query, errors);
        if (errors.IsEmpty) await context.JsonAsync(200, await reader.ReadAsync(query, context.RequestAborted), WireJson.Default.StatsHistory);
        else await context.ProblemAsync(Problems.InvalidInput(errors));
    }
}
