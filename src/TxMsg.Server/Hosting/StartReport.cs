using System.Reflection;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using TxMsg.Server.Access;
using TxMsg.Server.Access.SignIn;
using TxMsg.Server.Storage;

namespace TxMsg.Server.Hosting;

/// <summary>Tells on stdout, once the server listens, where it is and what it uses.</summary>
internal sealed class StartReport(IServer server, StoreDatabase database, IOptions<AccessOptions> access)
{
    /// <summary>The version of this build.</summary>
    public static string Version { get; } =
        typeof(StartReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>Prints a few plain lines.</summary>
    public void Print(TextWriter output)
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses.ToArray() ?? [];
        var link = addresses.Length > 0 ? Reachable(addresses[0]) : "";
        output.Write($"""
            TxMsg {Version} listens on {string.Join(", ", addresses)}
              Store:    {Store()}
              Access:   {Access()}
              Admin UI: {link}{SignInEndpoints.DashboardPath}
              API:      {link}/docs

            """);
        output.Flush();
    }

    private string Store() => database.DisplayName.StartsWith(database.Provider.ToString(), StringComparison.OrdinalIgnoreCase)
        ? database.DisplayName
        : $"{database.Provider}: {database.DisplayName}";

    private string Access() => access.Value.Mode == AccessMode.Loopback ? "Loopback: this machine only, no keys" : "ApiKeys: Authorization: Bearer {key}";

    // Where every address is listened on, this machine's name for itself works.
    private static string Reachable(string address) => address.TrimEnd('/')
        .Replace("://[::]", "://localhost", StringComparison.Ordinal).Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal)
        .Replace("://*", "://localhost", StringComparison.Ordinal).Replace("://+", "://localhost", StringComparison.Ordinal);
}
