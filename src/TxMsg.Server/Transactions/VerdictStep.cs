using TxMsg.Server.BulkActions;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Transactions;

/// <summary>Stores verdicts: the first one wins, and a commit fans out in the same transaction.</summary>
public sealed class VerdictStep(FanOut fanOut) : WriteStep<VerdictOperation>
{
    private static readonly BatchStatement<VerdictOperation> DecideMessages = new(
        "DecideMessages", "dbo.verdict_rows",
        [
            new("id", BatchColumnType.Binary, 16), new("state", BatchColumnType.Int32), new("decided_at", BatchColumnType.Int64),
            new("decided_by", BatchColumnType.Int32), new("reason", BatchColumnType.Text, 1000), new("only_producer_id", BatchColumnType.Int64),
        ],
        static (row, write) =>
        {
            write.Binary(row.Id.ToByteArray(bigEndian: true));
            write.Int32((int)StateAfter(row.Verdict));
            write.Int64(row.Now);
            write.Int32((int)row.Source);
            write.Text(row.Reason);
            write.Int64(row.OnlyProducerId);
        });

    private static readonly BatchStatement<VerdictOperation> FindVerdicts = new(
        "FindVerdicts", "dbo.id_rows",
        [new("id", BatchColumnType.Binary, 16)],
        static (row, write) => write.Binary(row.Id.ToByteArray(bigEndian: true)));

    private static readonly BatchStatement<(VerdictOperation Operation, long Seq)> AddActions = new(
        "AddOperatorActionsOnMessages", "dbo.operator_action_rows",
        [
            new("at", BatchColumnType.Int64), new("actor", BatchColumnType.Text, 128), new("action", BatchColumnType.Text, 64),
            new("message_seq", BatchColumnType.Int64), new("reason", BatchColumnType.Text, 1000),
        ],
        static (row, write) =>
        {
            write.Int64(row.Operation.Now);
            write.Text(row.Operation.Actor ?? "operator");
            write.Text(row.Operation.Verdict.ToWire());
            write.Int64(row.Seq);
            write.Text(row.Operation.Reason);
        });

    private readonly Dictionary<Guid, VerdictOperation> first = [];
    private readonly List<VerdictOperation> deciding = [];
    private readonly List<CommittedMessage> committed = [];
    private readonly List<(VerdictOperation Operation, long Seq)> byOperators = [];

    /// <inheritdoc/>
    protected override void Apply(WriteSession session, IReadOnlyList<VerdictOperation> operations)
    {
        committed.Clear();
        byOperators.Clear();
        foreach (var operation in operations) operation.Result = VerdictResult.NotFound;
        var decided = 0;
        for (var open = operations; open.Count > 0; open = Overshadowed(open)) decided += Decide(session, open);
        if (committed.Count > 0) fanOut.Write(session, committed);
        if (byOperators.Count > 0)
        {
            session.Execute(AddActions, byOperators);
            BulkActionTally.Add(session, byOperators.Where(entry => entry.Operation.BulkActionSeq is not null).Select(entry => (entry.Operation.BulkActionSeq!.Value, 1L)));
        }

        session.Count("committed", committed.Count);
        session.Count("rolledBack", decided - committed.Count);
    }

    /// <inheritdoc/>
    protected override void Rollback(IReadOnlyList<VerdictOperation> operations)
    {
        foreach (var operation in operations) operation.Result?.Decided?.FannedOut?.GiveBack();
    }

    // The first verdict on each message; the others learn what is recorded.
    private int Decide(WriteSession session, IReadOnlyList<VerdictOperation> operations)
    {
        first.Clear();
        deciding.Clear();
        foreach (var operation in operations)
            if (first.TryAdd(operation.Id, operation)) deciding.Add(operation);
        var decided = 0;
        session.Query(DecideMessages, deciding, row =>
        {
            decided++;
            var operation = first[row.Id(1)];
            operation.Result = new VerdictResult(VerdictOutcome.Decided, StateAfter(operation.Verdict)) { Decided = Read(operation, row) };
        });
        SortDecided();
        if (decided < operations.Count) ExplainRefused(session, operations);
        return decided;
    }

