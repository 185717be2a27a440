using System.Diagnostics.Metrics;

namespace TxMsg.Client.Producing.LocalMessages;

/// <summary>What the relay of this process has done, and what it last saw in the table.</summary>
internal sealed class LocalMessageMetrics : IDisposable
{
    private readonly Meter meter;
    private readonly bool ownsMeter;
    private readonly Counter<long> sent;
    private readonly Counter<long> failures;
    private volatile LocalMessageStats? stats;

    public LocalMessageMetrics(IMeterFactory? meters, TimeProvider time)
    {
        ownsMeter = meters is null;
        meter = meters?.Create("TxMsg.Client") ?? new Meter("TxMsg.Client");
        sent = meter.CreateCounter<long>("txmsg_client_local_messages_sent", description: "Messages of the local message table that the coordinator took");
        failures = meter.CreateCounter<long>("txmsg_client_local_message_failures", description: "Messages that were refused, or not sent because the coordinator was unavailable");
        meter.CreateObservableGauge("txmsg_client_local_messages_unsent", () => Of(now => now.Unsent), description: "Messages in the local message table that are still to be sent");
        meter.CreateObservableGauge("txmsg_client_local_messages_stuck", () => Of(now => now.Stuck), description: "Messages in the local message table that wait for a person");
        meter.CreateObservableGauge(
            "txmsg_client_local_messages_oldest_age_seconds",
            () => Of(now => now.OldestAt is { } oldest ? Math.Max(0, (time.GetUtcNow() - oldest).TotalSeconds) : 0),
            "s",
            "How long the oldest message that is still to be sent has waited");
    }

    public void Show(LocalMessageStats newest) => stats = newest;

    public void Count(IReadOnlyList<ClaimedMessage> messages)
    {
        sent.Add(messages.Count(message => message.Outcome.Kind == SendOutcomeKind.Sent));
        failures.Add(messages.Count(message => message.Outcome.Kind == SendOutcomeKind.Refused), new KeyValuePair<string, object?>("kind", "refused"));
        failures.Add(messages.Count(message => message.Outcome.Kind == SendOutcomeKind.Unavailable), new KeyValuePair<string, object?>("kind", "unavailable"));
    }

    public void Dispose()
    {
        // A factory's meters are shared and its own to end.
        if (ownsMeter) meter.Dispose();
    }

    private Measurement<T>[] Of<T>(Func<LocalMessageStats, T> measure)
        where T : struct => stats is { } now ? [new Measurement<T>(measure(now))] : [];
}
