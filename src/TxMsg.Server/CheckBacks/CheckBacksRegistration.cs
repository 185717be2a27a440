using TxMsg.Server.Hosting.Configuration;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.CheckBacks;

/// <summary>Asking producers about overdue half messages.</summary>
public static class CheckBacksRegistration
{
    /// <summary>Adds check-backs: before the transactions, as a check-back is recorded before the verdict that it brought.</summary>
    public static IServiceCollection AddCheckBacks(this IServiceCollection services) => services
        .AddValidatedOptions<CheckBackOptions>(CheckBackOptions.Section, rules => rules
            .Range(options => options.CheckBackAfter, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(30))
            .Range(options => options.SweepInterval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1))
            .Range(options => options.MinBackoff, TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1))
            .Range(options => options.MaxBackoff, TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(30))
            .Must("MaxBackoff", "no shorter than MinBackoff", options => options.MaxBackoff < options.MinBackoff ? $"is {options.MaxBackoff}" : null)
            .Range(options => options.MaxUnknownAnswers, 1, 10_000)
            .Range(options => options.GiveUpAfter, TimeSpan.FromSeconds(1), TimeSpan.FromDays(365))
            .Range(options => options.Timeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5))
            .Range(options => options.MaxConcurrencyPerProducer, 1, 1_000))
        .AddSingleton<WriteStep, CheckBackRecordStep>()
        .AddSingleton<CheckBackClient>()
        .AddSingleton<ProducerCounters>()
        .AddSingleton<TestCheckBack>()
        .AddSingleton<CheckBackRunner>()
        .AddSingleton<ProducerBreaker>()
        .AddSingleton<CheckBackJobLeases>()
        .AddSingleton<UnansweredParker>()
        .AddSingleton<CheckBackSweeper>()
        .AddSingleton<ProducerCheckBackJob>()
        .AddSingleton<QuestionsByHand>().AddHostedService(provider => provider.GetRequiredService<QuestionsByHand>())
        .AddSingleton<ManualCheckBack>();
}
