using System.Diagnostics;
using TxMsg.Client.Coordinator;

namespace TxMsg.Client.Producing.LocalMessages;

/// <summary>Sends a claim's messages: in rounds, of which each has at most one message of an ordering key, so that none overtakes another.</summary>
internal sealed class LocalMessageSender(ICoordinatorClient client, string producer, TimeProvider time)
{
    private const int MaxConcurrency = 8;
    private const int TraceFlagsStart = 53;

    /// <summary>Sets each message's outcome. What the lease is over for, or the token, stays withheld.</summary>
    public async Task SendAsync(LocalMessageClaim claim, CancellationToken cancellationToken)
    {
        var remaining = claim.LeasedUntil - time.GetUtcNow();
        if (remaining <= TimeSpan.Zero) return;
        using var leaseOver = new CancellationTokenSource(remaining, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, leaseOver.Token);
        var held = new HashSet<string>(StringComparer.Ordinal);
        foreach (var round in RoundsOf(claim.Messages))
        {
            var messages = round.Where(message => message.Message.OrderingKey is not { } key || !held.Contains(key)).ToArray();
            await SendRoundAsync(messages, stop.Token).ConfigureAwait(false);
            if (leaseOver.IsCancellationRequested) SetAll(messages.Where(IsWithheld), new SendOutcome(SendOutcomeKind.Unavailable, Problem: "There was no answer within the lease."));
            if (stop.IsCancellationRequested || messages.Any(message => message.Outcome.Kind == SendOutcomeKind.Unavailable)) return;
            held.UnionWith(messages.Where(message => message.Outcome.Kind != SendOutcomeKind.Sent).Select(message => message.Message.OrderingKey).OfType<string>());
        }
    }

    private static IEnumerable<IEnumerable<ClaimedMessage>> RoundsOf(IReadOnlyList<ClaimedMessage> messages)
    {
        var positions = new Dictionary<string, int>(StringComparer.Ordinal);
        return messages
            .Select(message => (Message: message, Round: message.Message.OrderingKey is { } key ? positions[key] = positions.GetValueOrDefault(key, -1) + 1 : 0))
            .ToArray()
            .GroupBy(place => place.Round, place => place.Message)
            .OrderBy(round => round.Key);
    }

    // A request carries one trace: recorded ones get requests of their own, all others share one.
    private async Task SendRoundAsync(ClaimedMessage[] messages, CancellationToken cancellationToken)
    {
        var requests = messages.GroupBy(message => IsRecorded(message.TraceParent) ? message.TraceParent : null);
        var limits = new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrency };
        await Parallel.ForEachAsync(requests, limits, async (request, _) =>
        {
            if (cancellationToken.IsCancellationRequested) return;
            using var span = StartSpan(request.Key);
            await SendRequestAsync([.. request], cancellationToken).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    private async Task SendRequestAsync(ClaimedMessage[] messages, CancellationToken cancellationToken)
    {
        try
        {
            var results = await client.SendAsync(producer, [.. messages.Select(message => message.Message)], cancellationToken).ConfigureAwait(false);
            Judge(messages, results);
        }
        catch (CoordinatorUnavailableException exception)
        {
            SetAll(messages, new SendOutcome(SendOutcomeKind.Unavailable, Problem: exception.Message));
        }
        catch (CoordinatorRefusedException exception) when (messages.Length > 1 && IsForTheMessage(exception.Status, exception.Errors))
        {
            // One of them may be to blame for the whole request: each is heard alone.
            foreach (var message in messages)
            {
                await SendRequestAsync([message], cancellationToken).ConfigureAwait(false);
                if (IsWithheld(message) || message.Outcome.Kind == SendOutcomeKind.Unavailable) return;
            }
        }
        catch (CoordinatorRefusedException exception)
        {
            SetAll(messages, OutcomeOf(exception.Status, exception.Message, exception.Errors));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The lease is over or the relay stops. Whether they arrived is not known, and they may be sent again.
        }
    }

    private static void Judge(ClaimedMessage[] messages, IReadOnlyList<MessageResult> results)
    {
        if (results.Count != messages.Length || messages.Where((message, i) => results[i].Id != message.Message.Id).Any())
        {
            SetAll(messages, new SendOutcome(SendOutcomeKind.Unavailable, Problem: "The answer's results are not those of the messages."));
            return;
        }

        for (var i = 0; i < messages.Length; i++)
            messages[i].Outcome = results[i].IsSuccess ? SendOutcome.Sent : OutcomeOf(results[i].Status, results[i].Problem ?? "", results[i].Errors);
    }

    private static bool IsWithheld(ClaimedMessage message) => message.Outcome.Kind == SendOutcomeKind.Withheld;

    private static void SetAll(IEnumerable<ClaimedMessage> messages, SendOutcome outcome)
    {
        foreach (var message in messages) message.Outcome = outcome;
    }

    private static SendOutcome OutcomeOf(int status, string problem, IReadOnlyDictionary<string, string[]> errors) =>
        new(IsForTheMessage(status, errors) ? SendOutcomeKind.Refused : SendOutcomeKind.Unavailable, status, $"{status}: {problem}");

    // A missing key, a wrong address, a full queue, a fault or a producer that is not registered yet is no message's: every other
    // would be refused, too.
    private static bool IsForTheMessage(int status, IReadOnlyDictionary<string, string[]> errors) =>
        status is 400 or 409 or 413 or 415 or 422 && !errors.ContainsKey("producer");

    private static bool IsRecorded(string? traceParent) => traceParent is not null && !traceParent.AsSpan(TraceFlagsStart).SequenceEqual("00");

    // Started even if nobody listens here: the client sends the current span, and the trace must go on.
    private static Activity? StartSpan(string? traceParent)
    {
        if (!ActivityContext.TryParse(traceParent, null, out var parent)) return null;
        return ClientTelemetry.Spans.StartActivity("send local messages", ActivityKind.Producer, parent)
            ?? new Activity("send local messages").SetParentId(parent.TraceId, parent.SpanId, parent.TraceFlags).Start();
    }
}
