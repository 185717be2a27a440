using FluentAssertions;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using SQLitePCL;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.Observability;

/// <summary>What the stats, the sampler and the alert check read must not grow with history.</summary>
public sealed class StatsPlanTests
{
    private const int VmSteps = 4; // SQLITE_STMTSTATUS_VM_STEP

    private static readonly string[] Statements =
    [
        "ReadUndecided", "ReadCounters", "CountPendingBySubscription", "CountLeasedBySubscription", "CountDeadLettersBySubscription",
        "ListOldestPendingDeliveries", "CountAlerts", "CountParkedByProducer", "CountOldPreparedByProducer", "CountDeadBySubscription", "ListAlerts",
    ];

    [TestCaseSource(nameof(Statements))]
    public async Task AStatement_ReadsBigTablesOnlyByTheIndexOfWhatIsInPlay(string name)
    {
        await using var store = await TestStore.OpenAsync();

        var plan = await store.QueryAsync("EXPLAIN QUERY PLAN " + store.Database.Sql[name], ("@before", 0L));

        TestContext.Out.WriteLine(string.Join('\n', plan));
        plan.Select(line => line.Split('|')[^1])
            .Where(line => line.StartsWith("SCAN ", StringComparison.Ordinal) || line.StartsWith("SEARCH ", StringComparison.Ordinal))
            .Should().OnlyContain(line => IsOfSmallTable(line) || IsByIndexOfWhatIsInPlay(line) || line.Contains("USING INTEGER PRIMARY KEY (rowid=?)"));
    }

    [TestCaseSource(nameof(Statements))]
    public async Task AStatement_TakesAsManyStepsWithHistoryAsWithout(string name)
    {
        await using var store = await TestStore.OpenAsync();
        await store.AddMessageAsync(0);
        await store.AddMessageAsync(1);
        foreach (var state in (int[])[0, 1, 3]) await store.AddDeliveryAsync(state);
        var without = await StepsAsync(store, name);

        await store.AddHistoryAsync(20_000);

        (await StepsAsync(store, name)).Should().Be(without);
    }

    private static bool IsOfSmallTable(string line) =>
        line.Split(' ')[1] is "counters" or "alerts" or "s" or "p" or "q" or "g" or "(subquery-1)" || line.Contains("LIST SUBQUERY", StringComparison.Ordinal);

    private static bool IsByIndexOfWhatIsInPlay(string line) =>
        line.Contains("ix_messages_undecided") || line.Contains("ix_messages_parked")
        || line.Contains("ix_deliveries_pending") || line.Contains("ix_deliveries_retried") || line.Contains("ix_deliveries_leased") || line.Contains("ix_deliveries_dead");

    private static async Task<int> StepsAsync(TestStore store, string name)
    {
        await using var connection = (SqliteConnection)await store.Database.OpenConnectionAsync(CancellationToken.None);
        raw.sqlite3_prepare_v2(connection.Handle!, store.Database.Sql[name], out var statement).Should().Be(raw.SQLITE_OK);
        using (statement)
        {
            var index = raw.sqlite3_bind_parameter_index(statement, "@before");
            if (index > 0) raw.sqlite3_bind_int64(statement, index, store.Now);
            while (raw.sqlite3_step(statement) == raw.SQLITE_ROW)
            {
            }

            return raw.sqlite3_stmt_status(statement, VmSteps, 0);
        }
    }
}
