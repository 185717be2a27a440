using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Deliveries;

/// <summary>Records attempts. A row that this node no longer holds is left as it is: its token fences the older holder off.</summary>
public sealed partial class DeliveryResultStep(OrderingLanes lanes, ILogger<DeliveryResultStep> logger) : WriteStep<DeliveryResult>
{
    private static readonly BatchStatement<DeliveryResult> MarkDelivered = new(
        "MarkDeliveriesDelivered", "dbo.delivered_rows",
        [
            new("id", BatchColumnType.Int64), new("lease_token", BatchColumnType.Int64), new("attempts", BatchColumnType.Int32),
            new("last_status", BatchColumnType.Int32), new("last_latency_ms", BatchColumnType.Int64), new("last_attempt_at", BatchColumnType.Int64),
            new("finished_at", BatchColumnType.Int64),
        ],
        static (row, write) =>
        {
            var attempt = row.Attempt!;
            write.Int64(row.Delivery.Id);
            write.Int64(row.Delivery.LeaseToken);
            write.Int32(attempt.Number);
            write.Int32(attempt.Status);
            write.Int64(attempt.LatencyMs);
            write.Int64(attempt.At);
            write.Int64(attempt.At + attempt.LatencyMs);
        });

    private static readonly BatchStatement<DeliveryResult> MarkFailed = new(
        "MarkDeliveriesFailed", "dbo.failed_rows",
        [
            new("id", BatchColumnType.Int64), new("lease_token", BatchColumnType.Int64), new("state", BatchColumnType.Int32),
            new("due_at", BatchColumnType.Int64), new("attempts", BatchColumnType.Int32), new("last_status", BatchColumnType.Int32),
            new("last_error", BatchColumnType.Text, 1000), new("last_latency_ms", BatchColumnType.Int64), new("last_attempt_at", BatchColumnType.Int64),
            new("finished_at", BatchColumnType.Int64),
        ],
        WriteFailed);

    private static readonly BatchStatement<DeliveryResult> InsertAttempts = new(
        "InsertDeliveryAttempts", "dbo.attempt_rows",
        [
            new("delivery_id", BatchColumnType.Int64), new("attempt", BatchColumnType.Int32), new("at", BatchColumnType.Int64),
            new("endpoint", BatchColumnType.Text, 2048), new("outcome", BatchColumnType.Text, 64), new("status", BatchColumnType.Int32),
            new("latency_ms", BatchColumnType.Int64), new("error", BatchColumnType.Text, 1000),
        ],
        WriteAttempt);

    private static readonly BatchStatement<DeliveryResult> Release = new(
        "ReleaseDeliveries", "dbo.released_rows",
        [new("id", BatchColumnType.Int64), new("lease_token", BatchColumnType.Int64), new("due_at", BatchColumnType.Int64)],
        static (row, write) =>
        {
            write.Int64(row.Delivery.Id);
            write.Int64(row.Delivery.LeaseToken);
            write.Int64(row.DueAt);
        });

    private readonly List<DeliveryResult> delivered = [];
    private readonly List<DeliveryResult> failed = [];
    private readonly List<DeliveryResult> released = [];

    /// <inheritdoc/>
    protected override void Apply(WriteSession session, IReadOnlyList<DeliveryResult> operations)
    {
        Sort(operations);
        var touched = lanes.Lock(session, operations
            .Where(result => result.Delivery.LaneKey is not null && result.State is (DeliveryState.Delivered or DeliveryState.DeadLettered))
            .Select(result => (result.Delivery.SubscriptionId, result.Delivery.LaneKey!)));
        var recorded = 0;
        if (delivered.Count > 0)
        {
            var rows = session.Execute(MarkDelivered, delivered);
            session.Count("delivered", rows);
            recorded += rows;
        }

        if (failed.Count > 0)
        {
            recorded += session.Execute(MarkFailed, failed);
            // Two of a number: the second one's lease was lost before it ended.
            session.Execute(InsertAttempts, failed.DistinctBy(result => (result.Delivery.Id, result.Attempt!.Number)).ToArray());
        }

        if (released.Count > 0) recorded += session.Execute(Release, released);
        lanes.Advance(session, touched);
        if (touched.Count > 0) lanes.LeaseNext(session, operations);
        if (recorded == operations.Count) return;
        // Which of them is not worth a question: to write one again that was recorded changes nothing.
        foreach (var operation in operations) operation.Result = false;
        LogFenced(operations.Count - recorded);
    }

    private void Sort(IReadOnlyList<DeliveryResult> operations)
    {
        delivered.Clear();
        failed.Clear();
        released.Clear();
        foreach (var result in operations)
        {
            result.Result = true;
            result.Next = null;
            (result.Event switch
            {
                DeliveryEvent.Acknowledge => delivered,
                DeliveryEvent.Release => released,
                _ => failed,
            }).Add(result);
        }
    }

    private static void WriteFailed(DeliveryResult row, ColumnWriter write)
    {
        var attempt = row.Attempt!;
        write.Int64(row.Delivery.Id);
        write.Int64(row.Delivery.LeaseToken);
        write.Int32((int)row.State);
        write.Int64(row.DueAt);
        write.Int32(attempt.Number);
        write.Int32(attempt.Status);
        write.Text(attempt.Error);
        write.Int64(attempt.LatencyMs);
        write.Int64(attempt.At);
        write.Int64(row.State == DeliveryState.DeadLettered ? attempt.At + attempt.LatencyMs : null);
    }

    private static void WriteAttempt(DeliveryResult row, ColumnWriter write)
    {
        var attempt = row.Attempt!;
        write.Int64(row.Delivery.Id);
        write.Int32(attempt.Number);
        write.Int64(attempt.At);
        write.Text(attempt.Endpoint);
        write.Text(attempt.Outcome);
        write.Int32(attempt.Status);
        write.Int64(attempt.LatencyMs);
        write.Text(attempt.Error);
    }

    [LoggerMessage(3001, LogLevel.Warning, "{Count} delivery results came after their lease was lost; the deliveries are another holder's")]
    private partial void LogFenced(int count);
}
