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
        var request = await RequestBody.ReadAsync(context, WireJson.Default.VerdictsRequest, BodyLimit);
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

    private static async Task<BatchResult> DecideAsync(TransactionCoordinator coordinator, Caller caller, VerdictItem? item)
    {
        if (item is null) return new BatchResult { Status = 400, Problem = Problems.InvalidInput("$", "A JSON object is required.") };
        if (VerdictNames.Parse(item.Verdict) is not { } verdict)
            return Refused(item, Problems.InvalidInput("verdict", "One of commit, rollback."));
        try
        {
            var operation = await coordinator.DecideAsync(item.Id, verdict, VerdictEndpoint.SourceOf(caller, null), null, caller.Name, caller.ProducerId);
            var result = operation.Result;
            return VerdictEndpoint.ProblemOf(item.Id, result) is { } problem
                ? Refused(item, problem) with { State = result.State?.ToWire() }
                : new BatchResult { Id = item.Id, Status = 200, State = result.State!.Value.ToWire() };
        }
        catch (WriteQueueFullException)
        {
            return Refused(item, Problems.Busy());
        }
        catch (StoreUnavailableException)
        {
            return Refused(item, Problems.StoreUnavailable());
        }
    }

    private static BatchResult Refused(VerdictItem item, Problem problem) => new() { Id = item.Id, Status = problem.Status, Problem = problem };
}
