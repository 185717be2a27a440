using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using TxMsg.Server.Storage;

namespace TxMsg.Stores.Tests.Plans;

/// <summary>History costs the hot path nothing: no statement reads a large table from end to end, and each hot one finds its rows
/// on the index that was made for it.</summary>
public sealed class SqlitePlanTests
{
    private static readonly SqlCatalogue Sql = SqlCatalogue.Load("sqlite");

    private static readonly string[] LargeTables = ["messages", "message_contents", "deliveries", "delivery_attempts", "check_backs", "operator_actions"];

    // Indexes of what is in play: small whatever the history.
    private static readonly string[] SmallIndexes =
        ["ix_messages_undecided", "ix_messages_parked", "ix_messages_rolled_back", "ix_deliveries_pending", "ix_deliveries_leased", "ix_deliveries_dead", "ix_deliveries_dead_finished",
         "ix_deliveries_ordered"];

    private SqliteConnection connection = null!;

    [OneTimeSetUp]
    public void MakeSchema()
    {
        connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        foreach (var batch in Sql.Schema.SelectMany(script => script.Batches).Append(Sql["CreateSchemaVersions"]))
        {
            using var command = connection.CreateCommand();
            command.CommandText = batch;
            command.ExecuteNonQuery();
        }
    }

    [OneTimeTearDown]
    public void Close() => connection.Dispose();

    [TestCaseSource(nameof(Queries))]
    public void Statement_NeverScansALargeTable(string name)
    {
        foreach (var step in Explain(Sql[name]).Where(step => IsScanOfALargeTable(Sql[name], step)))
            SmallIndexes.Should().Contain(index => step.Contains(index, StringComparison.Ordinal), "{0} does: {1}", name, step);
    }

