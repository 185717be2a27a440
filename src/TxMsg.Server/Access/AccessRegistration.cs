using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;
using TxMsg.Server.Access.KeyRing;
using TxMsg.Server.Access.Keys;
using TxMsg.Server.Access.SignIn;
using TxMsg.Server.Hosting.Configuration;

namespace TxMsg.Server.Access;

/// <summary>Who may call.</summary>
public static class AccessRegistration
{
    /// <summary>Adds keys, the access check, the sign-in and the key ring.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddValidatedOptions<AccessOptions>(AccessOptions.Section, rules => rules
            .Must("AdminKey", "16 to 256 visible ASCII characters, best random", options => options.WrongAdminKey())
            .Must("KeyRingPath", "a folder", options => options.KeyRingPath is { Length: > 0 } path && string.IsNullOrWhiteSpace(path) ? "is white space" : null)
            .Must("TrustedProxies", "CIDR networks such as 10.0.0.0/8, and only in ApiKeys mode", TrustedProxies.Wrong));
        services.AddDataProtection().SetApplicationName("TxMsg");
        services.AddSingleton<KeyRingLocation>().AddSingleton<KeyRingCheck>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => provider.GetRequiredService<KeyRingLocation>());
        services.AddSingleton<ISecretProtector, DataProtectionSecretProtector>();
        services.AddSingleton<KeyRecognizer>().AddSingleton<ApiKeyAdministration>();
        services.AddSingleton<KeyGate>().AddSingleton<OpenPaths>().AddSingleton<PageTokens>().AddSingleton<RefusalLog>().AddSingleton<SignInLimiter>();
        services.AddAuthentication().AddCookie(OperatorCookie.Scheme, OperatorCookie.Configure);
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "txmsg-antiforgery";
            // The dashboard's pages call the API, which is not below their own path.
            options.Cookie.Path = "/";
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        return services;
    }

    /// <summary>Whether this machine alone may call, so that loopback endpoints may be called back.</summary>
    public static bool IsLoopbackMode(this IConfiguration configuration) =>
        configuration[$"{AccessOptions.Section}:{nameof(AccessOptions.Mode)}"] is not { } mode
        || mode.Equals(nameof(AccessMode.Loopback), StringComparison.OrdinalIgnoreCase);

    /// <summary>Checks every request.</summary>
    public static void UseAccess(this IApplicationBuilder app)
    {
        app.UseTrustedProxies(app.ApplicationServices.GetRequiredService<IOptions<AccessOptions>>().Value);
        // The host would otherwise put cookie authentication before every request; the gate asks for it where a request has no key.
        app.Properties["__AuthenticationMiddlewareSet"] = true;
        app.UseMiddleware<AccessMiddleware>();
    }
}
