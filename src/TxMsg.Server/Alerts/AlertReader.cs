using TxMsg.Contracts.Operations;

namespace TxMsg.Server.Alerts;

/// <summary>Reads the active alerts, with what they are about now.</summary>
public sealed class AlertReader(AlertStore store, ConditionReader conditions)
{
    /// <summary>Those whose condition still holds, oldest first: what no longer holds is about to be cleared.</summary>
    public async Task<IReadOnlyList<AlertResource>> ListAsync(CancellationToken cancellationToken)
    {
        var rows = await store.ListAsync(cancellationToken);
        var now = (await conditions.ReadAsync(cancellationToken)).ToDictionary(condition => condition.Key, StringComparer.Ordinal);
        return rows.Where(row => !row.IsClearing && now.ContainsKey(row.ConditionKey)).Select(row => ToResource(row, now[row.ConditionKey])).ToArray();
    }

    private static AlertResource ToResource(AlertRow row, AlertCondition condition) => new()
    {
        Alert = row.Kind,
        Subject = row.Subject,
        Count = condition.Count,
        AgeSeconds = condition.Age?.TotalSeconds,
        Detail = row.Detail,
        RaisedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.RaisedAt),
        NotifiedAt = row.NotifiedAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
    };
}