    // A stranger's verdict stood before them in the set and was refused: the message is still theirs to decide.
    private VerdictOperation[] Overshadowed(IReadOnlyList<VerdictOperation> operations) => deciding.Count == operations.Count
        ? []
        : operations.Where(operation => operation.Result is { Outcome: VerdictOutcome.Conflict, State: MessageState.Prepared or MessageState.Parked } && first[operation.Id] != operation).ToArray();

    // In the order of the set, which is the order within an ordering key: rows come back in any.
    private void SortDecided()
    {
        foreach (var operation in deciding)
        {
            if (operation.Result.Decided is not { } message) continue;
            if (operation.Verdict == Verdict.Commit)
            {
                var commit = CommittedMessage.From(message, operation);
                // Noted before the fan-out reserves room for it, so that a failure in between gives the room back.
                message.FannedOut = commit.FannedOut;
                committed.Add(commit);
            }

            if (operation.Source == VerdictSource.Operator) byOperators.Add((operation, message.Seq));
        }
    }

    private static MessageState StateAfter(Verdict verdict) => verdict == Verdict.Commit ? MessageState.Committed : MessageState.RolledBack;

    // What this node still has in memory need not be copied out of the row again; unless the row is another message's, prepared
    // under the same id after the first was purged.
    private static DecidedMessage Read(VerdictOperation operation, ResultRow row) =>
        operation.Cached is { } prepared && prepared.Seq == row.Int64(0) && prepared.Now == row.Int64(9)
            ? Read(operation, prepared.Message, row)
            : ReadWhole(operation, row);

    private static DecidedMessage Read(VerdictOperation operation, NewMessage cached, ResultRow row) => new()
    {
        Seq = row.Int64(0),
        Id = operation.Id,
        ProducerId = cached.ProducerId,
        Topic = cached.Topic,
        Key = cached.Key,
        Tag = cached.Tag,
        OrderingKey = cached.OrderingKey,
        DelayMs = (long)cached.Delay.TotalMilliseconds,
        TraceParent = cached.TraceParent,
        PreparedAt = row.Int64(9),
        CheckBacks = (int)row.Int64(10),
        Content = cached.Content,
    };

    private static DecidedMessage ReadWhole(VerdictOperation operation, ResultRow row) => new()
    {
        Seq = row.Int64(0),
        Id = operation.Id,
        ProducerId = row.Int64(2),
        Topic = row.Text(3)!,
        Key = row.Text(4),
        Tag = row.Text(5),
        OrderingKey = row.Text(6),
        DelayMs = row.Int64(7),
        TraceParent = row.Text(8),
        PreparedAt = row.Int64(9),
        CheckBacks = (int)row.Int64(10),
    };

    // Decided before, another producer's, or unknown; and those after the first of their id in this set.
    private void ExplainRefused(WriteSession session, IReadOnlyList<VerdictOperation> operations)
    {
        var refused = operations.Where(operation => operation.Result.Outcome != VerdictOutcome.Decided).ToList();
        session.Query(FindVerdicts, refused.DistinctBy(operation => operation.Id).ToList(), row =>
        {
            var id = row.Id(0);
            var state = (MessageState)row.Int64(1);
            var producerId = row.Int64(2);
            foreach (var operation in refused.Where(operation => operation.Id == id))
                operation.Result = Explain(operation, state, producerId);
        });
    }

    private static VerdictResult Explain(VerdictOperation operation, MessageState state, long producerId)
    {
        if (operation.OnlyProducerId is { } only && only != producerId) return new VerdictResult(VerdictOutcome.Forbidden, null);
        var same = state.Recorded() == operation.Verdict;
        return new VerdictResult(same ? VerdictOutcome.Repeated : VerdictOutcome.Conflict, state);
    }
}
