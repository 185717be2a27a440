using System.Text;
using Microsoft.Data.Sqlite;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Transactions;

namespace TxMsg.FaultTests.Simulation;

/// <summary>The producers: they prepare, run their local transaction, give the verdict or forget it, and answer check-backs.</summary>
internal sealed class SimProducers(World world)
{
    private const int MaxTries = 6;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);
    private static readonly string?[] Tags = [null, "a", "b"];

    /// <summary>A message begins.</summary>
    public void Send(int a, int b, int c)
    {
        var index = world.Recorder.Messages.Count;
        var (what, topic) = (b % 10, $"topic-{a / 7 % 2}");
        var message = new SimMessage(index, world.MessageId(index))
        {
            Producer = a % world.History.Producers,
            Topic = topic,
            Tag = Tags[c % 3],
            OrderingKey = c % 5 < 3 ? $"key-{c % 2}" : null,
            Delay = what == 0 ? TimeSpan.FromSeconds(1 + b % 20) : TimeSpan.Zero,
            IsOrdinary = what is 1 or 2,
            IsLiar = what == 3 && c % 4 == 0,
            Payload = Encoding.UTF8.GetBytes($"{{\"message\":{index},\"text\":\"{new string('x', b % 50)}\"}}"),
        };
        world.Recorder.Messages.Add(message);
        Prepare(message, 0);
    }

    /// <summary>What a producer says of a message now. One that never heard of a stored half message makes sure that it never commits.</summary>
    public string Answer(SimMessage message, int attempt)
    {
        if (message.IsLiar) return world.Dice.Roll(3, "lie", message.Index, attempt) switch { 0 => Verdicts.Commit, 1 => Verdicts.Rollback, _ => Verdicts.Unknown };
        if (message.Local is null && !message.IsPrepared) message.Local = false;
        return message.Local switch { true => Verdicts.Commit, false => Verdicts.Rollback, _ => Verdicts.Unknown };
    }

    /// <summary>Notes what is about to be asked for.</summary>
    public void Asks(SimMessage message, bool commit)
    {
        if (commit) (message.CommitAsked, message.CommitAskedAt) = (true, message.CommitAskedAt ?? world.Recorder.NextMoment());
        else message.RollbackAsked = true;
    }

    /// <summary>A verdict from somebody who tells what they were told.</summary>
    public async Task<bool> DecideAsync(SimNode node, SimMessage message, bool commit, VerdictSource source)
    {
        try
        {
            var decide = node.Get<TransactionCoordinator>().DecideAsync(message.Id, commit ? Verdict.Commit : Verdict.Rollback, source, "because", "someone");
            if (world.Bug == Bug.AnswersTooSoon && world.Dice.Roll("bug", message.Index) < 0.5)
            {
                Learn(message, commit, source.ToString());
                return true;
            }

            var result = (await decide).Result;
            if (world.IsLost("verdict", message.Index)) return false;
            if (result.Outcome == VerdictOutcome.NotFound && message.IsPrepared) world.Recorder.Violated("I1", $"{message} was acknowledged and is not found");
            if (result.Outcome is VerdictOutcome.Decided or VerdictOutcome.Repeated) Learn(message, commit, source.ToString());
            else if (result.State?.Recorded() is { } recorded) Learn(message, recorded == Verdict.Commit, source.ToString());
            return true;
        }
        catch (Exception exception) when (exception is StoreUnavailableException or WriteQueueFullException)
        {
            return false;
        }
    }

    private void Learn(SimMessage message, bool commit, string by) => world.Recorder.Told(message, commit, by);

    private void Prepare(SimMessage message, int tries)
    {
        if (tries == MaxTries)
        {
            message.Local ??= false;
            message.IsBusy = false;
            return;
        }

        if (message.IsOrdinary) Asks(message, commit: true);
        Try(message, tries, node => PrepareAsync(node, message), () => Prepared(message), () => Prepare(message, tries + 1));
    }

    private void Prepared(SimMessage message)
    {
        message.IsPrepared = true;
        if (message.IsOrdinary)
        {
            Learn(message, commit: true, "its producer");
            message.IsBusy = false;
            return;
        }

        world.Clock.After(TimeSpan.FromSeconds(world.Dice.Roll("local", message.Index) * 3), () => Finish(message));
    }

    // The local transaction ends. Where a check-back has been told that it never will commit, it does not.
    private void Finish(SimMessage message)
    {
        message.Local ??= world.Dice.Roll("commits", message.Index) < 0.75;
        if (world.Dice.Roll("forgets", message.Index) < 0.2) message.IsBusy = false;
        else GiveVerdict(message, 0);
    }

    private void GiveVerdict(SimMessage message, int tries)
    {
        if (tries == MaxTries)
        {
            message.IsBusy = false;
            return;
        }

        Asks(message, message.Local!.Value);
        Try(message, tries, node => DecideAsync(node, message, message.Local!.Value, VerdictSource.Producer), () => message.IsBusy = false, () => GiveVerdict(message, tries + 1));
    }

    private async Task<bool> PrepareAsync(SimNode node, SimMessage message)
    {
        try
        {
            var producer = node.Get<RegistryCache>().Current.FindProducer($"producer-{message.Producer}")!;
            var prepare = node.Get<TransactionCoordinator>().PrepareAsync(world.ToNew(message, producer));
            if (world.Bug == Bug.AnswersTooSoon && world.Dice.Roll("bug", message.Index) < 0.5) return true;
            var operation = await prepare;
            if (operation.Result == PrepareOutcome.Conflict) world.Recorder.Violated("I1", $"{message} is refused as another of its id");
            if (operation.ExistingState?.Recorded() is { } recorded && !message.IsOrdinary) Learn(message, recorded == Verdict.Commit, "its producer");
            return !world.IsLost("prepare", message.Index);
        }
        catch (Exception exception) when (exception is StoreUnavailableException or WriteQueueFullException or SqliteException)
        {
            return false;
        }
    }

    // One call over HTTP: to some node, answered or not.
    private void Try(SimMessage message, int tries, Func<SimNode, Task<bool>> call, Action done, Action again)
    {
        var isOver = false;
        void End(bool isDone)
        {
            if (isOver) return;
            isOver = true;
            if (isDone) done();
            else world.Clock.After(TimeSpan.FromSeconds(1 + tries), again);
        }

        world.Clock.After(Patience, () => End(false));
        if (world.AnyNode(message.Index + tries) is { } node) world.Guard(node, async () => End(await call(node)));
    }
}
