using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace TxMsg.Server.CheckBacks;

/// <summary>Leaves a producer alone that does not answer: after <see cref="Threshold"/> failures in a row for
/// <see cref="CheckBackOptions.MinBackoff"/>, doubling up to <see cref="CheckBackOptions.MaxBackoff"/>; then one message tries.</summary>
public sealed class ProducerBreaker(IOptions<CheckBackOptions> options, TimeProvider time)
{
    /// <summary>So many unreachable check-backs in a row open it.</summary>
    public const int Threshold = 5;

    private readonly ConcurrentDictionary<long, Circuit> circuits = new();

    /// <summary>Until when the producer is left alone; in the past while it may be asked.</summary>
    public DateTimeOffset OpenUntil(long producerId) => circuits.TryGetValue(producerId, out var circuit) ? circuit.Until : DateTimeOffset.MinValue;

    /// <summary>Null while the producer is well; else until when it is left alone, which is in the past while one message may try.</summary>
    public DateTimeOffset? OpenedUntil(long producerId) => circuits.TryGetValue(producerId, out var circuit) && circuit.Openings > 0 ? circuit.Until : null;

    /// <summary>The producers that did not answer so often that they were left alone, and have not answered since; each with the time until
    /// when it is, as of <see cref="OpenedUntil"/>.</summary>
    public IEnumerable<(long ProducerId, DateTimeOffset Until)> Opened => circuits.Where(pair => pair.Value.Openings > 0).Select(pair => (pair.Key, pair.Value.Until));

    /// <summary>Whether the producer is left alone now.</summary>
    public bool IsOpen(long producerId) => time.GetUtcNow() < OpenUntil(producerId);

    /// <summary>Whether it has been open and nobody has answered since: one message at a time may try.</summary>
    public bool IsHalfOpen(long producerId) => circuits.TryGetValue(producerId, out var circuit) && circuit.Openings > 0 && !IsOpen(producerId);

    /// <summary>Notes how a check-back ended.</summary>
    public void Note(long producerId, CheckBackAnswer answer)
    {
        if (answer != CheckBackAnswer.Unreachable)
        {
            Forget(producerId);
            return;
        }

        var now = time.GetUtcNow();
        circuits.AddOrUpdate(producerId, _ => new Circuit(1, 0, DateTimeOffset.MinValue), (_, circuit) => Fail(circuit, now));
    }

    /// <summary>The producer is to be asked elsewhere, or otherwise, from now on: what failed before says nothing of that.</summary>
    public void Forget(long producerId) => circuits.TryRemove(producerId, out _);

    private Circuit Fail(Circuit circuit, DateTimeOffset now)
    {
        // What was under way when it opened says nothing new.
        if (now < circuit.Until) return circuit;
        var failures = circuit.Failures + 1;
        if (failures < Threshold && circuit.Openings == 0) return circuit with { Failures = failures };
        var openings = circuit.Openings + 1;
        return new Circuit(0, openings, now + CheckBackSchedule.PauseAfter(openings, options.Value, 0.5));
    }

    private sealed record Circuit(int Failures, int Openings, DateTimeOffset Until);
}
