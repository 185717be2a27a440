using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.DeadLetters;

/// <summary>Exhausted deliveries: inspect, redeliver, discard.</summary>
public static class DeadLettersRegistration
{
    /// <summary>Adds dead letters.</summary>
    public static IServiceCollection AddDeadLetters(this IServiceCollection services) => services
        .AddSingleton<WriteStep, DeadLetterStep>()
        .AddSingleton<WriteStep, RedeliveryStep>()
        .AddSingleton<WriteStep, RetryNowStep>()
        .AddSingleton<RetryNowService>()
        .AddSingleton<DeadLetterGrouper>()
        .AddSingleton<DeadLetterService>();
}
