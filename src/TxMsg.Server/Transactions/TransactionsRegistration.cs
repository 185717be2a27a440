using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Transactions;

/// <summary>Half messages: prepare, commit, roll back, read.</summary>
public static class TransactionsRegistration
{
    /// <summary>Adds what half messages need.</summary>
    public static IServiceCollection AddTransactions(this IServiceCollection services) => services
        .AddSingleton<HalfMessageCache>()
        .AddSingleton<WriteStep, PrepareStep>()
        .AddSingleton<WriteStep, VerdictStep>()
        .AddSingleton<TransactionCoordinator>()
        .AddSingleton<PrepareService>()
        .AddSingleton<PrepareEndpoint>()
        .AddSingleton<VerdictEndpoint>()
        .AddSingleton<MessageReader>()
        .AddSingleton<TimelineReader>();
}
