using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.BulkActions;

/// <summary>Counts what bulk actions do, in the transactions that do it: whatever becomes of a job, the count is right.</summary>
internal static class BulkActionTally
{
    private static readonly BatchStatement<(long Seq, long Done)> Tally = new(
        "TallyBulkActions", "dbo.bulk_tally_rows",
        [new("bulk_action_seq", BatchColumnType.Int64), new("done", BatchColumnType.Int64)],
        static (row, write) =>
        {
            write.Int64(row.Seq);
            write.Int64(row.Done);
        });

    /// <summary>Adds to what these bulk actions have done.</summary>
    public static void Add(WriteSession session, IEnumerable<(long Seq, long Done)> done)
    {
        // In one order, so that two nodes never wait for each other.
        var sums = done.GroupBy(entry => entry.Seq, (seq, entries) => (Seq: seq, Done: entries.Sum(entry => entry.Done)))
            .Where(sum => sum.Done > 0).OrderBy(sum => sum.Seq).ToArray();
        if (sums.Length > 0) session.Execute(Tally, sums);
    }
}
