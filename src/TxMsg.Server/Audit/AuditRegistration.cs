namespace TxMsg.Server.Audit;

/// <summary>Who did what, when and why.</summary>
public static class AuditRegistration
{
    /// <summary>Adds the audit.</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services) => services.AddSingleton<AuditReader>();
}
