using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using TxMsg.Server.Access;

namespace TxMsg.Server.Hosting;

/// <summary>Checks where the server is to listen before it listens: in <c>Loopback</c> mode nobody else may even connect.</summary>
internal sealed class ListenAddresses(IConfiguration configuration) : IValidateOptions<AccessOptions>
{
    private const string Endpoints = "Kestrel:Endpoints";
    private static readonly string[] Schemes = ["http", "https"];

    public ValidateOptionsResult Validate(string? name, AccessOptions options)
    {
        var failures = WrongShapes().ToList();
        foreach (var (key, url) in Configured())
        {
            if (url.AsSpan().Trim().Length != url.Length)
                failures.Add($"{key} has '{url}' with white space around it; it must be addresses such as http://127.0.0.1:5080, separated by semicolons alone.");
            else if (Parse(url) is not { } address)
                failures.Add($"{key} is '{url}'; it must be addresses such as http://127.0.0.1:5080, separated by semicolons.");
            else if (address.Port is < IPEndPoint.MinPort or > IPEndPoint.MaxPort)
                failures.Add($"{key} has {url}, whose port is {address.Port}; it must be from {IPEndPoint.MinPort} to {IPEndPoint.MaxPort}.");
            else if (options.Mode == AccessMode.Loopback && !IsLoopback(address))
                failures.Add($"{key} has {url}, which listens beyond loopback; set TxMsg:Access:Mode=ApiKeys and TxMsg:Access:AdminKey to let others in, or listen on 127.0.0.1.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    // The host passes over them, and listens where nobody meant it to.
    private IEnumerable<string> WrongShapes() => configuration.GetSection("Urls").GetChildren()
        .Select(below => $"{below.Path} is not a known key; Urls has one value, addresses separated by semicolons.")
        .Concat(new[] { "Kestrel", Endpoints, "Kestrel:Certificates" }.Where(section => !string.IsNullOrEmpty(configuration[section]))
            .Select(section => $"{section} has a value of its own; it is a section."));

    private IEnumerable<(string Key, string Url)> Configured()
    {
        var urls = (configuration[WebHostDefaults.ServerUrlsKey] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries);
        var endpoints = configuration.GetSection(Endpoints).GetChildren().Select(endpoint => ($"{endpoint.Path}:Url", endpoint["Url"] ?? "")).ToArray();
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
