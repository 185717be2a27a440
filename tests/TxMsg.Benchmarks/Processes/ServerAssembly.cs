using System.Reflection;
using TxMsg.Benchmarks.CommandLine;

namespace TxMsg.Benchmarks.Processes;

/// <summary>Finds the server that was built with this project, in the same configuration.</summary>
internal static class ServerAssembly
{
    public static string Find(string? given)
    {
        var path = given is null ? Built() : Path.GetFullPath(given);
        return File.Exists(path) ? path : throw new UsageException($"There is no server at {path}.");
    }

    private static string Built() =>
        typeof(ServerAssembly).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(metadata => metadata.Key == "ServerAssembly").Value!;
}
