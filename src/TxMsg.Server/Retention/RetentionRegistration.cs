namespace TxMsg.Server.Retention;

/// <summary>Purge what is finished.</summary>
public static class RetentionRegistration
{
    /// <summary>Adds the purge.</summary>
    public static IServiceCollection AddRetention(this IServiceCollection services) => services.AddSingleton<Purger>();
}
