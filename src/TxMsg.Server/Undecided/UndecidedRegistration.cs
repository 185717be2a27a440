namespace TxMsg.Server.Undecided;

/// <summary>What waits for a verdict: for those who have to look after it.</summary>
public static class UndecidedRegistration
{
    /// <summary>Adds reading of undecided messages.</summary>
    public static IServiceCollection AddUndecided(this IServiceCollection services) => services.AddSingleton<UndecidedReader>();
}
