using TxMsg.Server.CheckBacks;
using TxMsg.Server.DeadLetters;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Registry;
using TxMsg.Server.Subscriptions;
using TxMsg.Server.Transactions;

namespace TxMsg.FaultTests.Simulation;

/// <summary>What a step does.</summary>
internal sealed partial class World
{
    private readonly Weather[] weather;

    public void Do(Step step)
    {
        var (kind, a, b, c) = step;
        switch (kind)
        {
            case StepKind.Send: Producers.Send(a, b, c); break;
            case StepKind.Wait: Pass(TimeSpan.FromMilliseconds(b < 500 ? a : a * 12)); break;
            case StepKind.Crash: Crash(nodes[a % nodes.Length], b, c); break;
            case StepKind.Shutdown: Shutdown(nodes[a % nodes.Length], c); break;
            case StepKind.Suspend: Suspend(nodes[a % nodes.Length], b); break;
            case StepKind.StoreFault: nodes[a % nodes.Length]!.Store.Arm(FaultOf(b), c % 4); break;
            case StepKind.Weather: weather[a % weather.Length] = (Weather)(b % 4); break;
            default: Administer(kind, a, b); break;
        }

        Pass(TimeSpan.FromMilliseconds(c % 3));
    }

    private static StoreFault FaultOf(int b) => (b % 24) switch
    {
        0 => StoreFault.Busy,
        < 5 => StoreFault.Statement,
        < 8 => StoreFault.Row,
        < 12 => StoreFault.BeforeCommit,
        < 17 => StoreFault.AfterCommit,
        < 19 => StoreFault.CrashBeforeCommit,
        < 21 => StoreFault.CrashAfterCommit,
        _ => StoreFault.Read,
    };

    private void Administer(StepKind kind, int a, int b)
    {
        if (AnyNode(b) is not { } node) return;
        var name = $"subscription-{a % History.Subscriptions}";
        var message = Recorder.Messages.Count == 0 ? null : Recorder.Messages[a % Recorder.Messages.Count];
        switch (kind)
        {
            case StepKind.Pause: Guard(node, () => node.Get<SubscriptionPauser>().PauseAsync(name, "someone", null)); break;
            case StepKind.Resume: Guard(node, () => node.Get<SubscriptionPauser>().ResumeAsync(name, "someone", null)); break;
            case StepKind.Redeliver: Mend(node, name, DeadLetterAction.Redeliver); break;
            case StepKind.RetryNow: Guard(node, () => RetryNowAsync(node, name)); break;
            case StepKind.Discard: Mend(node, name, DeadLetterAction.Discard); break;
            case StepKind.Decide when message is not null:
                Producers.Asks(message, b % 2 == 0);
                Guard(node, () => Producers.DecideAsync(node, message, b % 2 == 0, VerdictSource.Operator));
                break;
            case StepKind.CheckBack when message is not null:
                AskByHand(node, message.Id);
                break;
        }
    }

    private void AskByHand(SimNode node, Guid id) => Guard(node, async () =>
    {
        if (await node.Get<MessageReader>().FindRowAsync(id, CancellationToken.None) is { } row) await node.Get<ManualCheckBack>().StartAsync(row, "someone", null);
    });

    private static Task RetryNowAsync(SimNode node, string name) =>
        node.Get<RetryNowService>().RetryAsync(node.Get<RegistryCache>().Current.FindSubscription(name)!, "someone", "because");

    private void Mend(SimNode node, string name, DeadLetterAction action)
    {
        Recorder.Mended(name);
        Guard(node, async () =>
        {
            await node.Get<DeadLetterService>().ApplyAsync(node.Get<RegistryCache>().Current.FindSubscription(name)!, action, null, "someone", "because", CancellationToken.None);
            Recorder.Mended(name);
        });
    }

    private void Crash(SimNode? node, int b, int c)
    {
        if (node is not { IsAlive: true }) return;
        Kill(node, "crash");
        Bury(node);
        Clock.After(TimeSpan.FromSeconds(b % 8 + c / 1000.0), () => Begin(node.Number));
    }

    private void Shutdown(SimNode? node, int c)
    {
        if (node is not { IsAlive: true, IsSuspended: false, IsStopping: false }) return;
        node.IsStopping = true;
        Guard(node, async () =>
        {
            await node.Get<DeliveryDispatcher>().StopAsync(CancellationToken.None);
            // What was accepted is written before the process ends, and what is being asked is waited for.
            Clock.After(TimeSpan.FromMilliseconds(20), () => End(node, c));
        });
    }

    private void End(SimNode node, int c)
    {
        if (!node.IsAlive) return;
        if (node.Committer.QueueLength > 0 || node.JobsUnderWay > 0 || node.IsSuspended)
        {
            Clock.After(TimeSpan.FromMilliseconds(20), () => End(node, c));
            return;
        }

        Bury(node);
        Clock.After(TimeSpan.FromSeconds(c % 5), () => Begin(node.Number));
    }

    private void Suspend(SimNode? node, int b)
    {
        if (node is not { IsAlive: true, IsSuspended: false }) return;
        Recorder.Interrupted(node, "suspended");
        node.IsSuspended = true;
        node.Thread.Stop();
        Clock.After(TimeSpan.FromMilliseconds(b % 2 == 0 ? b * 5 : b * 50), () =>
        {
            Recorder.Interrupted(node, "continued");
            node.IsSuspended = false;
            node.Thread.Continue();
        });
    }
}
