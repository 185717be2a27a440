namespace TxMsg.Server.Alerts;

/// <summary>Alerts for a person: names and numbers only.</summary>
public static class AlertTexts
{
    /// <summary>What happened.</summary>
    public static string Raised(AlertCondition condition) => condition.Count == 1 ? One(condition) : Several(condition);

    /// <summary>That it is over.</summary>
    public static string Cleared(string kind, string subject) => kind switch
    {
        AlertKinds.Parked => $"No half message of producer {subject} is parked any more.",
        AlertKinds.DeadLettered => $"No delivery to subscription {subject} is a dead letter any more.",
        AlertKinds.OldestPrepared => $"No half message of producer {subject} has waited too long for its verdict any more.",
        _ => $"No pending delivery to subscription {subject} has waited too long any more.",
    };

    private static string One(AlertCondition condition) => condition.Kind switch
    {
        AlertKinds.Parked => $"A half message of producer {condition.Subject} is parked: its check-backs are exhausted. It waits for a late verdict or an operator.",
        AlertKinds.DeadLettered => $"A delivery to subscription {condition.Subject} is a dead letter. It waits to be redelivered or discarded.",
        AlertKinds.OldestPrepared => $"A half message of producer {condition.Subject} has waited longer than {condition.Limit} for its verdict.",
        _ => $"A pending delivery to subscription {condition.Subject} has waited longer than {condition.Limit}.",
    };

    private static string Several(AlertCondition condition) => condition.Kind switch
    {
        AlertKinds.Parked => $"{condition.Count} half messages of producer {condition.Subject} are parked: their check-backs are exhausted. They wait for a late verdict or an operator.",
        AlertKinds.DeadLettered => $"{condition.Count} deliveries to subscription {condition.Subject} are dead letters. They wait to be redelivered or discarded.",
        AlertKinds.OldestPrepared => $"{condition.Count} half messages of producer {condition.Subject} have waited long for their verdict, the oldest longer than {condition.Limit}.",
        _ => $"The oldest of {condition.Count} pending deliveries to subscription {condition.Subject} has waited longer than {condition.Limit}.",
    };
}
