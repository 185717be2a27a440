using System.Globalization;
using TxMsg.Contracts.Messages;
using TxMsg.Contracts.Operations;
using TxMsg.Server.Access;
using TxMsg.Server.Http;
using TxMsg.Server.OpenApi;
using TxMsg.Server.Registry;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.BulkActions;

/// <summary>The HTTP face of bulk actions; for administration.</summary>
public static class BulkActionEndpoints
{
    private const string Json = "application/problem+json";
    private const string Path = "/v1/bulk-actions";
    private const int MaxLimit = 100;

    /// <summary>Maps them.</summary>
    public static void MapBulkActions(this IEndpointRouteBuilder routes)
    {
        var actions = routes.MapGroup(Path).WithTags("Bulk actions");
        actions.MapPost("", StartAsync).WithSummary("Redeliver or discard dead letters, ask about, commit or roll back undecided messages: many, in the background")
            .Accepts<BulkActionRequest>("application/json").Produces<BulkActionResource>(202).Produces<Problem>(400, Json).Produces<Problem>(409, Json);
        actions.MapPost("/count", CountAsync).WithSummary("How many that would be; does nothing")
            .Accepts<BulkActionRequest>("application/json").Produces<BulkActionCount>().Produces<Problem>(400, Json);
        actions.MapGet("", ListAsync).WithSummary("Bulk actions, newest first")
            .WithQuery("limit", "Most items of the answer").WithQuery("cursor", "The nextCursor of the answer before")
            .Produces<BulkActionList>().Produces<Problem>(400, Json);
        actions.MapGet("/{id}", FindAsync).WithSummary("A bulk action and how far it is").Produces<BulkActionResource>().Produces<Problem>(404, Json);
        actions.MapPost("/{id}/cancel", CancelAsync).WithSummary("End it; what was done stays done")
            .Accepts<ReasonRequest>(isOptional: true, "application/json")
            .Produces<BulkActionResource>().Produces<Problem>(404, Json).Produces<Problem>(409, Json);
    }

    private static async Task StartAsync(HttpContext context, BulkActionService service, RegistryCache registry)
    {
        if (await ReadAsync(context, registry, needsReason: true) is not (var request, var plan)) return;
        if (await service.StartAsync(plan, context.Caller().Name, request.Reason!, context.RequestAborted) is not { } row)
        {
            var now = await service.CountAsync(plan, context.RequestAborted);
            await context.ProblemAsync(Problems.StateConflict($"{(now.IsExact ? "" : "At least ")}{now.Count} match now; {request.Counted!.Count} were counted. Nothing was done."));
            return;
        }

        context.Response.Headers.Location = $"{Path}/{row.ActionId}";
        await AnswerAsync(context, 202, row);
    }

    private static async Task CountAsync(HttpContext context, BulkActionService service, RegistryCache registry)
    {
        if (await ReadAsync(context, registry, needsReason: false) is not (_, var plan)) return;
        await context.JsonAsync(200, await service.CountAsync(plan, context.RequestAborted), WireJson.Default.BulkActionCount);
    }

    private static async Task ListAsync(HttpContext context, BulkActionService service)
    {
        var errors = new FieldErrors();
        var given = QueryText.ReadAll(context.Request.Query, ["limit", "cursor"], errors);
        var (limit, cursor) = (50, MessageCursor.Start);
        if (given.TryGetValue("limit", out var text) && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit))
            errors.Add("limit", $"A whole number from 1 to {MaxLimit}.");
        if (given.TryGetValue("cursor", out var place) && !MessageCursor.TryParse(place, out cursor))
            errors.Add("cursor", "This is not a cursor of this list.");
        if (!errors.IsEmpty) await context.ProblemAsync(Problems.InvalidInput(errors));
        else await context.JsonAsync(200, await service.ListAsync(cursor, limit, context.RequestAborted), WireJson.Default.BulkActionList);
    }

    private static async Task FindAsync(HttpContext context, string id, BulkActionService service)
    {
        if (await FindRowAsync(context, id, service) is { } row) await AnswerAsync(context, 200, row);
    }

    private static async Task CancelAsync(HttpContext context, string id, BulkActionService service)
    {
        var request = await Reasons.ReadAsync(context);
        if (request is null || await FindRowAsync(context, id, service) is not { } found) return;
        // One that has been cancelled before is cancelled: asking twice is no error.
        var row = found.ActionState.IsFinal() ? found : await service.CancelAsync(found, context.Caller().Name, request.Reason);
        if (row.ActionState == BulkActionState.Cancelled) await AnswerAsync(context, 200, row);
        else await context.ProblemAsync(Problems.StateConflict($"Bulk action {row.ActionId} is {row.ActionState.ToWire()} already."));
    }

    private static async Task<(BulkActionRequest Request, BulkActionPlan Plan)?> ReadAsync(HttpContext context, RegistryCache registry, bool needsReason)
    {
        var request = await RequestBody.ReadAsync(context, WireJson.Default.BulkActionRequest);
        if (request is null) return null;
        var errors = new FieldErrors();
        if (BulkActionRules.Check(request, registry.Current, needsReason, errors) is { } plan) return (request, plan);
        await context.ProblemAsync(Problems.InvalidInput(errors));
        return null;
    }

    private static async Task<BulkActionRow?> FindRowAsync(HttpContext context, string id, BulkActionService service)
    {
        var row = Uuid.TryParse(id, out var guid) ? await service.FindAsync(guid, context.RequestAborted) : null;
        if (row is null) await context.ProblemAsync(Problems.NotFound("bulk action", id));
        return row;
    }

    private static Task AnswerAsync(HttpContext context, int status, BulkActionRow row) => context.JsonAsync(status, row.ToResource(), WireJson.Default.BulkActionResource);
}
