using System.Text.Json;
using TxMsg.Contracts.Messages;
using TxMsg.Server.Access;
using TxMsg.Server.Http;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Transactions;

/// <summary><c>POST /v1/verdicts</c>.</summary>
internal static class VerdictBatchEndpoint
{
    private const int MaxItems = 1000;
    private const int BodyLimit = 256 * 1024;

    public static async Task HandleAsync(HttpContext context, TransactionCoordinator coordinator)
    {
        var request = await RequestBody.ReadAsync(context, WireJson.Default.UncheckedVerdicts, BodyLimit);
        if (request is null) return;
        if (request.Verdicts.Count is 0 or > MaxItems)
        {
            await context.ProblemAsync(Problems.InvalidInput("verdicts", $"1 to {MaxItems} verdicts."));
            return;
        }

        var caller = context.Caller();
        var results = await Task.WhenAll(request.Verdicts.Select(item => DecideAsync(coordinator, caller, item)));
        await context.JsonAsync(200, new BatchResults(results), WireJson.Default.BatchResults);
    }

    private static async Task<BatchResult> DecideAsync(TransactionCoordinator coordinator, Caller caller, JsonElement given)
    {
        UncheckedVerdict? item;
        try
        {
            item = given.Deserialize(WireJson.Default.UncheckedVerdict);
        }
        catch (JsonException exception)
        {
            return new BatchResult { Status = 400, Problem = RequestBody.JsonProblem(exception) };
        }

        if (item is null) return new BatchResult { Status = 400, Problem = Problems.InvalidInput("$", "A JSON object is required.") };
        var errors = new FieldErrors();
        if (!Uuid.TryParse(item.Id, out var id)) errors.Add("id", item.Id is null ? "This field is required." : "This is not a UUID.");
        var verdict = VerdictNames.Parse(item.Verdict);
        if (verdict is null) errors.Add("verdict", "One of commit, rollback.");
        if (!errors.IsEmpty) return new BatchResult { Id = id == Guid.Empty ? null : id, Status = 400, Problem = Problems.InvalidInput(errors) };
        try
        {
            var operation = await coordinator.DecideAsync(id, verdict!.Value, VerdictEndpoint.SourceOf(caller, null), null, caller.Name, caller.ProducerId);
            var result = operation.Result;
            return VerdictEndpoint.ProblemOf(id, result) is { } problem
                ? Refused(id, problem) with { State = result.State?.ToWire() }
                : new BatchResult { Id = id, Status = 200, State = result.State!.Value.ToWire() };
        }
        catch (WriteQueueFullException)
        {
            return Refused(id, Problems.Busy());
        }
        catch (StoreUnavailableException)
        {
            return Refused(id, Problems.StoreUnavailable());
        }
    }

    private static BatchResult Refused(Guid id, Problem problem) => new() { Id = id, Status = problem.Status, Problem = problem };
}
