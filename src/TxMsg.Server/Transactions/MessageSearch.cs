using TxMsg.Server.Storage;

namespace TxMsg.Server.Transactions;

/// <summary>Looks for messages without an index for each thing that can be asked for, which the hot path would pay for: some thousand
/// rows at a time, newest first. A page may be short, or empty, and still have a next one.</summary>
internal static class MessageSearch
{
    /// <summary>A page, and where the next one begins; null when everything has been looked at.</summary>
    public static async Task<(IReadOnlyList<MessageRow> Page, MessageCursor? Next)> RunAsync(StoreConnection connection, MessageQuery query)
    {
        // A state that few messages are in is read whole from its index; one that many are in is met often enough on the way.
        var whole = !query.HasKey && query.HasIndexedState && await connection.QuerySingleAsync<long>("CountMessagesOfState", query.ToCountParameters()) <= query.ScanLimit;
        var until = whole || !query.PassesOver ? null : await FindBoundAsync(connection, query);
        var statement = whole ? "ListMessagesByState" : query.HasKey ? "ListMessagesByKey" : "ListMessages";
        var rows = await connection.QueryAsync<MessageRow>(statement, query.ToParameters(until));
        var page = rows.Take(query.Limit).ToArray();
        return (page, rows.Count > query.Limit ? new MessageCursor(page[^1].PreparedAt, page[^1].Seq) : until);
    }

    // The last row that this page looks at; none where the end comes first. What is prepared or purged between the two reads does no
    // harm: both keep to the same places.
    private static async Task<MessageCursor?> FindBoundAsync(StoreConnection connection, MessageQuery query)
    {
        var statement = query.HasKey ? "FindSearchBoundByKey" : "FindSearchBound";
        var bound = await connection.QuerySingleOrDefaultAsync<Bound>(statement, query.ToBoundParameters());
        return bound is null ? null : new MessageCursor(bound.PreparedAt, bound.Seq);
    }

    private sealed class Bound
    {
        public long PreparedAt { get; init; }

        public long Seq { get; init; }
    }
}
