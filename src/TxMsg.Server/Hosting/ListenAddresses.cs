using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using TxMsg.Server.Access;

namespace TxMsg.Server.Hosting;

/// <summary>Checks where the server is to listen before it listens: in <c>Loopback</c> mode nobody else may even connect.</summary>
internal sealed class ListenAddresses(IConfiguration configuration) : IValidateOptions<AccessOptions>
{
    private static readonly string[] Schemes = ["http", "https"];

    public ValidateOptionsResult Validate(string? name, AccessOptions options)
    {
        var failures = new List<string>();
        foreach (var (key, url) in Configured())
        {
            if (Parse(url) is not { } address)
                failures.Add($"{key} is '{url}'; it must be addresses such as http://127.0.0.1:5080, separated by semicolons.");
            else if (address.Port is < IPEndPoint.MinPort or > IPEndPoint.MaxPort)
                failures.Add($"{key} has {url}, whose port is {address.Port}; it must be from {IPEndPoint.MinPort} to {IPEndPoint.MaxPort}.");
            else if (options.Mode == AccessMode.Loopback && !IsLoopback(address))
                failures.Add($"{key} has {url}, which listens beyond loopback; set TxMsg:Access:Mode=ApiKeys and TxMsg:Access:AdminKey to let others in, or listen on 127.0.0.1.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private IEnumerable<(string Key, string Url)> Configured()
    {
        var urls = (configuration[WebHostDefaults.ServerUrlsKey] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => ($"{endpoint.Path}:Url", endpoint["Url"] ?? "")).ToArray();
        return endpoints.Length > 0 ? endpoints : urls.DefaultIfEmpty("").Select(url => ("Urls", url));
    }

    private static BindingAddress? Parse(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return Schemes.Contains(address.Scheme, StringComparer.OrdinalIgnoreCase) && address.PathBase.Length == 0 ? address : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    // Kestrel listens everywhere for any name that it does not know.
    private static bool IsLoopback(BindingAddress address) => !address.IsUnixPipe && !address.IsNamedPipe && LoopbackGate.IsLoopbackHost(address.Host);
}
