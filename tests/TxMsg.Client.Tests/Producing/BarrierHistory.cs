using System.Data.Common;
using TxMsg.Client.Producing;

namespace TxMsg.Client.Tests.Producing;

/// <summary>One order of the steps of local transactions with one message id and of check-backs about it, and what must hold after it.</summary>
public sealed class BarrierHistory(BarrierDatabase database)
{
    private readonly Guid id = Guid.CreateVersion7();

    /// <summary>What is under test, so that a broken one can be put in its place.</summary>
    public Func<DbTransaction, Guid, Task> Enter { get; init; } = (transaction, id) => database.Barrier.EnterAsync(transaction, id);

    public Func<DbConnection, Guid, TimeSpan, Task<CheckBackAnswer>> Answer { get; init; } =
        (connection, id, wait) => database.Barrier.AnswerAsync(connection, id, wait);

    /// <summary>Every order in which actors with so many steps each can take them.</summary>
    public static IEnumerable<int[]> Orders(params int[] steps)
    {
        if (steps.All(left => left == 0)) return [[]];
        return Enumerable.Range(0, steps.Length).Where(actor => steps[actor] > 0).SelectMany(actor =>
        {
            var rest = (int[])steps.Clone();
            rest[actor]--;
            return Orders(rest).Select(order => (int[])[actor, .. order]);
        });
    }

    /// <summary>What is wrong after this order; null if nothing is.</summary>
    public async Task<string?> RunAsync(Ending[] endings, int checkBacks, int[] order)
    {
        var locals = endings.Select(ending => new LocalTransaction(database, Enter, id, ending)).ToArray();
        var asks = Enumerable.Range(0, checkBacks).Select(_ => new CheckBack(database, Answer, id, locals)).ToArray();
        BarrierActor[] actors = [.. locals, .. asks];
        var next = new int[actors.Length];
        foreach (var actor in order) await database.SettleAsync(actors[actor].Take(next[actor]++));
        foreach (var actor in actors) await database.FinishAsync(actor.Finished);
        return await FindContradictionAsync(locals, asks) is { } wrong
            ? $"{string.Join(',', endings)} in the order {string.Join("", order)}: {wrong}"
            : null;
    }

    private async Task<string?> FindContradictionAsync(LocalTransaction[] locals, CheckBack[] asks)
    {
        var last = await AskAgainAsync();
        var repeated = await AskAgainAsync();
        var work = await database.CountWorkAsync(id);
        var heard = string.Join(',', asks.Select(ask => ask.Heard));
        if (last == CheckBackAnswer.Unknown || last != repeated) return $"nothing is in flight, and the answers are {last} and {repeated}";
        if (asks.Any(ask => ask.UnknownForNoReason)) return "unknown, and nothing was in flight";
        if (asks.Any(ask => ask.Heard is not CheckBackAnswer.Unknown && ask.Heard != last)) return $"heard {heard}, and then {last}";
        if (work != (last == CheckBackAnswer.Commit ? 1 : 0)) return $"heard {heard} and {last}, and the work is there {work} times";
        if (locals.Count(local => local.Committed) != work) return $"{work} works, and {locals.Count(local => local.Committed)} commits were acknowledged";
        var late = new LocalTransaction(database, Enter, id, Ending.Commit);
        for (var step = 0; step < late.Steps; step++) await database.FinishAsync(late.Take(step));
        if (late.Failure is not BarrierRejectedException) return $"a late local transaction was not rejected but {late.Failure?.Message ?? "committed"}";
        return await database.CountWorkAsync(id) == work ? null : "late work came after all";
    }

    private async Task<CheckBackAnswer> AskAgainAsync()
    {
        await using var connection = await database.OpenAsync();
        var asked = Answer(connection, id, TimeSpan.FromSeconds(30));
        await database.FinishAsync(asked);
        return await asked;
    }
}
