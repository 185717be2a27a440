namespace TxMsg.Samples.Shop.Processes;

internal static class RoleNames
{
    public const string Coordinator = "coordinator";
    public const string Orders = "orders";
    public const string Stock = "stock";
    public const string Budget = "budget";
    public const string Points = "points";

    public static readonly string[] Consumers = [Stock, Budget, Points];
    public static readonly string[] Services = [Orders, .. Consumers];
    public static readonly string[] All = [Coordinator, .. Services];
}

/// <summary>What a service's process is told: who it is, and where everything is.</summary>
/// <param name="Name">One of <see cref="RoleNames.Services"/>.</param>
/// <param name="Port">Where it listens, on loopback.</param>
/// <param name="Coordinator">Where the coordinator is.</param>
/// <param name="Folder">Where its database is.</param>
/// <param name="Attempts">A consumer: how often a delivery is tried before it is a dead letter.</param>
internal sealed record RoleOptions(string Name, int Port, Uri Coordinator, string Folder, int Attempts)
{
    /// <summary>The secret comes by the environment: a command line can be read by everyone on the machine.</summary>
    public const string SecretVariable = "SHOP_SECRET";

    public Uri Address => new($"http://127.0.0.1:{Port}");

    public string Secret { get; } = Environment.GetEnvironmentVariable(SecretVariable) ?? "";

    public string[] ToArguments() =>
        ["role", Name, "--port", $"{Port}", "--coordinator", Coordinator.AbsoluteUri, "--data", Folder, "--attempts", $"{Attempts}"];

    public static RoleOptions Read(string[] args)
    {
        var rest = new Queue<string>(args);
        var name = ShopOptions.Value("role", rest);
        if (!RoleNames.Services.Contains(name)) throw new FormatException($"A role is one of {string.Join(", ", RoleNames.Services)}.");
        var role = new RoleOptions(name, 0, new Uri("http://127.0.0.1:5080"), "", 60);
        while (rest.TryDequeue(out var option))
        {
            role = option switch
            {
                "--port" => role with { Port = ShopOptions.Number(option, rest, 1, 65535) },
                "--coordinator" => role with { Coordinator = new Uri(ShopOptions.Value(option, rest)) },
                "--data" => role with { Folder = ShopOptions.Value(option, rest) },
                "--attempts" => role with { Attempts = ShopOptions.Number(option, rest, 1, 100) },
                _ => throw new FormatException($"'{option}' is not an option of a role."),
            };
        }

        if (role.Port == 0 || role.Folder.Length == 0) throw new FormatException("A role needs --port and --data.");
        return role;
    }
}
