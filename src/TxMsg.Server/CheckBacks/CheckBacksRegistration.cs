using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.CheckBacks;

/// <summary>Asking producers about overdue half messages.</summary>
public static class CheckBacksRegistration
{
    /// <summary>Adds check-backs: before the transactions, as a check-back is recorded before the verdict that it brought.</summary>
    public static IServiceCollection AddCheckBacks(this IServiceCollection services) => services
        .AddSingleton<WriteStep, CheckBackRecordStep>()
        .AddSingleton<CheckBackClient>()
        .AddSingleton<CheckBackRunner>()
        .AddSingleton<ProducerBreaker>()
        .AddSingleton<CheckBackSweeper>()
        .AddSingleton<ProducerCheckBackJob>()
        .AddSingleton<ManualCheckBack>();
}
