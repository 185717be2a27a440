using Hangfire.States;

namespace TxMsg.Server.Jobs;

/// <summary>A failure as Hangfire shows it, but final: Hangfire makes a job whose state is not final permanent, after all filters.</summary>
internal sealed class ExpiringFailedState(FailedState failed) : IState
{
    public string Name => failed.Name;

    public string Reason => failed.Reason;

    public bool IsFinal => true;

    public bool IgnoreJobLoadException => failed.IgnoreJobLoadException;

    public Dictionary<string, string> SerializeData() => failed.SerializeData();
}
