using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.CheckBacks;

/// <summary>Records check-backs.</summary>
public sealed class CheckBackRecordStep : WriteStep<CheckBackRecord>
{
    private static readonly BatchStatement<CheckBackRecord> UpdateMessages = new(
        "RecordCheckBacks", "dbo.check_back_result_rows",
        [
            new("message_seq", BatchColumnType.Int64), new("check_back_token", BatchColumnType.Int64), new("check_backs", BatchColumnType.Int32),
            new("unknown_answers", BatchColumnType.Int32), new("state", BatchColumnType.Int32), new("check_back_at", BatchColumnType.Int64),
            new("now", BatchColumnType.Int64),
        ],
        static (row, write) =>
        {
            write.Int64(row.Message.Seq);
            write.Int64(row.Message.CheckBackToken);
            write.Int32(row.Message.Attempt);
            write.Int32(row.Message.UnknownAnswers + (row.Answer == CheckBackAnswer.Unknown ? 1 : 0));
            write.Int32((int)row.State);
            write.Int64(row.NextAt);
            write.Int64(row.At + row.LatencyMs);
        });

    private static readonly BatchStatement<CheckBackRecord> InsertCheckBacks = new(
        "InsertCheckBacks", "dbo.check_back_rows",
        [
            new("message_seq", BatchColumnType.Int64), new("attempt", BatchColumnType.Int32), new("at", BatchColumnType.Int64),
            new("url", BatchColumnType.Text, 2048), new("status", BatchColumnType.Int32), new("latency_ms", BatchColumnType.Int64),
            new("answer", BatchColumnType.Text, 16), new("error", BatchColumnType.Text, 1000),
        ],
        static (row, write) =>
        {
            write.Int64(row.Message.Seq);
            write.Int32(row.Message.Attempt);
            write.Int64(row.At);
            write.Text(row.Url);
            write.Int32(row.Status);
            write.Int64(row.LatencyMs);
            write.Text(row.Answer.ToWire());
            write.Text(row.Error);
        });

    /// <inheritdoc/>
    protected override void Apply(WriteSession session, IReadOnlyList<CheckBackRecord> operations)
    {
        // Of two about one message, only the one that still has the claim counts; both are in the timeline.
        var byNumber = new Dictionary<(long Seq, long Attempt), CheckBackRecord>(operations.Count);
        foreach (var operation in operations)
        {
            operation.Result = false;
            byNumber[(operation.Message.Seq, operation.Message.Attempt)] = operation;
        }

        var distinct = byNumber.Values.ToArray();
        session.Query(UpdateMessages, distinct, row =>
        {
            var operation = byNumber[(row.Int64(0), row.Int64(1))];
            operation.Result = operation.State == MessageState.Parked && operation.Message.MessageState == MessageState.Prepared;
        });
        session.Execute(InsertCheckBacks, distinct);
    }
}
