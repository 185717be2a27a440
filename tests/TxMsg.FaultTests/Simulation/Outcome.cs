using System.Globalization;
using Microsoft.Data.Sqlite;

namespace TxMsg.FaultTests.Simulation;

/// <summary>What stands in the store at the end, read without the coordinator.</summary>
internal sealed class Outcome
{
    public Dictionary<Guid, MessageRow> Messages { get; } = [];

    public List<DeliveryRow> Deliveries { get; } = [];

    public List<string> Faults { get; } = [];

    public static Outcome Read(SqliteConnection connection)
    {
        var outcome = new Outcome();
        var bySeq = new Dictionary<long, MessageRow>();
        foreach (var row in Query(connection, "SELECT seq, id, state, check_backs FROM messages"))
        {
            var message = new MessageRow(new Guid((byte[])row[1], bigEndian: true), (long)row[2]);
            outcome.Messages.Add(message.Id, message);
            bySeq.Add((long)row[0], message);
        }

        var byId = new Dictionary<long, DeliveryRow>();
        foreach (var row in Query(connection, "SELECT d.id, d.message_seq, s.name, d.ordering_key, d.state, d.attempts, d.last_status FROM deliveries d JOIN subscriptions s ON s.id = d.subscription_id ORDER BY d.id"))
        {
            var delivery = new DeliveryRow((long)row[0], bySeq[(long)row[1]].Id, (string)row[2], row[3] as string, (long)row[4], (long)row[5]);
            outcome.Deliveries.Add(delivery);
            byId.Add(delivery.Id, delivery);
        }

        foreach (var row in Query(connection, "SELECT delivery_id, attempt, status, outcome FROM delivery_attempts")) byId[(long)row[0]].Failures.Add(new LogRow((long)row[1], row[2] as long?, (string)row[3]));
        foreach (var row in Query(connection, "SELECT message_seq, attempt, status, answer FROM check_backs")) bySeq[(long)row[0]].CheckBacks.Add(new LogRow((long)row[1], row[2] as long?, (string)row[3]));
        outcome.ReadFaults(connection);
        return outcome;
    }

    /// <summary>What is still in play.</summary>
    public static (long Messages, long Deliveries, long Lanes) CountOpen(SqliteConnection connection)
    {
        var row = Query(connection, "SELECT (SELECT COUNT(*) FROM messages WHERE state IN (0, 1)), (SELECT COUNT(*) FROM deliveries WHERE state IN (0, 1)), (SELECT COUNT(*) FROM ordering_lanes)").Single();
        return ((long)row[0], (long)row[1], (long)row[2]);
    }

    public static IReadOnlyList<Guid> Parked(SqliteConnection connection) =>
        Query(connection, "SELECT id FROM messages WHERE state = 1 ORDER BY seq").Select(row => new Guid((byte[])row[0], bigEndian: true)).ToArray();

    /// <summary>What a purge of everything old has left, or taken, by mistake.</summary>
    public static IReadOnlyList<string> AfterPurge(SqliteConnection connection)
    {
        (string What, string Sql)[] rules =
        [
            ("messages that are finished are left", "SELECT COUNT(*) FROM messages m WHERE NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.message_seq = m.seq AND d.state = 3)"),
            ("contents without a message are left", "SELECT COUNT(*) FROM message_contents WHERE message_seq NOT IN (SELECT seq FROM messages)"),
            ("deliveries without a message are left", "SELECT COUNT(*) FROM deliveries WHERE message_seq NOT IN (SELECT seq FROM messages)"),
            ("attempts without a delivery are left", "SELECT COUNT(*) FROM delivery_attempts WHERE delivery_id NOT IN (SELECT id FROM deliveries)"),
            ("check-backs without a message are left", "SELECT COUNT(*) FROM check_backs WHERE message_seq NOT IN (SELECT seq FROM messages)"),
        ];
        var counts = Counters(connection);
        return rules.Select(rule => (rule.What, Count: (long)Query(connection, rule.Sql).Single()[0])).Where(rule => rule.Count > 0)
            .Select(rule => $"{rule.Count} {rule.What}").Concat(counts).ToArray();
    }

    private void ReadFaults(SqliteConnection connection)
    {
        var integrity = (string)Query(connection, "PRAGMA integrity_check(1)").Single()[0];
        if (integrity != "ok") Faults.Add(integrity);
        Faults.AddRange(Counters(connection));
        foreach (var row in Query(connection, "SELECT COUNT(*) FROM messages WHERE seq NOT IN (SELECT message_seq FROM message_contents)"))
            if ((long)row[0] > 0) Faults.Add($"{row[0]} messages have no content");
    }

    // Finished rows are counted as they finish: the counts must stay those of the rows.
    private static IReadOnlyList<string> Counters(SqliteConnection connection)
    {
        const string Sql = """
            WITH wanted AS (
                SELECT 'committed' AS name, (SELECT COUNT(*) FROM messages WHERE state = 2) AS value UNION ALL
                SELECT 'rolledBack', (SELECT COUNT(*) FROM messages WHERE state = 3) UNION ALL
                SELECT 'delivered', (SELECT COUNT(*) FROM deliveries WHERE state = 2) UNION ALL
                SELECT 'discarded', (SELECT COUNT(*) FROM deliveries WHERE state = 4))
            SELECT w.name, w.value, COALESCE((SELECT SUM(value) FROM counters c WHERE c.name = w.name), 0) AS counted FROM wanted w
            WHERE w.value <> counted
            """;
        return Query(connection, Sql).Select(row => $"{row[0]} is counted as {row[2]}, and {row[1]} are there").ToArray();
    }

    private static List<object[]> Query(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<object[]>();
        while (reader.Read())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }

        return rows;
    }
}

/// <summary>A stored message.</summary>
internal sealed record MessageRow(Guid Id, long State)
{
    public bool IsCommitted => State == 2;

    public bool IsRolledBack => State == 3;

    public List<LogRow> CheckBacks { get; } = [];

    public string Words => State.ToString(CultureInfo.InvariantCulture) switch { "0" => "prepared", "1" => "parked", "2" => "committed", _ => "rolledBack" };
}

/// <summary>A stored delivery; its id is its place in the order of commits.</summary>
internal sealed record DeliveryRow(long Id, Guid MessageId, string Subscription, string? LaneKey, long State, long Attempts)
{
    public bool IsDelivered => State == 2;

    public List<LogRow> Failures { get; } = [];
}

/// <summary>A line of the attempt log.</summary>
internal sealed record LogRow(long Number, long? Status, string Outcome);
