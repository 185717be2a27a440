using TxMsg.Server.Hosting.Configuration;

namespace TxMsg.Server.Retention;

/// <summary>Purge what is finished.</summary>
public static class RetentionRegistration
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    /// <summary>Adds the purge.</summary>
    public static IServiceCollection AddRetention(this IServiceCollection services) => services
        .AddValidatedOptions<RetentionOptions>(RetentionOptions.Section, rules => rules
            .Range(options => options.RolledBackAfter, TimeSpan.Zero, Longest)
            .Range(options => options.DeliveredAfter, TimeSpan.Zero, Longest)
            .OptionalRange(options => options.DeadLetteredAfter, TimeSpan.Zero, Longest)
            .Range(options => options.BulkActionsAfter, TimeSpan.Zero, Longest)
            .Range(options => options.SweepInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)))
        .AddSingleton<Purger>()
        .AddSingleton<PurgeTurn>();
}
