using TxMsg.Server.Storage;

namespace TxMsg.Server.Alerts;

/// <summary>The rows of alerts: what one node has done is done for all, and survives a restart.</summary>
public sealed class AlertStore(StoreDatabase database)
{
    /// <summary>All of them, oldest first.</summary>
    public Task<IReadOnlyList<AlertRow>> ListAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(connection => connection.QueryAsync<AlertRow>("ListAlerts"), cancellationToken);

    /// <summary>Makes the rows agree with what holds now; returns what this call, and no other node, has raised.</summary>
    public async Task<IReadOnlyList<AlertCondition>> AgreeAsync(IReadOnlyList<AlertCondition> conditions, IReadOnlyList<AlertRow> rows, long now, CancellationToken cancellationToken)
    {
        var rowOf = rows.ToDictionary(row => row.ConditionKey, StringComparer.Ordinal);
        var holding = conditions.Select(condition => condition.Key).ToHashSet(StringComparer.Ordinal);
        var raise = conditions.Where(condition => condition.Raises && !rowOf.ContainsKey(condition.Key)).ToArray();
        var raiseAnew = conditions.Where(condition => condition.Raises && rowOf.GetValueOrDefault(condition.Key) is { IsClearing: true, ClaimedUntil: > 0 }).ToArray();
        var reopen = rows.Where(row => row is { IsClearing: true, ClaimedUntil: 0 } && holding.Contains(row.ConditionKey)).ToArray();
        var clear = rows.Where(row => !row.IsClearing && !holding.Contains(row.ConditionKey)).ToArray();
        if (raise.Length + raiseAnew.Length + reopen.Length + clear.Length == 0) return [];
        return await database.WriteAsync(async connection =>
        {
            var raised = new List<AlertCondition>();
            foreach (var condition in raise)
            {
                var row = new { key = condition.Key, kind = condition.Kind, subject = condition.Subject, detail = AlertTexts.Raised(condition), now };
                if (await connection.ExecuteAsync("RaiseAlert", row) > 0) raised.Add(condition);
            }

            foreach (var condition in raiseAnew)
            {
                var row = new { key = condition.Key, raisedAt = rowOf[condition.Key].RaisedAt, detail = AlertTexts.Raised(condition), now };
                if (await connection.ExecuteAsync("RaiseAlertAnew", row) > 0) raised.Add(condition);
            }

            foreach (var row in reopen) await connection.ExecuteAsync("ReopenAlert", new { key = row.ConditionKey, raisedAt = row.RaisedAt });
            foreach (var row in clear) await connection.ExecuteAsync("MarkAlertCleared", new { key = row.ConditionKey, raisedAt = row.RaisedAt, now });
            return raised;
        }, cancellationToken);
    }

    /// <summary>Takes on to tell the receiver; false when another node does, or there is nothing to tell any more.</summary>
    public async Task<bool> ClaimAsync(AlertRow row, long now, long until, long clearedBefore, CancellationToken cancellationToken)
    {
        var runs = 0;
        return await database.WriteAsync(
            connection => connection.ExecuteAsync(
                "ClaimAlert",
                new { key = row.ConditionKey, raisedAt = row.RaisedAt, now, until, clearedBefore, clearing = row.IsClearing ? 1 : 0, again = runs++ > 0 ? 1 : 0 }),
            cancellationToken) > 0;
    }

    /// <summary>The receiver knows: the alert is notified, or gone. What a claim ended on is left to its new holder.</summary>
    public async Task<bool> SettleAsync(AlertRow row, long now, long until) =>
        await database.WriteAsync(connection => row.IsClearing
            ? connection.ExecuteAsync("DeleteAlert", new { key = row.ConditionKey, raisedAt = row.RaisedAt, until })
            : connection.ExecuteAsync("AcknowledgeAlert", new { key = row.ConditionKey, raisedAt = row.RaisedAt, until, now })) > 0;

    /// <summary>The receiver has not acknowledged. A claim for a clearing leaves its trace: the receiver may have heard of it.</summary>
    public Task ReleaseAsync(AlertRow row, long now, long until) =>
        database.WriteAsync(connection => connection.ExecuteAsync(
            "ReleaseAlert", new { key = row.ConditionKey, raisedAt = row.RaisedAt, until, freeAt = row.IsClearing ? now : 0 }));
}