    [TestCase("InsertMessages", null)]
    [TestCase("DecideMessages", "ux_messages_id")]
    [TestCase("FindVerdicts", "ux_messages_id")]
    [TestCase("FindMessagesForComparison", "ux_messages_id")]
    [TestCase("MarkDeliveriesDelivered", "INTEGER PRIMARY KEY")]
    [TestCase("MarkDeliveriesFailed", "INTEGER PRIMARY KEY")]
    [TestCase("RenewLeases", "INTEGER PRIMARY KEY")]
    [TestCase("ListSubscriptionsWithDueDeliveries", "ix_deliveries_pending")]
    [TestCase("ClaimDueDeliveries", "ix_deliveries_pending")]
    [TestCase("ListClaimedDeliveries", "ix_deliveries_leased")]
    [TestCase("ReleaseExpiredLeases", "ix_deliveries_leased")]
    [TestCase("AdvanceOrderingLanes", "ix_deliveries_ordered")]
    [TestCase("ListProducersWithOverdueMessages", "ix_messages_undecided")]
    [TestCase("FindNextCheckBack", "ix_messages_undecided")]
    [TestCase("ClaimOverdueMessages", "ix_messages_undecided")]
    [TestCase("HasUnansweredMessages", "ix_messages_undecided")]
    [TestCase("ParkUnansweredMessages", "ix_messages_undecided")]
    [TestCase("ListMessages", "ix_messages_prepared_at")]
    [TestCase("ListMessagesByKey", "ix_messages_key")]
    [TestCase("ListMessagesByState", "ix_messages_undecided")]
    [TestCase("ListMessagesByState", "ix_messages_parked")]
    [TestCase("ListMessagesByState", "ix_messages_rolled_back")]
    [TestCase("CountMessagesOfState", "ix_messages_rolled_back")]
    [TestCase("FindSearchBound", "COVERING INDEX ix_messages_prepared_at (prepared_at>? AND prepared_at<?)")]
    [TestCase("FindSearchBoundByKey", "COVERING INDEX ix_messages_key (key=? AND prepared_at>? AND prepared_at<?)")]
    [TestCase("ListUndecidedOldestFirst", "ix_messages_undecided (producer_id>? AND producer_id<?)")]
    [TestCase("ListUndecidedInOrder", "ix_messages_parked (producer_id>? AND producer_id<?)")]
    [TestCase("CountAskedMessages", "ix_messages_undecided (producer_id=? AND check_back_at>?)")]
    [TestCase("ListDeadLetters", "ix_deliveries_dead (subscription_id=? AND id>?)")]
    [TestCase("ListNewestDeadLetters", "ix_deliveries_dead (subscription_id=?)")]
    [TestCase("ListDeadLettersInOrder", "ix_deliveries_dead (subscription_id=? AND id>? AND id<?)")]
    [TestCase("CountDeadLettersUpTo", "COVERING INDEX ix_deliveries_dead")]
    [TestCase("FindDeadLetterOfMessage", "ux_messages_id")]
    [TestCase("FindDeliveryForRedelivery", "ux_messages_id")]
    [TestCase("FindNewestRetry", "ix_deliveries_retried (subscription_id=?)")]
    [TestCase("ListRetriesInOrder", "ix_deliveries_retried (subscription_id=? AND id>? AND id<?)")]
    [TestCase("CountRetries", "ix_deliveries_pending (subscription_id=? AND due_at>? AND due_at<?)")]
    [TestCase("LeaseOrderingHeads", "INTEGER PRIMARY KEY")]
    [TestCase("ListLeasedHeads", "INTEGER PRIMARY KEY")]
    [TestCase("MakeRetriesDue", "INTEGER PRIMARY KEY")]
    [TestCase("ListStartableBulkActions", "ix_bulk_actions_open")]
    [TestCase("CountBulkActionsUnderWay", "ix_bulk_actions_open")]
    [TestCase("DeleteOldBulkActions", "ix_bulk_actions_finished")]
    [TestCase("FindBulkAction", "ux_bulk_actions_id")]
    [TestCase("ListDeliveriesOfMessage", "ux_deliveries_message")]
    [TestCase("ListDeadLettersOfSubscription", "ix_deliveries_dead")]
    [TestCase("FindPurgeableRolledBackMessages", "ix_messages_rolled_back")]
    [TestCase("ListPurgeCandidates", "ix_messages_prepared_at (prepared_at>? AND prepared_at<?)")]
    [TestCase("FindExpiredDeadLetters", "COVERING INDEX ix_deliveries_dead_finished (finished_at<?)")]
    [TestCase("DeleteLanesOfDeletedSubscriptions", "SEARCH l USING PRIMARY KEY")]
    [TestCase("ListAuditEntries", "ix_operator_actions_at")]
    [TestCase("ListChangesOfSubscriptions", "ix_operator_actions_action (action=? AND at>?)")]
    [TestCase("ListAuditEntriesByActor", "ix_operator_actions_actor")]
    [TestCase("ListAuditEntriesByAction", "ix_operator_actions_action")]
    [TestCase("ListAuditEntriesOfProducer", "ix_operator_actions_producer")]
    [TestCase("ListAuditEntriesOfSubscription", "ix_operator_actions_subscription")]
    [TestCase("ListAuditEntriesOfMessage", "ix_operator_actions_message")]
    [TestCase("CountPendingBySubscription", "ix_deliveries_pending")]
    [TestCase("CountDeadLettersBySubscription", "ix_deliveries_dead")]
    [TestCase("ReadUndecided", "ix_messages_undecided")]
    public void HotStatement_UsesItsIndex(string name, string? index)
    {
        var steps = Explain(Sql[name]).ToArray();
        if (index is not null) steps.Should().Contain(step => step.Contains(index, StringComparison.Ordinal));
        steps.Should().NotContain(step => IsScanOfALargeTable(Sql[name], step) && !step.Contains("INDEX", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Queries() =>
        Sql.Names.Order(StringComparer.Ordinal).Where(name => !Sql[name].StartsWith("PRAGMA", StringComparison.Ordinal));

    private static bool IsScanOfALargeTable(string sql, string step)
    {
        if (!step.StartsWith("SCAN ", StringComparison.Ordinal)) return false;
        var word = step["SCAN ".Length..].Split(' ')[0];
        return LargeTables.Any(table => word == table || Regex.IsMatch(sql, $@"\b{table} (AS )?{Regex.Escape(word)}\b"));
    }

    private IEnumerable<string> Explain(string sql)
    {
        var rest = sql.Replace(" IN @", " IN (@", StringComparison.Ordinal).Replace("(@seqs", "(@seqs)", StringComparison.Ordinal).Replace("(@ids", "(@ids)", StringComparison.Ordinal);
        var steps = new List<string>();
        foreach (var statement in rest.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            raw.sqlite3_prepare_v2(connection.Handle!, "EXPLAIN QUERY PLAN " + statement, out var handle).Should().Be(raw.SQLITE_OK, statement);
            using (handle)
                while (raw.sqlite3_step(handle) == raw.SQLITE_ROW) steps.Add(raw.sqlite3_column_text(handle, 3).utf8_to_string());
        }

        return steps;
    }
}
