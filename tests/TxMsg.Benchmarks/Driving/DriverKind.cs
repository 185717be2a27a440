using TxMsg.Benchmarks.CommandLine;

namespace TxMsg.Benchmarks.Driving;

/// <summary>One of the two ways to drive a server. What a driver costs is taken from the cores that the server runs on.</summary>
/// <param name="Name">On the command line and in the report.</param>
/// <param name="Description">What it is and why it is there, for the report.</param>
internal sealed record DriverKind(string Name, string Description)
{
    public static readonly DriverKind Lean = new(
        "lean", "one thread, one epoll, raw sockets, preformatted requests. It takes so little that nothing of the server hides behind it.");

    public static readonly DriverKind Client = new(
        "client", "HttpClient, and a receiver on Kestrel. It is what a machine looks like that runs .NET services beside the server.");

    private static readonly DriverKind[] All = [Lean, Client];

    public static string AllNames => string.Join(',', All.Select(kind => kind.Name));

    public static IReadOnlyList<DriverKind> Chosen(IReadOnlyList<string> names)
    {
        var chosen = names.Distinct().Select(Named).ToList();
        return chosen.Count > 0 ? chosen : throw Unknown("");
    }

    public static DriverKind Named(string name) => All.FirstOrDefault(kind => kind.Name == name) ?? throw Unknown(name);

    private static UsageException Unknown(string name) => new($"--driver takes {AllNames.Replace(",", " or ")}, not '{name}'.");
}
