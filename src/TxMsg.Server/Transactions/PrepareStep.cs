using TxMsg.Server.Deliveries;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Transactions;

/// <summary>Inserts messages. An id that is taken is compared with what it holds: the same is a success, other content a conflict.</summary>
public sealed class PrepareStep(FanOut fanOut) : WriteStep<PrepareOperation>
{
    private static readonly BatchStatement<PrepareOperation> InsertMessages = new(
        "InsertMessages", "dbo.message_rows",
        [
            new("id", BatchColumnType.Binary, 16), new("producer_id", BatchColumnType.Int64), new("topic", BatchColumnType.Text, 256),
            new("key", BatchColumnType.Text, 256), new("tag", BatchColumnType.Text, 256), new("ordering_key", BatchColumnType.Text, 256),
            new("delay_ms", BatchColumnType.Int64), new("trace_parent", BatchColumnType.Text, 64), new("state", BatchColumnType.Int32),
            new("prepared_at", BatchColumnType.Int64), new("check_back_at", BatchColumnType.Int64), new("decided_at", BatchColumnType.Int64),
            new("decided_by", BatchColumnType.Int32),
        ],
        WriteMessage);

    private static readonly BatchStatement<StoredContent> InsertContents = new(
        "InsertMessageContents", "dbo.checked_content_rows",
        [
            new("message_seq", BatchColumnType.Int64), new("content_type", BatchColumnType.Text, 256),
            new("headers", BatchColumnType.Text), new("payload", BatchColumnType.Binary), new("checksum", BatchColumnType.Int64),
        ],
        static (row, write) =>
        {
            write.Int64(row.Seq);
            write.Text(row.Message.Content.ContentType);
            write.Text(row.Message.Content.HeadersJson);
            write.Binary(row.Message.Content.Payload);
            write.Int64(row.Message.Checksum);
        });

    private static readonly BatchStatement<PrepareOperation> FindMessages = new(
        "FindMessagesForComparison", "dbo.id_rows",
        [new("id", BatchColumnType.Binary, 16)],
        static (row, write) => write.Binary(row.Message.Id.ToByteArray(bigEndian: true)));

    private readonly Dictionary<Guid, PrepareOperation> first = [];
    private readonly List<PrepareOperation> inserting = [];
    private readonly List<StoredContent> contents = [];
    private readonly List<CommittedMessage> committed = [];

    /// <inheritdoc/>
    protected override void Apply(WriteSession session, IReadOnlyList<PrepareOperation> operations)
    {
        Forget();
        foreach (var operation in operations)
        {
            operation.Result = PrepareOutcome.Conflict;
            operation.FannedOut = null;
            if (first.TryAdd(operation.Message.Id, operation)) inserting.Add(operation);
        }

        Insert(session);
        if (committed.Count > 0) fanOut.Write(session, committed);
        if (contents.Count < operations.Count) Compare(session, operations);
        session.Count("committed", committed.Count);
    }

    /// <inheritdoc/>
    protected override void Rollback(IReadOnlyList<PrepareOperation> operations)
    {
        foreach (var operation in operations) operation.FannedOut?.GiveBack();
    }

    private void Forget()
    {
        first.Clear();
        inserting.Clear();
        contents.Clear();
        committed.Clear();
    }

    private void Insert(WriteSession session)
    {
        session.Query(InsertMessages, inserting, row =>
        {
            var operation = first[row.Id(1)];
            operation.Result = PrepareOutcome.Created;
            operation.Seq = row.Int64(0);
        });
        // In the order of the set, which is the order within an ordering key: rows come back in any.
        foreach (var operation in inserting)
        {
            if (operation.Result != PrepareOutcome.Created) continue;
            contents.Add(new StoredContent(operation.Seq, operation.Message));
            if (!operation.Message.IsCommitted) continue;
            var message = CommittedMessage.From(operation.Seq, operation);
            // Noted before the fan-out reserves room for it, so that a failure in between gives the room back.
            operation.FannedOut = message.FannedOut;
            committed.Add(message);
        }

        session.Execute(InsertContents, contents);
    }

    // The rows that were not inserted, and those after the first of their id in this set.
    private void Compare(WriteSession session, IReadOnlyList<PrepareOperation> operations)
    {
        var open = operations.Where(operation => operation.Result != PrepareOutcome.Created || first[operation.Message.Id] != operation).ToList();
        session.Query(FindMessages, open.DistinctBy(operation => operation.Message.Id).ToList(), row =>
        {
            var stored = ReadStored(row);
            foreach (var operation in open.Where(operation => operation.Message.Id == stored.Id))
            {
                operation.Result = IsSame(stored, operation.Message) ? PrepareOutcome.Existing : PrepareOutcome.Conflict;
                operation.ExistingState = (MessageState)row.Int64(10);
            }
        });
    }

    private static NewMessage ReadStored(ResultRow row) => new()
    {
        Id = row.Id(0),
        ProducerId = row.Int64(1),
        Producer = "",
        Topic = row.Text(2)!,
        Key = row.Text(3),
        Tag = row.Text(4),
        OrderingKey = row.Text(5),
        Delay = TimeSpan.FromMilliseconds(row.Int64(6)),
        CheckBackAfter = TimeSpan.Zero,
        Content = new MessageContent(row.Text(7)!, row.Text(8), row.Binary(9)),
    };

    // How it was sent (trace, time of the first check-back, verdict) is no content: a repetition may differ there.
    private static bool IsSame(NewMessage stored, NewMessage repeated) =>
        stored.ProducerId == repeated.ProducerId && stored.Topic == repeated.Topic && stored.Key == repeated.Key && stored.Tag == repeated.Tag
        && stored.OrderingKey == repeated.OrderingKey && stored.Delay == repeated.Delay && stored.Content.IsSameAs(repeated.Content);

    private static void WriteMessage(PrepareOperation operation, ColumnWriter write)
    {
        var message = operation.Message;
        write.Binary(message.Id.ToByteArray(bigEndian: true));
        write.Int64(message.ProducerId);
        write.Text(message.Topic);
        write.Text(message.Key);
        write.Text(message.Tag);
        write.Text(message.OrderingKey);
        write.Int64((long)message.Delay.TotalMilliseconds);
        write.Text(message.TraceParent);
        write.Int32((int)(message.IsCommitted ? MessageState.Committed : MessageState.Prepared));
        write.Int64(operation.Now);
        write.Int64(message.IsCommitted ? null : operation.Now + (long)message.CheckBackAfter.TotalMilliseconds);
        write.Int64(message.IsCommitted ? operation.Now : null);
        write.Int32(message.IsCommitted ? (int)VerdictSource.Producer : null);
    }

    private readonly record struct StoredContent(long Seq, NewMessage Message);
}
