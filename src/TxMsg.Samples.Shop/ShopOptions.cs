using System.Globalization;
using TxMsg.Samples.Shop.Processes;

namespace TxMsg.Samples.Shop;

internal enum ShopCommand
{
    Help,
    Show,
    Load,
    Role,
    Guard,
    Reconcile,
}

/// <summary>The command line.</summary>
internal sealed record ShopOptions(ShopCommand Command)
{
    public const string Usage = """
        The shop: an order, and the stock, budget and points that follow it by message.

          shop                            six scenes: what can go wrong, and what becomes of it
          shop --orders N [--chaos SEED]  places N orders; with a seed, kills processes meanwhile
          shop reconcile --data FOLDER    compares the four databases of a run that was kept

        Options:
          --orders N     how many orders: 1 to 1,000,000 (with --chaos alone: 1,000)
          --chaos SEED   SIGKILL to every process again and again, in an order that the seed decides
          --data FOLDER  keeps databases and logs there; the folder is made, and must be empty. Default: a temporary one, removed
          --plain        lines instead of a live table; always so when the output is redirected
          --server DLL   the coordinator to start. Default: the one that was built with the shop
          --help         this text

        Exit codes: 0 as it should be; 1 a difference, or a scene that went wrong; 2 a wrong command line; 130 interrupted.
        """;

    public int Orders { get; init; } = 1_000;

    public int? ChaosSeed { get; init; }

    public string? Folder { get; init; }

    public bool Plain { get; init; }

    public string? ServerDll { get; init; }

    public RoleOptions? Role { get; init; }

    /// <summary>The command that a guard runs.</summary>
    public IReadOnlyList<string> Guarded { get; init; } = [];

    /// <summary>The options, or what is wrong with them.</summary>
    public static (ShopOptions? Options, string? Problem) Parse(string[] args)
    {
        try
        {
            return (Read(args), null);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            return (null, exception.Message);
        }
    }

    private static ShopOptions Read(string[] args)
    {
        if (args.Any(argument => argument is "--help" or "-h" or "-?")) return new ShopOptions(ShopCommand.Help);
        switch (args.FirstOrDefault())
        {
            case "guard": return new ShopOptions(ShopCommand.Guard) { Guarded = args.Skip(1).ToArray() };
            case "role": return new ShopOptions(ShopCommand.Role) { Role = RoleOptions.Read(args.Skip(1).ToArray()) };
        }

        var reconcile = args.FirstOrDefault() == "reconcile";
        var options = new ShopOptions(reconcile ? ShopCommand.Reconcile : ShopCommand.Show);
        var rest = new Queue<string>(reconcile ? args.Skip(1) : args);
        while (rest.TryDequeue(out var name))
        {
            options = name switch
            {
                "--orders" => options with { Command = ShopCommand.Load, Orders = Number(name, rest, 1, 1_000_000) },
                "--chaos" => options with { Command = ShopCommand.Load, ChaosSeed = Number(name, rest, 0, int.MaxValue) },
                "--data" => options with { Folder = Path.GetFullPath(Value(name, rest)) },
                "--plain" => options with { Plain = true },
                "--server" => options with { ServerDll = Path.GetFullPath(Value(name, rest)) },
                _ => throw new FormatException($"'{name}' is not an option."),
            };
        }

        if (!reconcile) return options;
        if (options.Command != ShopCommand.Reconcile || options.Folder is null) throw new FormatException("reconcile takes --data FOLDER, and nothing else.");
        return options;
    }

    internal static string Value(string name, Queue<string> rest) =>
        rest.TryDequeue(out var value) ? value : throw new FormatException($"{name} needs a value.");

    internal static int Number(string name, Queue<string> rest, int least, int most) =>
        int.TryParse(Value(name, rest), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException($"{name} takes a number from {least} to {most}.");
}
